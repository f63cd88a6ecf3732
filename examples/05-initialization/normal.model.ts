/** Weights from N(0, 1): sums of 784 terms that are far too large. */

import {
  accuracy,
  dense,
  gradientDescent,
  model,
  normal,
  relu,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'normal',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32, { init: normal(1) });
    const a1 = relu(z1);
    const z2 = dense(a1, 10, { init: normal(1) });

    return {
      loss: softmaxCrossEntropy(z2, y),
      metrics: { accuracy: accuracy(z2, y) },
      outputs: { probabilities: softmax(z2) },
    };
  },
  {
    data: 'mnist',
    batch: 6000,
    epochs: 20,
    optimizer: gradientDescent({ learningRate: 0.1 }),
  },
);
