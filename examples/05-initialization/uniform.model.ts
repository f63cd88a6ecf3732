/** Weights uniform on [-0.05, 0.05). */

import {
  accuracy,
  dense,
  gradientDescent,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
  uniform,
} from 'chainrule';

export default model(
  'uniform',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32, { init: uniform(-0.05, 0.05) });
    const a1 = relu(z1);
    const z2 = dense(a1, 10, { init: uniform(-0.05, 0.05) });

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
