/** Words of a megabyte and calls of many words are answered in time: nothing takes the square of their length. */

import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { isFailure } from '../../src/cli/failure.ts';
import { parse } from '../../src/cli/parser.ts';
import { parseDecimal } from '../../src/data/numbers.ts';
import { parseDataSpec } from '../../src/data/spec.ts';
import { InputError } from '../../src/runtime/errors.ts';

const long = 'a'.repeat(1_000_000);
const digits = '1'.repeat(1_000_000);
const many = Array.from({ length: 100_000 }, (_, i) => `${i}.ts`);

const specs: readonly (readonly [string, string])[] = [
  ['an unknown set', long],
  ['an unknown option', `moons?${long}=1`],
  ['a number of digits and a letter', `moons?count=${digits}x`],
  ['a value of percent signs', `csv:f?label=${'%'.repeat(1_000_000)}`],
  ['a million options', `moons?${'&'.repeat(1_000_000)}`],
  ['a path of question marks', `moons:${'?'.repeat(1_000_000)}`],
];

const calls: readonly (readonly [string, readonly string[]])[] = [
  ['an unknown command', [long]],
  ['an unknown option', ['train', 'm.ts', `--${long}`]],
  ['an option of dashes', ['train', 'm.ts', '-'.repeat(1_000_000)]],
  ['100,000 files', ['train', ...many]],
  ['100,000 files after the options', ['train', '--', ...many]],
  ['an option between 100,000 files', ['train', ...many, '--json', ...many, '--json']],
];

/** What is thrown, within a second for each megabyte; where others keep the machine busy, at the second try or third. */
function refusal(run: () => unknown): unknown {
  const tries = [1, 2, 3].map(() => {
    const begin = performance.now();
    try {
      run();
    } catch (thrown) {
      return { thrown, took: performance.now() - begin };
    }
    throw new Error('nothing was refused');
  });
  expect(Math.min(...tries.map(({ took }) => took))).toBeLessThan(1000);
  return tries[0]?.thrown;
}

describe('a megabyte of', () => {
  it.each(specs)('a data spec is refused in time: %s', (_, spec) => {
    const thrown = refusal(() => parseDataSpec(spec));
    expect(thrown).toBeInstanceOf(InputError);
    expect(thrown).toMatchObject({ code: expect.stringMatching(/^data\/(unknown-set|bad-option)$/) });
  });

  it.each(calls)('words is refused in time: %s', (_, words) => {
    const thrown = refusal(() => parse(commands, words, { version: '0' }));
    expect(isFailure(thrown)).toBe(true);
    expect(thrown).toMatchObject({ code: 'usage', exitCode: 2 });
  });

  it('digits is no number that is finite, and none at all with a letter', () => {
    expect(parseDecimal(digits)).toBeUndefined();
    expect(parseDecimal(`0.${digits}`)).toBe(1 / 9);
    expect(parseDecimal(`${digits}x`)).toBeUndefined();
  });
});
