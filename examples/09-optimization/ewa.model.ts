/** Exponentially weighted averages of the loss, plain and corrected, computed inside the step. */

import {
  accuracy,
  dense,
  ewa,
  gradientDescent,
  leakyRelu,
  model,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'ewa',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32);
    const a1 = leakyRelu(z1, 0.01);
    const z2 = dense(a1, 10);
    const loss = softmaxCrossEntropy(z2, y);

    return {
      loss,
      metrics: {
        accuracy: accuracy(z2, y),
        average: ewa(loss, { beta: 0.9 }),
        uncorrected: ewa(loss, { beta: 0.9, corrected: false }),
      },
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
