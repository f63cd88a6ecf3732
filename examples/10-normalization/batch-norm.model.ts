/**
 * Batch normalization with Adam: every layer normalizes its batch, and the gradient goes through mean and variance.
 *
 * The first 200 steps are these two alone. They learn so fast that 25,000 weights soon know the training images by heart:
 * from then on a fifth of the pixels is left out of every step, and the rate falls.
 */

import {
  accuracy,
  adam,
  batchNorm,
  cosine,
  dense,
  dropout,
  leakyRelu,
  model,
  piecewise,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

const plain = 200;
const steps = 1500;

export default model(
  'batch-norm',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const seen = dropout(x, { keep: (t) => t.less(plain).select(1, 0.8) });
    // No bias before a batch normalization: its b does that work.
    const z1 = batchNorm(dense(seen, 32, { bias: false }));
    const a1 = leakyRelu(z1, 0.01);
    const z2 = batchNorm(dense(a1, 10, { bias: false }));

    return {
      loss: softmaxCrossEntropy(z2, y),
      metrics: { accuracy: accuracy(z2, y) },
      outputs: { probabilities: softmax(z2) },
    };
  },
  {
    data: 'mnist',
    batch: 6000,
    epochs: 150,
    optimizer: adam({
      learningRate: piecewise(
        { from: 0, rate: 0.01 },
        { from: plain, rate: cosine({ max: 0.01, steps: steps - plain }) },
      ),
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    }),
  },
);
