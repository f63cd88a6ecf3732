/** Writes the pages of docs/ from the sources: `npm run docs`. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makePages } from './pages.ts';
import { repository } from './sources.ts';

const usage = `npm run docs

Writes docs/README.md, ops.md, passes.md, equations.md, errors.md, api/ and tutorial/ from the sources, which have to
compile. Same sources, same bytes; a test holds the pages to them.`;

export async function main(words: readonly string[]): Promise<void> {
  if (words.length > 0) {
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  const pages = await makePages();
  for (const { path, text } of pages) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  console.log(`wrote ${pages.length} pages below docs/`);
}
