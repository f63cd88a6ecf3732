/** Gradient descent with momentum. */

import { accuracy, dense, leakyRelu, model, momentum, softmax, softmaxCrossEntropy } from 'chainrule';

export default model(
  'momentum',
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
    optimizer: momentum({ learningRate: 0.05, beta: 0.9 }),
  },
);
