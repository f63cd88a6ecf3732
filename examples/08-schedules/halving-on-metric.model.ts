/** Halving when the accuracy of a batch first passes 80 %, and again at 90 %. */

import {
  accuracy,
  dense,
  gradientDescent,
  halvingOnMetric,
  leakyRelu,
  model,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'halving-on-metric',
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
    optimizer: gradientDescent({
      learningRate: halvingOnMetric({ initial: 0.3, metric: 'accuracy', above: [0.8, 0.9] }),
    }),
  },
);
