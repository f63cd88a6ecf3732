/** Faults of equations and rules: wrong in a sign, an operand or an edge case, applied where they do not hold, or gone. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

const equationsTest = 'tests/properties/equations.test.ts';

/** A wrong equation that claims to keep every bit. */
const exact = (equation: string, fault: Fault): SeededBug => ({
  ...fault,
  file: 'passes/equations/arithmetic.ts',
  test: equationsTest,
  name: `the exact equation ${equation} > holds in every bit for all combinations of special values`,
});

/** A wrong equation of real numbers. */
const finite = (
  equation: string,
  { file = 'arithmetic', ...fault }: Fault & { file?: string },
): SeededBug => ({
  ...fault,
  file: `passes/equations/${file}.ts`,
  test: equationsTest,
  name: `the equation ${equation} holds up to rounding`,
});

/** An equation without which the stable form of a loss is not found. */
const gone = (loss: string, { file, ...fault }: Fault & { file: string }): SeededBug => ({
  ...fault,
  file: `passes/equations/${file}.ts`,
  test: 'tests/properties/rediscovery.test.ts',
  name: `${loss} > has the gradient (p - y) / m at the logits`,
});

const rule = (test: string, fault: Fault): SeededBug => ({
  ...fault,
  file: 'passes/equations/movement.ts',
  test: 'tests/properties/rules.test.ts',
  name: test,
});

const wrong: readonly SeededBug[] = [
  exact('x - 0 = x', {
    id: 'x-times-zero-everywhere',
    what: 'an exact equation makes x * 0 to 0, for infinities and NaN too',
    find: '[o.sub(x, 0), x]',
    replace: '[o.mul(x, 0), 0]',
  }),
  exact('-(-x) = x', {
    id: 'double-negation-abs',
    what: '-(-x) becomes |x|',
    find: '[o.neg(o.neg(x)), x]',
    replace: '[o.neg(o.neg(x)), o.abs(x)]',
  }),
  exact('x + -y = x - y', {
    id: 'add-negated-swapped',
    what: 'x + -y becomes y - x',
    find: '[o.add(x, o.neg(y)), o.sub(x, y)]',
    replace: '[o.add(x, o.neg(y)), o.sub(y, x)]',
  }),
  exact('-x / y = -(x / y)', {
    id: 'negated-quotient-sign',
    what: '-x / y loses its sign',
    find: '[o.div(o.neg(x), y), o.neg(o.div(x, y))]',
    replace: '[o.div(o.neg(x), y), o.div(x, y)]',
  }),
  exact('x + x = 2 * x', {
    id: 'twice-squared',
    what: 'x + x becomes x * x',
    find: '[o.add(x, x), o.mul(2, x)]',
    replace: '[o.add(x, x), o.mul(x, x)]',
  }),
  exact('relu(relu(x)) = relu(x)', {
    id: 'relu-dropped',
    what: 'relu(relu(x)) becomes x',
    find: '[o.relu(o.relu(x)), o.relu(x)]',
    replace: '[o.relu(o.relu(x)), x]',
  }),
  exact('select(x < y, z, z) = z', {
    id: 'select-wrong-branch',
    what: 'a choice between equal values becomes what is compared',
    find: '[o.select(o.less(x, y), z, z), z]',
    replace: '[o.select(o.less(x, y), z, z), x]',
  }),
  exact('x / 1 = x', {
    id: 'x-plus-zero-exact',
    what: 'an exact equation makes x + 0 to x, where -0 + 0 is 0',
    find: '[o.div(x, 1), x]',
    replace: '[o.add(x, 0), x]',
  }),
  finite('x*y - x*z = x*(y - z)', {
    id: 'factoring-sign',
    what: 'x*y - x*z becomes x*(y + z)',
    find: '[o.sub(o.mul(x, y), o.mul(x, z)), o.mul(x, o.sub(y, z))]',
    replace: '[o.sub(o.mul(x, y), o.mul(x, z)), o.mul(x, o.add(y, z))]',
  }),
  finite('(x - z) - (y - z) = x - y', {
    id: 'cancelled-swapped',
    what: '(x - z) - (y - z) becomes y - x',
    find: '[o.sub(o.sub(x, z), o.sub(y, z)), o.sub(x, y)]',
    replace: '[o.sub(o.sub(x, z), o.sub(y, z)), o.sub(y, x)]',
  }),
  finite('x * (1/y) = x / y', {
    id: 'reciprocal-times',
    what: 'x * (1/y) becomes x * y',
    find: '[o.mul(x, o.div(1, y)), o.div(x, y)]',
    replace: '[o.mul(x, o.div(1, y)), o.mul(x, y)]',
  }),
  finite('0 - x = -x', {
    id: 'zero-minus',
    what: '0 - x becomes x',
    find: '[o.sub(0, x), o.neg(x)]',
    replace: '[o.sub(0, x), x]',
  }),
  finite('ln(sigmoid(x)) = x - softplus(x)', {
    id: 'log-sigmoid-sign',
    what: 'ln(sigmoid(x)) becomes -softplus(x)',
    find: 'o.sub(x, o.softplus(x))],',
    replace: 'o.neg(o.softplus(x))],',
    file: 'logarithms',
  }),
  finite('softplus(-x) = softplus(x) - x', {
    id: 'softplus-negated',
    what: 'softplus(-x) becomes softplus(x) + x',
    find: 'o.sub(o.softplus(x), x)',
    replace: 'o.add(o.softplus(x), x)',
    file: 'logarithms',
  }),
  finite('exp(x - broadcast(logsumexp(x))) = exp(x - max) / sum(exp(x - max))', {
    id: 'softmax-not-normalized',
    what: 'a softmax is not divided by its sum',
    find: 'o.div(shifted, o.broadcast(o.sum(shifted, { axes }), { axes, dims }))',
    replace: 'shifted',
    file: 'stability',
  }),
  finite('x - broadcast(logsumexp(x)) = (x - max) - ln(sum(exp(x - max)))', {
    id: 'log-softmax-of-unshifted',
    what: 'a log-softmax subtracts the log-sum-exp of unshifted logits from shifted ones',
    find: 'o.log(o.sum(o.exp(shifted), { axes }))',
    replace: 'o.log(o.sum(o.exp(x), { axes }))',
    file: 'stability',
  }),
];

const missing: readonly SeededBug[] = [
  gone('p = 1 / (1 + exp(-z)) and the loss mean(-y ln p - (1 - y) ln(1 - p))', {
    id: 'sigmoid-not-found',
    what: 'the equation that finds a sigmoid is gone',
    find: "'1 / (1 + exp(-x)) = sigmoid(x)': (o, { x }) => [o.div(1, o.add(1, o.exp(o.neg(x)))), o.sigmoid(x)],",
    replace: '',
    file: 'logarithms',
  }),
  gone('p = exp(z) / (1 + exp(z)) and the loss mean(-y ln p - (1 - y) ln(1 - p))', {
    id: 'quotient-sigmoid-not-found',
    what: 'the equation that finds a sigmoid in a quotient of exponentials is gone',
    find: "'exp(x) / (1 + exp(x)) = sigmoid(x)': (o, { x }) => [o.div(o.exp(x), o.add(1, o.exp(x))), o.sigmoid(x)],",
    replace: '',
    file: 'logarithms',
  }),
  gone('p = sigmoid(z) and the loss mean(-y ln p - (1 - y) ln(1 - p))', {
    id: 'log-sigmoid-not-found',
    what: 'the equation for the logarithm of 1 less a sigmoid is gone',
    find: "'ln(1 - sigmoid(x)) = -softplus(x)': (o, { x }) => [o.log(o.sub(1, o.sigmoid(x))), o.neg(o.softplus(x))],",
    replace: '',
    file: 'logarithms',
  }),
  {
    id: 'softmax-not-found',
    what: 'the equation that finds a softmax is gone',
    file: 'passes/equations/logarithms.ts',
    find: 'o.div(o.exp(x), o.broadcast(o.sum(o.exp(x), { axes }), { axes, dims })),',
    replace: 'o.div(o.exp(o.tanh(x)), o.broadcast(o.sum(o.exp(o.tanh(x)), { axes }), { axes, dims })),',
    test: 'tests/pipeline/stages.test.ts',
    name: 'simplification > finds the softmax in a quotient of exponentials, and predicts it for logits of any size',
  },
  {
    id: 'equation-gone',
    what: 'the equation x / x = 1 is gone',
    file: 'passes/equations/arithmetic.ts',
    find: "'x / x = 1': (o, { x }) => [o.div(x, x), 1],",
    replace: '',
    test: 'tests/properties/manifest.test.ts',
    name: 'the compiler has exactly the equations of the list',
  },
  {
    id: 'stability-equation-gone',
    what: 'the equation that shifts a log-softmax is gone',
    file: 'passes/equations/index.ts',
    find: '[...logarithms, ...arithmetic]',
    replace: '[...logarithms.slice(1), ...arithmetic]',
    test: 'tests/properties/manifest.test.ts',
    name: 'the compiler has exactly the equations of the list',
  },
  {
    id: 'rule-gone',
    what: 'the rule for sums of known totals is gone',
    file: 'passes/equations/movement.ts',
    find: '  sumOfNegated,\n  sumOfScaled,\n];',
    replace: '  sumOfNegated,\n];',
    test: 'tests/properties/manifest.test.ts',
    name: 'the compiler has exactly the rules of the list',
  },
];

const leftAlone = 'rules leave alone what they would break > the sum of a one-hot row of';

const rules: readonly SeededBug[] = [
  rule(`${leftAlone} an index that no one checks`, {
    id: 'one-hot-any-index',
    what: 'a one-hot row is taken to sum to 1 whatever the index',
    find: 'classes !== undefined && classes <= Number(x.attrs.classes) ?',
    replace: 'true ?',
  }),
  rule(`${leftAlone} a label of more classes than columns`, {
    id: 'one-hot-more-classes',
    what: 'a one-hot row is taken to sum to 1 though a label may lie beyond it',
    find: 'classes !== undefined && classes <= Number(x.attrs.classes) ?',
    replace: 'classes !== undefined ?',
  }),
  rule('rules leave alone what they would break > a sum of whole numbers stays one', {
    id: 'whole-sums-multiplied',
    what: 'sums of equal whole numbers become products in floats',
    find: 'if (!isFloat(value.dtype)) return undefined;',
    replace: '',
  }),
  rule('sum(-x) = -sum(x) > example 0: fires and keeps the numbers', {
    id: 'sum-negated-lost',
    what: 'the sum of negated numbers loses its sign',
    find: 'o.neg(o.sum(inputOf(x), { axes: numberList(value.attrs.axes) }))',
    replace: 'o.sum(inputOf(x), { axes: numberList(value.attrs.axes) })',
  }),
  rule('movement(movement(x)) = movement(x) > example 1: fires and keeps the numbers', {
    id: 'transposes-composed-backwards',
    what: 'two transposes are composed in the wrong order',
    find: 'numberList(value.attrs.perm).map((axis) => nth(first, axis))',
    replace: 'first.map((axis) => nth(numberList(value.attrs.perm), axis))',
  }),
  rule('sum(broadcast(x)) = count * sum(x) > example 2: fires and keeps the numbers', {
    id: 'repeated-sum-uncounted',
    what: 'the sum of a repeated value is not multiplied by how often it is repeated',
    find: 'return o.mul(spread, countAlong(o, x.shape, repeated, value));',
    replace: 'return spread;',
  }),
  rule('sum(broadcast(x)) = count * sum(x) > example 0: fires and keeps the numbers', {
    id: 'batch-counted-as-one',
    what: 'a sum over the batch counts it as one sample',
    find: 'for (let i = 0; i < batches; i++) count = o.mul(count, o.batchSize({ dtype }));',
    replace: 'if (batches < 0) count = o.batchSize({ dtype });',
  }),
  rule('sum(x) over axes of size 1 = reshape(x) > example 2: fires and keeps the numbers', {
    id: 'single-axes-not-shifted',
    what: 'axes are not counted anew after axes of size 1 are dropped',
    find: 'axis - single.filter((gone) => gone < axis).length',
    replace: 'axis',
  }),
  rule('f(constants) = constant > example 0: fires and keeps the numbers', {
    id: 'constants-unrounded',
    what: 'constants are folded as they are written, not as float32 holds them',
    find: 'data: [round(Number(x.attrs.value), x.dtype)],',
    replace: 'data: [Number(x.attrs.value) * (1 + 1e-7)],',
  }),
];

export const rewrites: readonly SeededBug[] = [...wrong, ...missing, ...rules];
