/** Every diagnostic of the compiler, word for word as committed. */

import { expect, it } from 'vitest';
import { CompileError, type Diagnostic, errors, showDiagnostic, warnings } from '../../ir/errors.ts';
import { expectGolden } from './modules.ts';

const { metricUnknown, unknownPass, ...others } = errors;
const lists = { metricUnknown, unknownPass };

/** What a factory makes of words that stand for what it is about. */
function made(make: unknown, ...words: readonly unknown[]): Diagnostic {
  if (typeof make !== 'function') throw new Error('there is no such diagnostic');
  const result: CompileError | Diagnostic = Reflect.apply(make, undefined, words);
  return result instanceof CompileError ? result.diagnostic : result;
}

it('each diagnostic says what is wrong and what to do, as committed', () => {
  const single = Object.entries({ ...others, ...warnings }).map(([name, make]) => {
    const words = Array.from({ length: make.length }, (_, i) => `<${i + 1}>`);
    return `${name}\n${showDiagnostic(made(make, ...words))}`;
  });
  const listing = Object.entries(lists).map(
    ([name, make]) => `${name}\n${showDiagnostic(made(make, '<1>', ['<2>', '<3>']))}`,
  );
  const texts = [...single, ...listing].sort();
  expect(texts.length).toBe(Object.keys(errors).length + Object.keys(warnings).length);
  expectGolden(`${texts.join('\n\n')}\n`, 'tests/golden/diagnostics.txt');
});

it('a dimension that has no text is named all the same', () => {
  expect(made(errors.badDim, 'x', undefined).message).toBe('x: undefined is not a dimension.');
});

it('an error is one of its own kind, with the words of its diagnostic', () => {
  const error = errors.lossWithoutParameters();
  expect(error.name).toBe('CompileError');
  expect(error.message).toBe(error.diagnostic.message);
});
