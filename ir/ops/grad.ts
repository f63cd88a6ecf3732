/** A marker: the gradient of a scalar (first input) at the second. The autodiff pass replaces it. */

import { errors } from '../errors.ts';
import { call } from '../notation.ts';
import { checkDtype, nth, type Op } from '../op.ts';
import { isFloat } from '../types.ts';
import type { NoAttrs } from '../value.ts';

export const grad: Op<2, NoAttrs> = {
  arity: 2,
  kind: 'marker',
  cost: 'work',
  infer(xs, _attrs, show) {
    const [loss, at] = [nth(xs, 0), nth(xs, 1)];
    if (loss.shape.length > 0) throw errors.lossNotScalar(show(loss));
    checkDtype('grad', loss, 'float', show);
    if (!isFloat(at.dtype)) throw errors.gradTarget(show(at));
    return { shape: at.shape, dtype: at.dtype };
  },
  grad: null,
  at: null,
  reference: () => {
    throw errors.invalid('a gradient marker reached the evaluator; run the autodiff pass first');
  },
  notation: (xs) => call('grad')(...xs),
  samples: { shapes: 'grad', domains: ['real', 'real'] },
};
