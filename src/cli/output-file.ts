/** Files that a command writes: whole or not at all, where it was told to, and never over a file of the user's. */

import { randomUUID } from 'node:crypto';
import { closeSync, lstatSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeDurably } from '../checkpoint/durable-write.ts';
import { nodeFiles } from '../checkpoint/file-port.ts';
import { reasonOf } from '../data/files.ts';
import { outputExists, writeError } from './failure.ts';
import { makeFolder } from './files.ts';
import { shortPath } from './output.ts';

/** What each kind of file that is ours has at its beginning, or, where that has to be something else, at its end. */
const marks = [
  'compiled by chainrule. Change the model, not this file.',
  'Written by chainrule',
  'name="generator" content="chainrule"',
  '"format":"chainrule',
];

/** A section of WebAssembly that everything passes over: 0, its length, the length of its name, and a name that is the mark. */
export function withMark(wasm: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode('Written by chainrule');
  const section = [0, name.length + 1, name.length, ...name];
  const marked = new Uint8Array(wasm.length + section.length);
  marked.set(wasm);
  marked.set(section, wasm.length);
  return marked;
}

/**
 * Refuses a path that would cost the user something: `output/exists` for a file that chainrule has not written, and for a link,
 * which leads elsewhere. To be called before the work whose result is to be written.
 */
export function checkOutput(path: string, force: boolean): void {
  const { link, target } = attempt(path, 'looked at', () => ({
    link: lstatSync(path, { throwIfNoEntry: false }),
    target: statSync(path, { throwIfNoEntry: false }),
  }));
  if (link === undefined) return;
  if (target?.isDirectory()) throw writeError(`${shortPath(path)} is a folder.`, 'Name a file.');
  if (force || (target !== undefined && !target.isFile())) return;
  if (link.isSymbolicLink()) throw outputExists(`${shortPath(path)} is a link to another file`);
  if (!attempt(path, 'looked at', () => isOurs(path)))
    throw outputExists(`${shortPath(path)} exists and was not written by chainrule`);
}

/** Writes a file as `checkOutput` allows; its folder is made when it is missing. A device or a pipe is written to as it is. */
export function writeOutput(path: string, content: string | Uint8Array, force: boolean): void {
  makeFolder(dirname(resolve(path)));
  checkOutput(path, force);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  attempt(path, 'written', () => {
    const target = statSync(path, { throwIfNoEntry: false });
    if (target === undefined || target.isFile()) writeDurably(nodeFiles, resolve(path), bytes, randomUUID());
    else writeFileSync(path, bytes);
  });
}

function attempt<T>(path: string, what: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw writeError(`${shortPath(path)} cannot be ${what}: ${reasonOf(thrown)}.`, 'Choose another place.');
  }
}

const [head, tail] = [1024, 64];

/** Whether the file has a mark where ours have one. An empty file is nobody's loss. */
function isOurs(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const { size } = statSync(path);
    const bytes = Buffer.alloc(head + tail);
    readSync(file, bytes, 0, head, 0);
    readSync(file, bytes, head, tail, Math.max(0, size - tail));
    const text = bytes.toString('latin1');
    return size === 0 || marks.some((mark) => text.includes(mark));
  } finally {
    closeSync(file);
  }
}
