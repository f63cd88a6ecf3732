/** What the tests of the command line share: running it as a process of its own, and folders to run it in. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const bin = join(repository, 'src', 'cli', 'bin.mjs');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const modified = (path: string): number =>
  statSync(join(repository, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The build starts twice as fast, but only one that is not older than the sources is what is to be tested. */
function isBuilt(): boolean {
  const built = modified(join('dist', '.tsbuildinfo'));
  const filesOf = (folder: string): readonly string[] =>
    readdirSync(join(repository, folder), { encoding: 'utf8', recursive: true }).map((f) => join(folder, f));
  const sources = ['src', 'ir', 'passes', 'codegen'].flatMap(filesOf);
  return modified(join('dist', 'src', 'cli', 'main.js')) > 0 && sources.every((f) => modified(f) <= built);
}

export const environment = {
  ...process.env,
  CHAINRULE_FROM_SOURCE: isBuilt() ? '0' : '1',
  NO_COLOR: '1',
};

/** Starts `chainrule` with `words`; `more` is set in its environment. */
export function start(
  words: readonly string[],
  cwd: string = repository,
  more: NodeJS.ProcessEnv = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [bin, ...words], { cwd, env: { ...environment, ...more } });
}

/** What a started process prints, and how it ends. */
export function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}

export const chainrule = (...words: readonly string[]): Promise<Finished> => finished(start(words));

/** The path of a model of these tests, as it is given on the command line. */
export const model = (name: string): string => `tests/cli/models/${name}.ts`;

/** A new empty folder, removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The objects of an output of one JSON object per line. */
export function jsonLines(text: string): readonly { readonly [key: string]: unknown }[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
