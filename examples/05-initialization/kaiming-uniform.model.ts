/** Kaiming (He) initialization, uniform: variance 2/fan-in. */

import {
  accuracy,
  dense,
  gradientDescent,
  kaimingUniform,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'kaiming-uniform',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32, { init: kaimingUniform() });
    const a1 = relu(z1);
    const z2 = dense(a1, 10, { init: kaimingUniform() });

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
