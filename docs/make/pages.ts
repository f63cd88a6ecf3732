/** All pages that are made from the sources. */

import { apiPages } from './api.ts';
import { equationsPage } from './equations.ts';
import { errorsPage } from './errors.ts';
import { mapPage } from './map.ts';
import type { Page } from './markdown.ts';
import { opsPage } from './ops.ts';
import { passesPage } from './passes.ts';
import { tutorialPages } from './tutorial.ts';

export async function makePages(): Promise<readonly Page[]> {
  return [
    mapPage(),
    ...(await tutorialPages()),
    opsPage(),
    await passesPage(),
    equationsPage(),
    await errorsPage(),
    ...apiPages(),
  ];
}
