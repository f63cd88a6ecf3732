/** L1 regularization: the loss grows with the sum of the weights in absolute value. */

import {
  accuracy,
  gradientDescent,
  kaimingNormal,
  l1,
  leakyRelu,
  model,
  softmax,
  softmaxCrossEntropy,
  zeros,
} from 'chainrule';

export default model(
  'l1',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });
    const w1 = m.param('w1', [784, 32], kaimingNormal());
    const b1 = m.param('b1', [32], zeros());
    const w2 = m.param('w2', [32, 10], kaimingNormal());
    const b2 = m.param('b2', [10], zeros());

    const z1 = x.matmul(w1).add(b1);
    const a1 = leakyRelu(z1, 0.01);
    const z2 = a1.matmul(w2).add(b2);

    return {
      loss: softmaxCrossEntropy(z2, y).add(l1(1e-4, w1, w2)),
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
