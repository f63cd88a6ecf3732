/** Other hosts than the one that runs the tests, installed beside this file when they are not there. */

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const modified = (file: string): number => statSync(pathOf(file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Why there are no other hosts; empty where there are. */
export function install(): string {
  if (modified('node_modules/.package-lock.json') >= modified('package-lock.json')) return '';
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], {
    cwd: pathOf('.'),
    stdio: 'ignore',
    timeout: 240_000,
    shell: process.platform === 'win32',
  });
  return status === 0
    ? ''
    : ` (left out: npm could not install them${error === undefined ? '' : `: ${error.message}`})`;
}

/** A program that runs JavaScript, with the words before that of the file. */
export interface Host {
  readonly name: string;
  readonly command: string;
  readonly words: readonly string[];
}

const others: readonly Host[] = [
  { name: 'Node.js 22', command: pathOf('node_modules/node-22/bin/node'), words: [] },
  { name: 'Node.js 24', command: pathOf('node_modules/node-24/bin/node'), words: [] },
  {
    name: 'Deno',
    command: pathOf('node_modules/@deno/linux-x64-glibc/deno'),
    words: ['run', '--allow-read', '--no-lock'],
  },
  { name: 'Bun', command: pathOf('node_modules/@oven/bun-linux-x64/bin/bun'), words: ['run'] },
];

/** This host, and all others that are made for this system. */
export const hosts = (): readonly Host[] => [
  { name: `Node.js ${process.versions.node}`, command: process.execPath, words: [] },
  ...others.filter(({ command }) => existsSync(command)),
];

export const binary = (name: string): string => pathOf(`node_modules/.bin/${name}`);
