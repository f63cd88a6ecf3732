/** The test that is written beside a trainer: a file for vitest that holds it against its model. */

import { basename, dirname, relative, resolve, sep } from 'node:path';
import { commentText, textLiteral } from '../../codegen/ts/literal.ts';

/** `model.trainer.ts` becomes `model.trainer.test.ts` beside it. */
export const testPath = (trainer: string): string => trainer.replace(/(\.[cm]?[jt]s)?$/, '.test.ts');

/** The text of the test of the trainer at `trainer`, which was compiled from the file `model`. */
export function trainerTest(name: string, model: string, trainer: string): string {
  const folder = dirname(resolve(trainer));
  return `/**
 * ${commentText(name)}: the trainer computes what the model says, and the gradients are right.
 * Written by chainrule compile --with-test; run it with vitest.
 */

import { checkTrainer, gradcheck } from 'chainrule/testing';
import { expect, test } from 'vitest';
import model from ${textLiteral(specifier(folder, model))};
import * as trainer from ${textLiteral(`./${basename(trainer)}`)};

test('the trainer computes what the model says, bit for bit', async () => {
  expect(await checkTrainer(model, trainer)).toEqual([]);
});

test('the gradients agree with forward mode, a complex step and differences', async () => {
  const { passed, parameters } = await gradcheck(model);
  expect(passed, JSON.stringify(parameters, undefined, 2)).toBe(true);
});
`;
}

/** How a module in `folder` imports the file `path`. */
function specifier(folder: string, path: string): string {
  const way = relative(folder, resolve(path)).split(sep).join('/');
  return way.startsWith('.') ? way : `./${way}`;
}
