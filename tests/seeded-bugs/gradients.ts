/** Faults of gradient rules: a sign, a factor, operands swapped, a sum forgotten, a stale value, a rule that is gone. */

import type { SeededBug } from './bug.ts';

interface Fault {
  readonly id: string;
  readonly what: string;
  readonly find: string;
  readonly replace: string;
  /** The file, where it is not called as the op. */
  readonly file?: string;
}

const fileOf = (op: string): string => op.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A fault of the rule of one op, for the hand-computed gradient of that op to notice. */
const ofRule = (op: string, { file = fileOf(op), ...fault }: Fault): SeededBug => ({
  ...fault,
  file: `ir/ops/${file}.ts`,
  test: 'tests/properties/gradient-rules.test.ts',
  name: `the gradient of > ${op}`,
});

/** Arithmetic. */
const arithmetic: readonly SeededBug[] = [
  ofRule('add', {
    id: 'add-second-lost',
    what: 'the gradient of add reaches the first operand alone',
    find: '[dy, dy]',
    replace: '[dy, undefined]',
  }),
  ofRule('sub', {
    id: 'sub-sign',
    what: 'the gradient of sub has the wrong sign at the second operand',
    find: '[dy, o.neg(dy)]',
    replace: '[dy, dy]',
  }),
  ofRule('mul', {
    id: 'mul-swapped',
    what: 'the gradient of mul swaps its operands',
    find: '[y && o.mul(dy, y), x && o.mul(dy, x)]',
    replace: '[x && o.mul(dy, x), y && o.mul(dy, y)]',
  }),
  ofRule('mul of a value by itself', {
    id: 'mul-square-factor',
    what: 'the gradient of a square lacks its factor of 2',
    find: 'x && o.mul(2, o.mul(dy, x))',
    replace: 'x && o.mul(dy, x)',
    file: 'mul',
  }),
  ofRule('div', {
    id: 'div-sign',
    what: 'the gradient of div has the wrong sign at the divisor',
    find: 'o.neg(o.div(o.mul(dy, y), nth(xs, 1)))',
    replace: 'o.div(o.mul(dy, y), nth(xs, 1))',
  }),
  ofRule('div', {
    id: 'div-stale-quotient',
    what: 'the gradient of div takes the dividend for the quotient',
    find: 'o.mul(dy, y)',
    replace: 'o.mul(dy, nth(xs, 0))',
  }),
  ofRule('neg', {
    id: 'neg-sign',
    what: 'the gradient of neg is not negated',
    find: '[o.neg(dy)]',
    replace: '[dy]',
  }),
  ofRule('abs', {
    id: 'abs-rule-gone',
    what: 'abs has no gradient rule',
    find: 'grad: (o, { xs: [x], dy }) => [x && o.mul(dy, o.sign(x))]',
    replace: 'grad: null',
  }),
  ofRule('sign', {
    id: 'sign-passes',
    what: 'sign lets the gradient through',
    find: 'grad: () => [undefined]',
    replace: 'grad: (_o, { dy }) => [dy]',
  }),
  ofRule('floor', {
    id: 'floor-passes',
    what: 'floor lets the gradient through',
    find: 'grad: () => [undefined]',
    replace: 'grad: (_o, { dy }) => [dy]',
  }),
];

/** Functions of one number. */
const functions: readonly SeededBug[] = [
  ofRule('exp', {
    id: 'exp-stale',
    what: 'the gradient of exp multiplies by x instead of e^x',
    find: '{ y, dy }) => [o.mul(dy, y)]',
    replace: '{ xs: [x], dy }) => [x && o.mul(dy, x)]',
  }),
  ofRule('expm1', {
    id: 'expm1-cancels',
    what: 'the gradient of expm1 is written with its result, which has no digits left far below 0',
    find: '{ xs: [x], dy }) => [x && o.mul(dy, o.exp(x))]',
    replace: '{ y, dy }) => [o.mul(dy, o.add(y, 1))]',
  }),
  ofRule('log', {
    id: 'log-by-result',
    what: 'the gradient of log divides by the logarithm instead of its argument',
    find: '{ xs: [x], dy }) => [x && o.div(dy, x)]',
    replace: '{ y, dy }) => [o.div(dy, y)]',
  }),
  ofRule('sqrt', {
    id: 'sqrt-factor',
    what: 'the gradient of sqrt lacks its factor of 2',
    find: 'o.mul(2, y)',
    replace: 'y',
  }),
  ofRule('sin', {
    id: 'sin-itself',
    what: 'the gradient of sin is sin',
    find: 'o.cos(x)',
    replace: 'o.sin(x)',
  }),
  ofRule('cos', {
    id: 'cos-sign',
    what: 'the gradient of cos has the wrong sign',
    find: 'o.neg(o.mul(dy, o.sin(x)))',
    replace: 'o.mul(dy, o.sin(x))',
  }),
  ofRule('tanh', {
    id: 'tanh-square-lost',
    what: 'the gradient of tanh is 1 - y instead of 1 - y^2',
    find: 'o.sub(1, o.mul(y, y))',
    replace: 'o.sub(1, y)',
  }),
  ofRule('erf', {
    id: 'erf-factor',
    what: 'the gradient of erf has 1 / sqrt(pi) instead of 2 / sqrt(pi)',
    find: '2 / Math.sqrt(Math.PI)',
    replace: '1 / Math.sqrt(Math.PI)',
  }),
  ofRule('sigmoid', {
    id: 'sigmoid-sign',
    what: 'the gradient of sigmoid is y (1 + y)',
    find: 'o.sub(1, y)',
    replace: 'o.add(1, y)',
  }),
  ofRule('softplus', {
    id: 'softplus-tanh',
    what: 'the gradient of softplus is tanh instead of the sigmoid',
    find: 'o.sigmoid(x)',
    replace: 'o.tanh(x)',
  }),
  ofRule('relu', {
    id: 'relu-kink',
    what: 'the gradient of relu at 0 is 1',
    find: 'o.select(o.less(0, nth(xs, 0)), dy, 0)',
    replace: 'o.select(o.lessEqual(0, nth(xs, 0)), dy, 0)',
  }),
  ofRule('relu', {
    id: 'relu-inverted',
    what: 'the gradient of relu flows where x is below 0',
    find: 'o.less(0, nth(xs, 0))',
    replace: 'o.less(nth(xs, 0), 0)',
  }),
  ofRule('stopGradient', {
    id: 'stop-gradient-passes',
    what: 'stopGradient lets the gradient through',
    find: 'grad: () => [undefined]',
    replace: 'grad: (_o, { dy }) => [dy]',
  }),
  ofRule('opaque', {
    id: 'opaque-stops',
    what: 'what is shielded from equations gets no gradient',
    find: 'grad: (_o, { dy }) => [dy]',
    replace: 'grad: () => [undefined]',
  }),
  ofRule('cast', {
    id: 'cast-stops',
    what: 'a cast of f64 stops the gradient',
    find: 'isFloat(x.dtype) && isFloat(dy.dtype) ?',
    replace: "isFloat(x.dtype) && dy.dtype === 'f32' ?",
  }),
];

/** Choices, reductions and movements. */
const structure: readonly SeededBug[] = [
  ofRule('maximum', {
    id: 'max-tie-twice',
    what: 'at a tie both operands of a maximum get all of the gradient',
    find: 'o.mul(dy, 0.5)',
    replace: 'dy',
    file: 'extremum',
  }),
  ofRule('minimum', {
    id: 'min-of-max',
    what: 'the gradient of minimum goes to the larger operand',
    find: 'wins: (o, a, b) => o.less(a, b)',
    replace: 'wins: (o, a, b) => o.less(b, a)',
  }),
  ofRule('maximum', {
    id: 'max-second-operand',
    what: 'the gradient of maximum goes twice to the operand that wins first',
    find: 'o.select(wins(o, b, a), dy, half)',
    replace: 'o.select(wins(o, a, b), dy, half)',
    file: 'extremum',
  }),
  ofRule('select', {
    id: 'select-branches-swapped',
    what: 'the gradient of select goes to the branch that was not taken',
    find: 'o.select(nth(xs, 0), dy, 0), o.select(nth(xs, 0), 0, dy)',
    replace: 'o.select(nth(xs, 0), 0, dy), o.select(nth(xs, 0), dy, 0)',
  }),
  ofRule('sum', {
    id: 'sum-rule-gone',
    what: 'nothing flows back through a sum',
    find: 'o.broadcast(dy, { axes, dims: axes.map((axis) => nth(nth(xs, 0).shape, axis)) })',
    replace:
      'xs.length > 1 ? o.broadcast(dy, { axes, dims: axes.map((axis) => nth(nth(xs, 0).shape, axis)) }) : undefined',
  }),
  ofRule('reduceMax', {
    id: 'reduce-max-ties-all',
    what: 'elements that tie for the largest each get all of the gradient',
    find: 'o.div(dy, o.sum(ties, { axes }))',
    replace: 'dy',
  }),
  ofRule('logSumExp', {
    id: 'log-sum-exp-unnormalized',
    what: 'the gradient of logSumExp is e^x instead of the softmax',
    find: 'o.exp(o.sub(x, o.broadcast(y, { axes, dims })))',
    replace: 'o.exp(x)',
  }),
  ofRule('logSumExp', {
    id: 'log-sum-exp-stretched',
    what: 'the gradient of logSumExp does not multiply by what arrives',
    find: 'o.mul(o.broadcast(dy, { axes, dims }), softmax)',
    replace: 'softmax',
  }),
  ofRule('matmul', {
    id: 'matmul-left-as-elementwise',
    what: 'the gradient at the left matrix is not multiplied by the transposed right one, but by itself',
    find: 'o.matmul(dy, o.transpose(nth(xs, 1), { perm: [1, 0] }))',
    replace: 'o.matmul(dy, nth(xs, 1))',
  }),
  ofRule('matmul', {
    id: 'matmul-right-lost',
    what: 'the right matrix of a product gets no gradient',
    find: 'o.matmul(o.transpose(nth(xs, 0), { perm: [1, 0] }), dy)',
    replace: 'undefined',
  }),
  ofRule('transpose', {
    id: 'transpose-not-inverted',
    what: 'the gradient of a transpose is moved by the same order of axes instead of its inverse',
    find: 'o.transpose(dy, { perm: inverse(perm) })',
    replace: 'o.transpose(dy, { perm })',
  }),
  ofRule('reshape', {
    id: 'reshape-kept',
    what: 'the gradient of a reshape keeps the new shape',
    find: '[o.reshape(dy, { shape: nth(xs, 0).shape })]',
    replace: '[dy]',
  }),
  ofRule('broadcast', {
    id: 'broadcast-sum-lost',
    what: 'the gradient is not summed over the first stretched axis',
    find: '[o.sum(dy, { axes })]',
    replace: '[o.sum(dy, { axes: axes.slice(1) })]',
  }),
  ofRule('mul of a row and a column', {
    id: 'broadcast-mean',
    what: 'the gradient is the mean over the stretched axes instead of their sum',
    find: '[o.sum(dy, { axes })]',
    replace: '[o.div(o.sum(dy, { axes }), axes.length === 0 ? 1 : 2)]',
    file: 'broadcast',
  }),
];

export const gradients: readonly SeededBug[] = [...arithmetic, ...functions, ...structure];
