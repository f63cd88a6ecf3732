/** PReLU in the hidden layer: the slope below 0 is a parameter and is learnt. */

import {
  accuracy,
  constant,
  dense,
  gradientDescent,
  model,
  prelu,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'prelu',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = dense(x, 32);
    const slope = m.param('slope', [32], constant(0.25));
    const a1 = prelu(z1, slope);
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
    optimizer: gradientDescent({ learningRate: 0.1 }),
  },
);
