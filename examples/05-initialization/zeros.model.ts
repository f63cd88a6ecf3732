/** All weights 0: every hidden unit gets the same gradient, and they stay equal for ever. The compiler warns. */

import {
  accuracy,
  dense,
  gradientDescent,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
  zeros,
} from 'chainrule';

export default model(
  'zeros',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32, { init: zeros() });
    const a1 = relu(z1);
    const z2 = dense(a1, 10, { init: zeros() });

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
