/** Each op's element (`at`) is its naive definition on whole arrays (`reference`), bit for bit. */

import './seed.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../ir/evaluate.ts';
import { opNames, ops } from '../../ir/ops/index.ts';
import type { Float } from '../../ir/types.ts';
import type { Style } from '../arbitraries/draw.ts';
import { arbitraryCase, dataOf, type OpCase } from '../arbitraries/ops.ts';
import { elementsOf } from '../oracle/elements.ts';
import { expectSameBits } from './compare.ts';

/** Ops without `at`: leaves are bound from outside, the others are replaced before lowering. */
const neverLowered = ['input', 'state', 'logSumExp', 'grad'];
const lowered = opNames.filter((name) => !neverLowered.includes(name));
const floats: readonly Float[] = ['f32', 'f64'];
const styles: readonly Style[] = ['any', 'ties', 'smooth'];

function checkCase(opCase: OpCase, float: Float): number {
  const tensors = evaluate([opCase.value], { batch: opCase.batch, float, leaf: dataOf(opCase) });
  const elements = elementsOf(opCase.value, { batch: opCase.batch, float, tensors });
  expectSameBits(elements ?? [], tensors.get(opCase.value)?.data ?? [], 'at against reference');
  return elements?.length ?? 0;
}

test('exactly the leaves bound from outside and the ops replaced before lowering have no element', () => {
  expect(opNames.filter((name) => ops[name].at === null)).toEqual(neverLowered);
});

describe.each(floats)('in %s', (float) => {
  test.each(lowered)('the element of %s is what its definition says', (name) => {
    let elements = 0;
    for (const style of styles) {
      const cases = arbitraryCase(name, { float, style });
      fc.assert(
        fc.property(cases, (opCase) => {
          elements += checkCase(opCase, float);
        }),
        { numRuns: 70 },
      );
    }
    expect(elements).toBeGreaterThan(100);
  });
});
