/** The frame of a page: one file without scripts that asks nothing of any network, and is kept from doing so. */

import { createHash } from 'node:crypto';
import { html, type Markup, trusted } from './html.ts';
import { styleSheet } from './style.ts';

/** The browser refuses all but this very style sheet and pictures that are in the page. */
function policy(): string {
  const hash = createHash('sha256').update(styleSheet).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

export function page(title: string, content: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy())}">
<meta name="generator" content="chainrule">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`.markup;
}
