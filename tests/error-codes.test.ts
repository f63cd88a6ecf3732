/** Every code that a user can be told is one that a test sees, and there are no words for what nothing throws. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { errors, warnings } from '../ir/errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The text of all TypeScript files in folders, by path. */
const readAll = (...folders: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    folders
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
          (name) => `${folder}/${name.replaceAll('\\', '/')}`,
        ),
      )
      .filter((path) => path.endsWith('.ts') && path !== 'tests/error-codes.test.ts')
      .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const),
  );

const sources = readAll('ir', 'passes', 'codegen', 'src');
/** In patterns a slash is escaped. */
const tests = [...readAll('tests')]
  .filter(([path]) => path.endsWith('.test.ts') || path.startsWith('tests/systems/'))
  .map(([, text]) => text.replaceAll('\\/', '/'));

const codesIn = (path: string): readonly string[] => [
  ...new Set((sources.get(path) ?? '').match(/(?<=')[a-z]+\/[a-z-]+(?=')/g)),
];

describe('each code of', () => {
  it.each(['ir/errors.ts', 'src/runtime/errors.ts', 'src/load-model.ts'])('%s is seen by a test', (path) => {
    const codes = codesIn(path);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !tests.some((text) => text.includes(code)))).toEqual([]);
  });

  it('src/runtime/errors.ts is given to something', () => {
    const others = [...sources].filter(([path]) => path !== 'src/runtime/errors.ts');
    const given = (code: string): boolean =>
      others.some(([, text]) => text.split('\n').some((line) => line.includes(`'${code}'`)));
    expect(codesIn('src/runtime/errors.ts').filter((code) => !given(code))).toEqual([]);
  });
});

it.each([
  ['errors', Object.keys(errors)],
  ['warnings', Object.keys(warnings)],
])('each of the %s is made somewhere', (kind, names) => {
  const text = [...sources.values()].join('\n');
  expect(names.filter((name) => !new RegExp(`\\b${kind}\\.${name}\\b`).test(text))).toEqual([]);
});
