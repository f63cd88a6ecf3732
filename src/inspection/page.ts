/** An inspection as a page: one file with everything in it, that asks nothing of any network and is kept from doing so. */

import { createHash } from 'node:crypto';
import { html, trusted } from '../report/html.ts';
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
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy(script, style))}">
<meta name="generator" content="chainrule">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${inspection.model}: inspected</title>
<style>${trusted(style)}</style>
</head>
<body>
<div id="inspector"></div>
<noscript>This page needs JavaScript to show what is in it.</noscript>
<script type="application/json" id="inspection">${trusted(data)}</script>
<script>${trusted(script)}</script>
<script type="text/markdown" id="licenses">${trusted(licenses.replaceAll('<', '&lt;'))}</script>
</body>
</html>
`.markup;
}

/** The browser runs this very script and refuses any other. */
function policy(script: string, style: string): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
}
