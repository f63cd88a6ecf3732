/** The sources, for pages that tell what stands in them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { byText } from './markdown.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The text of a file, by its path from the root; line ends are those of a checkout on any system. */
export const read = (path: string): string =>
  readFileSync(join(repository, path), 'utf8').replaceAll('\r\n', '\n');

export const exists = (path: string): boolean => existsSync(join(repository, path));

/** Files below a folder whose names end in `.ts`, as paths from the root. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort(byText);

/** The comment that a file opens with. */
export function purposeOf(path: string): string {
  const [, comment = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(read(path)) ?? [];
  return unstarred(comment);
}

/** A comment without its stars. */
export const unstarred = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
