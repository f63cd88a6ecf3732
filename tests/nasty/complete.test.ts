/** Every case of the list has at least one test that is called by its number. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { publishCounts } from '../counts.ts';

const folder = new URL('./', import.meta.url);

/** The whole list. */
const wanted = Array.from({ length: 50 }, (_, i) => i + 1);

const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts') && file !== 'complete.test.ts');

/** What happens to checkpoints is tested beside them. */
const others = readdirSync(new URL('../checkpoint/', folder)).flatMap((file) =>
  file.endsWith('.test.ts') ? [`../checkpoint/${file}`] : [],
);

/** The numbers of the titles in a file: the first argument of a test, or of what `each` gives, is a text. */
const casesIn = (file: string): readonly number[] =>
  [...readFileSync(new URL(file, folder), 'utf8').matchAll(/\(\s*(['"`])case (\d+): \S/g)].map((match) =>
    Number(match[2]),
  );

const found = [...files, ...others].flatMap(casesIn);

it('every case has a test with its number in the title, and no title has a number that is not in the list', () => {
  expect([...new Set(found)].sort((a, b) => a - b)).toEqual(wanted);
});

it('every test of the folder begins with its case', () => {
  for (const file of files) {
    const titles = [...readFileSync(new URL(file, folder), 'utf8').matchAll(/\b(?:it|test)(?:\.each)?[(<]/g)];
    expect(casesIn(file).length, file).toBe(titles.length);
  }
});

it('publishes how many there are', () => {
  publishCounts('nasty cases', { cases: new Set(found).size, tests: found.length });
  expect(found.length).toBeGreaterThan(wanted.length);
});
