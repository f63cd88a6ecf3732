/** Xavier initialization as the seed writes it: N(0, 1/fan-in). */

import {
  accuracy,
  dense,
  gradientDescent,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
  xavierNormal,
} from 'chainrule';

export default model(
  'xavier',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32, { init: xavierNormal() });
    const a1 = relu(z1);
    const z2 = dense(a1, 10, { init: xavierNormal() });

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
