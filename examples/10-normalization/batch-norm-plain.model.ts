/** Batch normalization with Adam and nothing else: fast, and soon past what it can tell of new images. */

import { accuracy, adam, batchNorm, dense, leakyRelu, model, softmax, softmaxCrossEntropy } from 'chainrule';

export default model(
  'batch-norm-plain',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const z1 = batchNorm(dense(x, 32, { bias: false }));
    const a1 = leakyRelu(z1, 0.01);
    const z2 = batchNorm(dense(a1, 10, { bias: false }));

    return {
      loss: softmaxCrossEntropy(z2, y),
      metrics: { accuracy: accuracy(z2, y) },
      outputs: { probabilities: softmax(z2) },
    };
  },
  {
    data: 'mnist',
    batch: 6000,
    epochs: 40,
    optimizer: adam({ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }),
  },
);
