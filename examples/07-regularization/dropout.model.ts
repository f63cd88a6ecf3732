/** Dropout: a random quarter of the hidden units is left out of every step. */

import {
  accuracy,
  dense,
  dropout,
  gradientDescent,
  leakyRelu,
  model,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'dropout',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32);
    const a1 = dropout(leakyRelu(z1, 0.01), { keep: 0.75 });
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
    optimizer: gradientDescent({ learningRate: 0.05 }),
  },
);
