/** Equations of real arithmetic, rewritten from left to right. */

import { type Equation, equations } from '../pattern.ts';

export const arithmetic: readonly Equation[] = [
  ...equations('exact', {
    'x * 1 = x': (o, { x }) => [o.mul(x, 1), x],
    'x / 1 = x': (o, { x }) => [o.div(x, 1), x],
    'x - 0 = x': (o, { x }) => [o.sub(x, 0), x],
    'x * -1 = -x': (o, { x }) => [o.mul(x, -1), o.neg(x)],
    '-1 / x = -(1 / x)': (o, { x }) => [o.div(-1, x), o.neg(o.div(1, x))],
    'x * broadcast(-y) = -(x * broadcast(y))': (o, { x, y, axes, dims }) => [
      o.mul(x, o.broadcast(o.neg(y), { axes, dims })),
      o.neg(o.mul(x, o.broadcast(y, { axes, dims }))),
    ],
    '-(-x) = x': (o, { x }) => [o.neg(o.neg(x)), x],
    'x + -y = x - y': (o, { x, y }) => [o.add(x, o.neg(y)), o.sub(x, y)],
    'x - -y = x + y': (o, { x, y }) => [o.sub(x, o.neg(y)), o.add(x, y)],
    '-x * y = -(x * y)': (o, { x, y }) => [o.mul(o.neg(x), y), o.neg(o.mul(x, y))],
    '-x / y = -(x / y)': (o, { x, y }) => [o.div(o.neg(x), y), o.neg(o.div(x, y))],
    'x / -y = -(x / y)': (o, { x, y }) => [o.div(x, o.neg(y)), o.neg(o.div(x, y))],
    'x + x = 2 * x': (o, { x }) => [o.add(x, x), o.mul(2, x)],
    'abs(-x) = abs(x)': (o, { x }) => [o.abs(o.neg(x)), o.abs(x)],
    'abs(abs(x)) = abs(x)': (o, { x }) => [o.abs(o.abs(x)), o.abs(x)],
    'relu(relu(x)) = relu(x)': (o, { x }) => [o.relu(o.relu(x)), o.relu(x)],
    'max(x, x) = x': (o, { x }) => [o.maximum(x, x), x],
    'min(x, x) = x': (o, { x }) => [o.minimum(x, x), x],
    'select(x < y, 0, select(x < y, 0, z)) = select(x < y, 0, z)': (o, { x, y, z }) => [
      o.select(o.less(x, y), 0, o.select(o.less(x, y), 0, z)),
      o.select(o.less(x, y), 0, z),
    ],
    'select(x < y, select(x < y, z, 0), 0) = select(x < y, z, 0)': (o, { x, y, z }) => [
      o.select(o.less(x, y), o.select(o.less(x, y), z, 0), 0),
      o.select(o.less(x, y), z, 0),
    ],
    'select(x < y, z, z) = z': (o, { x, y, z }) => [o.select(o.less(x, y), z, z), z],
    'floor(floor(x)) = floor(x)': (o, { x }) => [o.floor(o.floor(x)), o.floor(x)],
    'sgn(sgn(x)) = sgn(x)': (o, { x }) => [o.sign(o.sign(x)), o.sign(x)],
  }),
  ...equations('finite', {
    'x + 0 = x': (o, { x }) => [o.add(x, 0), x],
    '0 - x = -x': (o, { x }) => [o.sub(0, x), o.neg(x)],
    'x * 0 = 0': (o, { x }) => [o.mul(x, 0), 0],
    '0 / x = 0': (o, { x }) => [o.div(0, x), 0],
    'x - x = 0': (o, { x }) => [o.sub(x, x), 0],
    'x / x = 1': (o, { x }) => [o.div(x, x), 1],
    '-x - y = -(x + y)': (o, { x, y }) => [o.sub(o.neg(x), y), o.neg(o.add(x, y))],
    '-(x - y) = y - x': (o, { x, y }) => [o.neg(o.sub(x, y)), o.sub(y, x)],
    'x + (y - x) = y': (o, { x, y }) => [o.add(x, o.sub(y, x)), y],
    'x - (x - y) = y': (o, { x, y }) => [o.sub(x, o.sub(x, y)), y],
    '(x - z) - (y - z) = x - y': (o, { x, y, z }) => [o.sub(o.sub(x, z), o.sub(y, z)), o.sub(x, y)],
    'x*y + x*z = x*(y + z)': (o, { x, y, z }) => [o.add(o.mul(x, y), o.mul(x, z)), o.mul(x, o.add(y, z))],
    'x*y - x*z = x*(y - z)': (o, { x, y, z }) => [o.sub(o.mul(x, y), o.mul(x, z)), o.mul(x, o.sub(y, z))],
    'x/z + y/z = (x + y)/z': (o, { x, y, z }) => [o.add(o.div(x, z), o.div(y, z)), o.div(o.add(x, y), z)],
    'x/z - y/z = (x - y)/z': (o, { x, y, z }) => [o.sub(o.div(x, z), o.div(y, z)), o.div(o.sub(x, y), z)],
    // The two halves of a select's gradient become one again.
    'select(x < y, 0, z) * w = select(x < y, 0, z * w)': (o, { w, x, y, z }) => [
      o.mul(o.select(o.less(x, y), 0, z), w),
      o.select(o.less(x, y), 0, o.mul(z, w)),
    ],
    'select(x < y, w, 0) + select(x < y, 0, z) = select(x < y, w, z)': (o, { w, x, y, z }) => [
      o.add(o.select(o.less(x, y), w, 0), o.select(o.less(x, y), 0, z)),
      o.select(o.less(x, y), w, z),
    ],
    'x * (1/y) = x / y': (o, { x, y }) => [o.mul(x, o.div(1, y)), o.div(x, y)],
    '1 / (1/x) = x': (o, { x }) => [o.div(1, o.div(1, x)), x],
    // A factor that is the same for all elements is divided by where it is used.
    'x * broadcast(1/y) = x / broadcast(y)': (o, { x, y, axes, dims }) => [
      o.mul(x, o.broadcast(o.div(1, y), { axes, dims })),
      o.div(x, o.broadcast(y, { axes, dims })),
    ],
    '(1 - y)*x + y*x = x': (o, { x, y }) => [o.add(o.mul(o.sub(1, y), x), o.mul(y, x)), x],
    // The two ways in which a binary cross-entropy meets its own softplus.
    '(1 - y)*z - y*(x - z) = z - y*x': (o, { x, y, z }) => [
      o.sub(o.mul(o.sub(1, y), z), o.mul(y, o.sub(x, z))),
      o.sub(z, o.mul(y, x)),
    ],
    'y*(x - z) - (1 - y)*z = y*x - z': (o, { x, y, z }) => [
      o.sub(o.mul(y, o.sub(x, z)), o.mul(o.sub(1, y), z)),
      o.sub(o.mul(y, x), z),
    ],
  }),
];
