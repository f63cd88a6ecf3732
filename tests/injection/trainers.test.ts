/** Whatever things are called, the trainer that is emitted has one form, one result, and is written in ASCII. */

import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { plainLines } from '../../src/cli/plain.ts';
import type { Compiled } from '../../src/compile.ts';
import { explainSchedule } from '../../src/explain-schedule.ts';
import { publishCounts } from '../counts.ts';
import { compiled, harmlessLike, type Names, namesFrom, namesPerModel, numbersOf } from './named.ts';
import { groupsOf, hostileNames, limit, unsafeIn } from './names.ts';
import { assertNoNewGlobals, assertNoPoisoning } from './poisoning.ts';
import { beyondAscii, difference, formOf, syntaxErrors } from './syntax.ts';
import { exportsIn, watForm } from './wat.ts';

const names = hostileNames();
const spare = (kind: string, i: number): string => `spare ${kind} ${i}`;
const models = groupsOf(names, namesPerModel).map((group) => namesFrom(group, spare));
const counted = new Map<string, number>();

vi.setConfig({ testTimeout: limit });

afterEach(() => {
  assertNoPoisoning();
  assertNoNewGlobals();
});
afterAll(() => publishCounts('injection', { names: names.length, ...Object.fromEntries(counted) }));

/** What is made once for all models whose results lie in the same order. */
function once<T>(make: (harmless: Names) => Promise<T>): (names: Names) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (like) => {
    const harmless = harmlessLike(like);
    const key = JSON.stringify(harmless);
    const made = known.get(key) ?? make(harmless);
    known.set(key, made);
    return made;
  };
}

/** How many lines people are shown: a name that made one more could say anything in it. */
const linesIn = (text: string): number => text.split('\n').length;
const shownBy = ({ listing = '', loops }: Compiled): readonly string[] => [
  plainLines(listing),
  plainLines(explainSchedule(loops)),
];

function expectOneForm(code: string, expected: string, names: Names): void {
  expect(beyondAscii(code)).toBeUndefined();
  expect(syntaxErrors(code)).toEqual([]);
  expect(difference(formOf(code), expected), JSON.stringify(names)).toBeUndefined();
}

function expectShown(made: Compiled, expected: readonly number[], names: Names): void {
  const texts = shownBy(made);
  expect(texts.map(unsafeIn)).toEqual([undefined, undefined]);
  expect(texts.map(linesIn), JSON.stringify(names)).toEqual(expected);
}

it('in TypeScript, and the listing and the explanation of its loops', async () => {
  const plain = once(async (harmless) => {
    const made = await compiled(harmless, { printAfter: 'plan-memory' });
    const numbers = await numbersOf(made.code, harmless);
    return { form: formOf(made.code), lines: shownBy(made).map(linesIn), numbers };
  });
  for (const each of models) {
    const made = await compiled(each, { printAfter: 'plan-memory' });
    const expected = await plain(each);
    expectOneForm(made.code, expected.form, each);
    expectShown(made, expected.lines, each);
    expect(await numbersOf(made.code, each)).toEqual(expected.numbers);
  }
  counted.set('TypeScript', names.length);
  counted.set('explanations', names.length);
});

it('in WebAssembly, whose bytes are the same, as its text, and the listing of its graph', async () => {
  const options = { target: 'wasm', printAfter: 'materialize' } as const;
  const plain = once(async (harmless) => {
    const made = await compiled(harmless, options);
    const text = made.wat?.() ?? '';
    const numbers = await numbersOf(made.code, harmless);
    const seen = { wat: watForm(text), exports: exportsIn(text).join(), lines: shownBy(made).map(linesIn) };
    return { form: formOf(made.code), bytes: Buffer.from(made.wasm ?? []), ...seen, numbers };
  });
  let equal = 0;
  for (const each of models) {
    const made = await compiled(each, options);
    const expected = await plain(each);
    const text = made.wat?.() ?? '';
    expectOneForm(made.code, expected.form, each);
    expectShown(made, expected.lines, each);
    expect(beyondAscii(text)).toBeUndefined();
    expect(difference(watForm(text), expected.wat), JSON.stringify(each)).toBeUndefined();
    // The names of functions are the only ones in the bytes, and a function gives way to a variable of its name.
    const sameNames = exportsIn(text).join() === expected.exports;
    if (sameNames) expect(Buffer.compare(Buffer.from(made.wasm ?? []), expected.bytes)).toBe(0);
    equal += Number(sameNames);
    expect(await numbersOf(made.code, each)).toEqual(expected.numbers);
  }
  expect(equal).toBeGreaterThan(0.9 * models.length);
  counted.set('WebAssembly', names.length);
  counted.set('listings', 2 * names.length);
});

it('in WebAssembly for several threads', async () => {
  const threads = { target: 'wasm', threads: 3 } as const;
  const plain = once(async (harmless) => {
    const { code, wat } = await compiled(harmless, threads);
    return { form: formOf(code), wat: watForm(wat?.() ?? '') };
  });
  const some = models.filter((_, i) => i % 5 === 0);
  for (const each of some) {
    const { code, wat } = await compiled(each, threads);
    const expected = await plain(each);
    expectOneForm(code, expected.form, each);
    expect(difference(watForm(wat?.() ?? ''), expected.wat), JSON.stringify(each)).toBeUndefined();
  }
  counted.set('threads', some.length * namesPerModel);
});
