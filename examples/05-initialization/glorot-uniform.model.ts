/** Glorot initialization, uniform: variance 2/(fan-in + fan-out). */

import {
  accuracy,
  dense,
  glorotUniform,
  gradientDescent,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'glorot-uniform',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32, { init: glorotUniform() });
    const a1 = relu(z1);
    const z2 = dense(a1, 10, { init: glorotUniform() });

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
