/** A warm-up of 20 steps, then cosine annealing: schedules are made of schedules. */

import {
  accuracy,
  cosine,
  dense,
  gradientDescent,
  leakyRelu,
  model,
  softmax,
  softmaxCrossEntropy,
  warmUp,
} from 'chainrule';

export default model(
  'warm-up',
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
      learningRate: warmUp({ steps: 20, rate: cosine({ max: 0.3, steps: 180 }) }),
    }),
  },
);
