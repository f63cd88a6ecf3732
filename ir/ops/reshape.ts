/** The same elements in row-major order under another shape; the batch stays the first axis. */

import { errors } from '../errors.ts';
import { reshapeIndex } from '../index-expr.ts';
import { nth, type Op } from '../op.ts';
import { type Shape, sameShape, showShape } from '../types.ts';

const staticCount = (shape: Shape): number =>
  shape.reduce<number>((count, dim) => (dim === 'batch' ? count : count * dim), 1);

const withoutOnes = (shape: Shape): Shape => shape.filter((dim) => dim !== 1);

const batchAxis = (shape: Shape): number => withoutOnes(shape).indexOf('batch');

export const reshape: Op<1, { readonly shape: Shape }> = {
  arity: 1,
  kind: 'movement',
  cost: 'free',
  infer(xs, { shape }, show) {
    const x = nth(xs, 0);
    const batches = shape.filter((dim) => dim === 'batch').length;
    const sameBatch =
      batches === x.shape.filter((dim) => dim === 'batch').length && batchAxis(shape) === batchAxis(x.shape);
    const leading = batches === 0 || (batches === 1 && batchAxis(shape) === 0);
    const empty = staticCount(shape) === 0;
    const regroups = !sameShape(withoutOnes(shape), withoutOnes(x.shape));
    const fits = staticCount(shape) === staticCount(x.shape) && sameBatch && (leading || empty);
    if (regroups && !fits) {
      throw errors.reshape(show(x), showShape(shape));
    }
    return { shape, dtype: x.dtype };
  },
  grad: (o, { xs, dy }) => [o.reshape(dy, { shape: nth(xs, 0).shape })],
  at: (_s, xs, index, { shape }) => nth(xs, 0).at(...reshapeIndex(index, shape, nth(xs, 0).shape)),
  reference: ([x]) => x?.data ?? [],
  notation: (xs) => nth(xs, 0),
  samples: { shapes: 'reshape', domains: ['real'] },
};
