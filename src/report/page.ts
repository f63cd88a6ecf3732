/** The frame of a page: one file that asks nothing of any network, and is kept from doing so. */

import { createHash } from 'node:crypto';
import { html, type Markup, trusted } from './html.ts';
import { styleSheet } from './style.ts';

/** What a policy names a script or a style sheet by. */
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A page without scripts. */
export const page = (title: string, content: Markup): string =>
  framed(
    title,
    styleSheet,
    html`<main>
${content}
</main>`,
  );

/** The browser refuses all but this very style sheet, pictures that are in the page, and this very `script` if there is one. */
export function framed(title: string, style: string, body: Markup, script?: string): string {
  const scripts = script === undefined ? '' : ` script-src ${hashOf(script)};`;
  const policy = `default-src 'none';${scripts} style-src ${hashOf(style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="generator" content="chainrule">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.markup;
}
