/** Faults of layers, losses, activations, metrics, regularizers and initial distributions. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

const inFile =
  (file: string, test: string) =>
  (name: string, fault: Fault): SeededBug => ({
    ...fault,
    file: `src/nn/${file}.ts`,
    test: `tests/systems/${test}.test.ts`,
    name,
  });

const batchNorm = inFile('batch-norm', 'batch-norm');
const dropout = inFile('dropout', 'dropout');
const losses = inFile('losses', 'layers');
const activations = inFile('activations', 'activations');
const initializers = inFile('initializers', 'initializers');

const normalization: readonly SeededBug[] = [
  batchNorm('batchNorm > keeps a share of 0.5 of the old mean and biased variance', {
    id: 'batch-norm-unbiased',
    what: 'batch normalization takes the unbiased variance',
    find: 'centred.square().mean(0)',
    replace:
      'centred.square().mean(0).mul(plain.mul(0).add(1).sum(0)).div(plain.mul(0).add(1).sum(0).sub(1))',
  }),
  batchNorm('batchNorm > puts epsilon inside the root', {
    id: 'batch-norm-epsilon-outside',
    what: 'batch normalization adds epsilon to the root',
    find: 'variance.add(epsilon).sqrt(), `deviation',
    replace: 'variance.sqrt().add(epsilon), `deviation',
  }),
  batchNorm('batchNorm > keeps a share of 0.9 of the old mean and biased variance', {
    id: 'batch-norm-momentum-inverted',
    what: 'the running statistics keep a share of 1 - momentum',
    find: 'next.sub(old).mul(1 - momentum)',
    replace: 'next.sub(old).mul(momentum)',
  }),
  batchNorm(
    'a network of normalized layers in f64 > takes the steps of Adam, keeps running statistics, and predicts with them',
    {
      id: 'batch-norm-batch-in-use',
      what: 'predictions are normalized with the statistics of their own batch',
      find: "wrap(recording, inUse.value, 'float'),",
      replace: "wrap(recording, inTraining.value, 'float'),",
    },
  ),
  batchNorm('batchNorm > has the gradients by input, scale and offset worked out by hand, in f64', {
    id: 'batch-norm-mean-stopped',
    what: 'the gradient does not go through the mean of the batch',
    find: 'hinted(plain.sub(mean),',
    replace: 'hinted(plain.sub(mean.stopGradient()),',
  }),
  batchNorm('batchNorm > loses no digits to a large common offset (f32)', {
    id: 'batch-norm-one-pass',
    what: 'the variance is the mean square less the squared mean',
    find: 'centred.square().mean(0)',
    replace: 'plain.square().mean(0).sub(mean.square())',
  }),
  inFile('normalization', 'fitted')(
    'in f64 > a constant feature stays 0 for a value that the training data did not have',
    {
      id: 'constant-feature-passes',
      what: 'a feature that was constant in training is not taken for 0',
      find: 'varies.select(quotient, 0).value',
      replace: 'quotient.value',
    },
  ),
];

const dropping: readonly SeededBug[] = [
  dropout('in f64 > an element is dropped, or divided by the probability of keeping it', {
    id: 'dropout-unscaled',
    what: 'what dropout keeps is not divided by the probability of keeping it',
    find: "anyShape(hinted(x, 'beforeDropout')).div(share)",
    replace: "anyShape(hinted(x, 'beforeDropout'))",
  }),
  dropout('in f64 > as many are kept as the probability says, in a million draws', {
    id: 'dropout-inverted',
    what: 'dropout drops what it is to keep',
    find: "mask.select(anyShape(hinted(x, 'beforeDropout')).div(share), 0)",
    replace: "mask.select(0, anyShape(hinted(x, 'beforeDropout')).div(share))",
  }),
  dropout('dropout > is the identity when evaluating and predicting', {
    id: 'dropout-in-use',
    what: 'predictions drop as well',
    find: "whenTraining<S>(wrap(recording, dropped.value, 'float'), x)",
    replace:
      "whenTraining<S>(wrap(recording, dropped.value, 'float'), wrap(recording, dropped.value, 'float'))",
  }),
  dropout('dropout > of two layers of one probability drops other elements in each', {
    id: 'dropout-shared-stream',
    what: 'all layers draw the same random numbers',
    find: "recording.counters.set('random', stream + 1);",
    replace: "recording.counters.set('random', stream);",
  }),
  dropout('dropout > has the same mask in f32 and f64 also where the draw is just below the probability', {
    id: 'dropout-other-mask-in-f64',
    what: 'in f64 the probability has more digits than in f32, and the mask differs',
    find: "typeof share === 'number' && recording.float === 'f64' ? Math.fround(share) : share",
    replace: 'share',
  }),
];

const functions: readonly SeededBug[] = [
  losses(
    'in f64 > softmaxCrossEntropy has the derivative (p - onehot(y)) / m, and is finite for logits of any size',
    {
      id: 'cross-entropy-summed',
      what: 'the cross-entropy is the sum over the samples instead of their mean',
      find: 'return o.div(o.sum(perSample, { axes: [0] }), o.batchSize({ dtype: o.float }));',
      replace: 'return o.sum(perSample, { axes: [0] });',
    },
  ),
  losses(
    'in f64 > binaryCrossEntropy has the derivative (sigmoid(z) - y) / n, and is finite for logits of any size',
    {
      id: 'binary-cross-entropy-sign',
      what: 'the binary cross-entropy adds the logits of the true class',
      find: '.sub(plain.mul(anyShape(y)))',
      replace: '.add(plain.mul(anyShape(y)))',
    },
  ),
  losses('in f64 > meanSquaredError has the derivative 2 (x - y) / n by x and its opposite by y', {
    id: 'squared-error-of-label-alone',
    what: 'no gradient of the squared error reaches its second operand',
    find: 'anyShape(x).sub(anyShape(y)).square().mean()',
    replace: 'anyShape(x).sub(anyShape(y).stopGradient()).square().mean()',
  }),
  inFile('regularizers', 'layers')(
    'in f64 > l1 and l2 are sums of sizes and squares, with derivatives lambda sgn(w) and 2 lambda w',
    {
      id: 'l2-halved',
      what: 'the l2 penalty is half of what it says',
      find: '(w) => w.square()',
      replace: '(w) => w.square().mul(0.5)',
    },
  ),
  activations('in f64 > leakyRelu and its derivatives are those of its formula', {
    id: 'leaky-relu-slope',
    what: 'leakyRelu divides by its slope',
    find: 'plain.greater(0).select(plain, plain.mul(slope))',
    replace: 'plain.greater(0).select(plain, plain.div(slope))',
  }),
  activations('in f64 > elu with alpha and its derivatives are those of its formula', {
    id: 'elu-alpha-lost',
    what: 'elu does not multiply by its alpha',
    find: 'positive.select(plain, below.mul(alpha))',
    replace: 'positive.select(plain, below.mul(alpha).div(alpha))',
  }),
  activations('in f64 > gelu and its derivatives are those of its formula', {
    id: 'gelu-scale',
    what: 'gelu does not divide by the root of 2',
    find: 'plain.mul(Math.SQRT1_2).erf()',
    replace: 'plain.erf()',
  }),
  activations('in f64 > selu and its derivatives are those of its formula', {
    id: 'selu-constant',
    what: 'the scale of selu is wrong in its fourth digit',
    find: '1.0507009873554805',
    replace: '1.0517009873554805',
  }),
];

const initial: readonly SeededBug[] = [
  initializers('glorotNormal > has mean and variance of [8, 400]', {
    id: 'fan-out-of-fan-in',
    what: 'the fan-out is taken for the fan-in',
    find: 'Math.max(1, shape[shape.length - 1] ?? 1)',
    replace: 'Math.max(1, shape[0] ?? 1)',
  }),
  initializers('kaimingNormal > has mean and variance of [100, 40]', {
    id: 'kaiming-as-xavier',
    what: 'the Kaiming distribution has half of its variance',
    find: '2 / ((1 + slope * slope) * fanIn(shape))',
    replace: '1 / ((1 + slope * slope) * fanIn(shape))',
  }),
  initializers('glorotUniform > has mean and variance of [100, 40]', {
    id: 'uniform-end',
    what: 'a uniform distribution ends at its standard deviation',
    find: 'Math.sqrt(3 * variance)',
    replace: 'Math.sqrt(variance)',
  }),
  initializers('kaimingNormal for a slope > has mean and variance of [100, 40]', {
    id: 'kaiming-slope',
    what: 'the slope of a leaky ReLU is not squared',
    find: '(1 + slope * slope)',
    replace: '(1 + Math.abs(slope))',
  }),
];

export const layers: readonly SeededBug[] = [...normalization, ...dropping, ...functions, ...initial];
