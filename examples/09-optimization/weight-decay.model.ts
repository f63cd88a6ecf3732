/** Weight decay on top of any optimizer, here momentum: weights shrink a little in every step, biases do not. */

import {
  accuracy,
  dense,
  leakyRelu,
  model,
  momentum,
  softmax,
  softmaxCrossEntropy,
  weightDecay,
} from 'chainrule';

export default model(
  'weight-decay',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32);
    const a1 = leakyRelu(z1, 0.01);
    const z2 = dense(a1, 10);

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
    // Only weights decay: a bias makes no function steeper.
    optimizer: weightDecay(momentum({ learningRate: 0.05 }), 0.01, { only: (name) => name.startsWith('w') }),
  },
);
