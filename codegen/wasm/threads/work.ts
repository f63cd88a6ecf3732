/** How long statements take, roughly: what is worth sharing, and in how many parts. */

import { isDerived } from '../../../ir/expansions.ts';
import type { Bound, Statement } from '../../../ir/kernel.ts';
import { isLoopOverLanes } from '../../../ir/lanes.ts';
import type { Scalar } from '../../../ir/scalar.ts';
import { extentOf } from '../../../ir/types.ts';
import { expressionsOf, partsOf } from '../../../ir/walk.ts';
import { productOf } from '../product.ts';

/** Nanoseconds of one simple operation on one element, and of one multiplication and addition in a tile of registers. */
const perOperation = 0.5;
const perTerm = 1 / 16;
/** Operations that exp, log and their kin are made of. */
const perDerived = 16;

/** Turns of a loop up to `bound` for so many samples. */
export const turnsOf = ({ extent, times = 1 }: Bound, rows: number): number => extentOf(extent, rows) * times;

const costOf = (expressions: readonly Scalar[]): number =>
  partsOf(expressions).reduce(
    (sum, part) => sum + (part.kind === 'apply' && isDerived(part.fn) ? perDerived : 1),
    0,
  ) * perOperation;

/** Nanoseconds that `statement` takes for so many samples. */
export function workOf(statement: Statement, rows: number): number {
  switch (statement.kind) {
    case 'for': {
      const body = statement.body.reduce((sum, inner) => sum + workOf(inner, rows), 0);
      return (turnsOf(statement.to, rows) / statement.step) * (isLoopOverLanes(statement) ? body / 4 : body);
    }
    case 'contract': {
      const { rows: lines, columns, terms } = productOf(statement);
      return (
        extentOf(lines.extent, rows) * extentOf(columns.extent, rows) * extentOf(terms.extent, rows) * perTerm
      );
    }
    case 'if':
      return statement.body.reduce(
        (sum, inner) => sum + workOf(inner, rows),
        costOf(expressionsOf(statement)),
      );
    case 'fill':
      return statement.to.shape
        .slice(statement.at.length)
        .reduce<number>((count, dim) => count * extentOf(dim, rows), perOperation / 4);
    default:
      return costOf(expressionsOf(statement));
  }
}
