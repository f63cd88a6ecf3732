/** What is looked at before a package is published, and that each look finds what it is there for. */

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { repository } from '../cli/run.ts';
import { node, temporaryFolder } from './children.ts';

const files = [
  'package.json',
  'package-lock.json',
  'bench/rivals/package.json',
  'bench/rivals/package-lock.json',
];
const script = pathToFileURL(join(repository, '.ci', 'supply-chain.mjs')).href;

/** What the checks of the lists of packages find in a copy of ours, one of whose files is changed. */
async function findings(file?: string, change: (text: string) => string = (text) => text) {
  const folder = temporaryFolder();
  for (const each of files) {
    mkdirSync(dirname(join(folder, each)), { recursive: true });
    cpSync(join(repository, each), join(folder, each));
  }
  if (file !== undefined) {
    const text = readFileSync(join(folder, file), 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(join(folder, file), change(text));
  }
  const program = `import { staticChecks } from ${JSON.stringify(script)};
    console.log(JSON.stringify(staticChecks(${JSON.stringify(folder)}).map(([, find]) => find())));`;
  const found: readonly (readonly string[])[] = JSON.parse(
    await node(['--input-type=module', '--eval', program]),
  );
  return found;
}

it('is in order', async () => {
  expect(await findings()).toEqual([[], [], []]);
});

it.each([
  ['a range', 'package.json', '"cac": "7.1.0"', '"cac": "^7.1.0"'],
  ['a tag', 'package.json', '"cac": "7.1.0"', '"cac": "latest"'],
  ['an address', 'package.json', '"cac": "7.1.0"', '"cac": "github:cacjs/cac"'],
  ['any version', 'bench/rivals/package.json', '"convnetjs": "0.3.0"', '"convnetjs": "*"'],
])('%s in place of a version is found', async (_, file, from, to) => {
  const [versions] = await findings(file, (text) => text.replace(from, to));
  expect(versions).toHaveLength(1);
  expect(versions?.[0]).toMatch(`${file}: dependencies: `);
});

it.each([
  ['no hash', /"integrity": "sha512-[^"]*",\n/, ''],
  ['a short hash', /"integrity": "sha512-[^"]*"/, '"integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="'],
  [
    'an address elsewhere',
    /"integrity": "sha512/,
    '"resolved": "https://example.org/x.tgz", "integrity": "sha512',
  ],
])('a package with %s is found', async (_, from, to) => {
  for (const file of ['package-lock.json', 'bench/rivals/package-lock.json']) {
    const [, packages] = await findings(file, (text) => text.replace(from, to));
    expect(packages, file).toHaveLength(1);
  }
});

it('a package that would run a script when it is installed is found', async () => {
  const [, , scripts] = await findings('package-lock.json', (text) =>
    text.replace('"integrity"', '"hasInstallScript": true, "integrity"'),
  );
  expect(scripts).toEqual([expect.stringMatching(/has a script that runs when it is installed$/)]);
});
