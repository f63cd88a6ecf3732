/** Two features, sixteen units, two classes: small enough to train while a test waits. */

import { accuracy, dense, gradientDescent, model, softmax, softmaxCrossEntropy, tanh } from 'chainrule';

export default model(
  'tiny',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const hidden = tanh(dense(x, 16));
    const logits = dense(hidden, 2);
    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  { data: 'moons', batch: 32, maxBatch: 64, epochs: 2, optimizer: gradientDescent({ learningRate: 0.5 }) },
);
