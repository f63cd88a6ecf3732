/** Which expressions can be computed for four neighbouring elements at once. */

import { strideOf } from './affine.ts';
import { offsetOf } from './index-expr.ts';
import type { Scalar } from './scalar.ts';
import { partsOf } from './walk.ts';

const shifts: ReadonlySet<string> = new Set(['shiftLeft', 'shiftRight', 'shiftRightUnsigned']);

/** True when each part of `scalar` reads the same element or its neighbour as `variable` moves on; `known` parts aside. */
export const fitsLanes = (scalar: Scalar, variable: string, known?: Scalar): boolean =>
  known === scalar || partsOf([scalar]).every((part) => part === known || isPart(part, variable, known));

function isPart(part: Scalar, variable: string, known: Scalar | undefined): boolean {
  if (part.dtype === 'f64') return false;
  switch (part.kind) {
    case 'number':
    case 'batch':
    case 'local':
      return true;
    case 'index':
      return strideOf(part.index, variable) !== undefined;
    case 'load': {
      // What a sum that is there already was made of is not read again.
      if (known?.kind === 'reduce' && partsOf([known]).includes(part)) return true;
      const stride = strideOf(offsetOf(part.index, part.from.shape), variable);
      return stride === 0 || stride === 1;
    }
    case 'apply':
      return !shifts.has(part.fn) || part.args[1]?.kind === 'number';
    case 'reduce':
      return false;
  }
}
