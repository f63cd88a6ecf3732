/**
 * What the compiler is made of: no equation, rule, pass, gradient rule or expansion can go, come or move unnoticed.
 * `UPDATE_GOLDEN=1 npx vitest run tests/properties/manifest` writes the list anew.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isDerived, isHostFunction } from '../../ir/expansions.ts';
import { opNames, ops } from '../../ir/ops/index.ts';
import { simplifyEquations, simplifyRules } from '../../passes/equations/index.ts';
import { stability } from '../../passes/equations/stability.ts';
import { passNames } from '../../src/pipeline.ts';

const tagged = ({ name, exactness }: { readonly name: string; readonly exactness: string }): string =>
  `${name}  (${exactness})`;

const expanded = (float: 'f32' | 'f64'): readonly string[] =>
  opNames.filter((name) => isDerived(name) && !isHostFunction(name, float));

/** In the order in which they are tried or run. */
const parts: { readonly [title: string]: readonly string[] } = {
  passes: passNames,
  equations: simplifyEquations.map(tagged),
  rules: simplifyRules.map(tagged),
  'stable forms': stability.map(tagged),
  'gradient rules': opNames.filter((name) => ops[name].grad !== null),
  'expansions in f32': expanded('f32'),
  'expansions in f64': expanded('f64'),
};

const file = new URL('./manifest.txt', import.meta.url);

if (process.env.UPDATE_GOLDEN === '1') {
  const sections = Object.entries(parts).map(([title, names]) => [title, ...names.map((n) => `  ${n}`)]);
  writeFileSync(file, `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

/** The names below each title. */
const listed = new Map(
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n\n')
    .map((section) => {
      const [title = '', ...names] = section.split('\n');
      return [title, names.map((name) => name.trim())] as const;
    }),
);

test.each(Object.entries(parts))('the compiler has exactly the %s of the list', (title, names) => {
  expect(names).toEqual(listed.get(title));
});

test('the list has nothing else', () => {
  expect([...listed.keys()]).toEqual(Object.keys(parts));
});
