/** The matrix product of x [m, k] and y [k, n]; each element sums its k products in ascending order. */

import { errors } from '../errors.ts';
import { binds, infix } from '../notation.ts';
import { checkDtype, nth, type Op } from '../op.ts';
import { round } from '../scalar-evaluate.ts';
import type { NoAttrs } from '../value.ts';

export const matmul: Op<2, NoAttrs> = {
  arity: 2,
  kind: 'contraction',
  cost: 'work',
  infer(xs, _attrs, show) {
    const [x, y] = [nth(xs, 0), nth(xs, 1)];
    for (const operand of [x, y]) {
      checkDtype('matmul', operand, 'float', show);
      if (operand.shape.length !== 2) throw errors.rank('matmul', show(operand), 'a matrix');
    }
    if (x.dtype !== y.dtype) throw errors.dtype('matmul', show(y), x.dtype);
    const [m, k] = [nth(x.shape, 0), nth(x.shape, 1)];
    if (k !== y.shape[0]) throw errors.innerDimensions(show(x), show(y), k, y.shape[0]);
    return { shape: [m, nth(y.shape, 1)], dtype: x.dtype };
  },
  grad: (o, { xs, dy }) => [
    o.matmul(dy, o.transpose(nth(xs, 1), { perm: [1, 0] })),
    o.matmul(o.transpose(nth(xs, 0), { perm: [1, 0] }), dy),
  ],
  at(s, xs, [i, j]) {
    const [x, y] = [nth(xs, 0), nth(xs, 1)];
    if (!i || !j) throw errors.invalid('matmul is indexed by row and column');
    return s.reduce('sum', nth(x.shape, 1), (k) => s.apply('mul', x.at(i, k), y.at(k, j)));
  },
  reference([x, y], { dtype, shape }) {
    const [rows = 0, columns = 0] = shape;
    const inner = x?.shape[1] ?? 0;
    const result = new Array<number>(rows * columns).fill(0);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let total = 0;
        for (let k = 0; k < inner; k++) {
          const product = round((x?.data[i * inner + k] ?? 0) * (y?.data[k * columns + j] ?? 0), dtype);
          total = round(total + product, dtype);
        }
        result[i * columns + j] = total;
      }
    }
    return result;
  },
  notation: (xs) => infix('@', '\\,', binds.matrix)(nth(xs, 0), nth(xs, 1)),
  samples: { shapes: 'matmul', domains: ['real', 'real'] },
};
