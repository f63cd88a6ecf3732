/** The page of `chainrule inspect`: reads the inspection that is in it, and shows it. */

import { render } from 'preact';
import type { Inspection } from '../inspection/inspection.ts';
import { PageHeader } from './header.tsx';
import { Inspector } from './inspector.tsx';

const data = document.getElementById('inspection')?.textContent;
const place = document.getElementById('inspector');

if (typeof data === 'string' && place !== null) {
  const inspection: Inspection = JSON.parse(data);
  render(
    <>
      <PageHeader inspection={inspection} />
      <main>
        <Inspector inspection={inspection} />
      </main>
    </>,
    place,
  );
}
