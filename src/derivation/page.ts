/** A derivation as a page without scripts. */

import { html } from '../report/html.ts';
import { page } from '../report/page.ts';
import type { Part } from './document.ts';
import { partMarkup } from './markup.ts';

export const derivationPage = (model: string, parts: readonly Part[]): string =>
  page(`${model}: derivation`, html`${parts.map(partMarkup)}`);
