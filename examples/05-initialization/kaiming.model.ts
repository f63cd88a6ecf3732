/** Kaiming (He) initialization, normal: variance 2/fan-in. */

import {
  accuracy,
  dense,
  gradientDescent,
  kaimingNormal,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'kaiming',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32, { init: kaimingNormal() });
    const a1 = relu(z1);
    const z2 = dense(a1, 10, { init: kaimingNormal() });

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
