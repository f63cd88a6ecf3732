/** Files that exist only while pages are made: models that are texts on a page, and what is run with them. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Model } from '../../src/dsl/model.ts';
import { loadModel } from '../../src/load-model.ts';

export interface Scratch {
  readonly folder: string;
  /** Writes a file and gives its path. */
  readonly write: (name: string, contents: string | Uint8Array) => string;
  readonly load: (name: string, text: string) => Promise<Model>;
  /** A text of the compiler or a command, with the names of files as whoever reads the page would see them. */
  readonly plain: (text: string) => string;
}

/** The folder is gone when `body` is through. */
export async function withScratch<T>(body: (scratch: Scratch) => Promise<T>): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'chainrule-docs-')));
  const write = (name: string, contents: string | Uint8Array): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
    return file;
  };
  const folders = [folder, relative(process.cwd(), folder)].flatMap((path) => [
    path,
    path.replaceAll('\\', '/'),
  ]);
  try {
    return await body({
      folder,
      write,
      load: (name, text) => loadModel(write(name, text)),
      plain: (text) => folders.reduce((rest, path) => withoutFolder(rest, path), text),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const withoutFolder = (text: string, folder: string): string =>
  ['/', '\\'].reduce((rest, separator) => rest.replaceAll(`${folder}${separator}`, ''), text);
