/** What the compiler emits for the examples, and lists after each pass, byte for byte as committed. */

import { expect, it } from 'vitest';
import { passNames } from '../../src/pipeline.ts';
import { compileExample, examples, expectGolden, trainerPath } from './modules.ts';

it.each(examples)('%s is emitted as committed', async (example) => {
  expectGolden((await compileExample(example)).code, trainerPath(example));
});

it.each(passNames)('the listing of logistic regression after %s is as committed', async (pass) => {
  const { listing } = await compileExample('01-logistic-regression/model', { printAfter: pass });
  expect(listing).toBeDefined();
  expectGolden(listing ?? '', `tests/golden/01-${pass}.txt`);
});
