/** An inspection as a page: one file with everything in it, that asks nothing of any network and is kept from doing so. */

import { html, trusted } from '../report/html.ts';
import { framed } from '../report/page.ts';
import type { Inspection } from './inspection.ts';

/** What shows inspections in a browser: a script, which is no module, and its style sheet. */
export interface Viewer {
  readonly script: string;
  readonly style: string;
  /** Of the libraries in the script. */
  readonly licenses: string;
}

export function inspectionPage(inspection: Inspection, { script, style, licenses }: Viewer): string {
  // In an element of data nothing ends the element but its end tag, and `<` need not stand in JSON.
  const data = JSON.stringify(inspection).replaceAll('<', '\\u003c');
  const body = html`<div id="inspector"></div>
<noscript>This page needs JavaScript to show what is in it.</noscript>
<script type="application/json" id="inspection">${trusted(data)}</script>
<script>${trusted(script)}</script>
<script type="text/markdown" id="licenses">${trusted(licenses.replaceAll('<', '&lt;'))}</script>`;
  return framed(`${inspection.model}: inspected`, style, body, script);
}
