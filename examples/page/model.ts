/** Two half moons, told apart by sixteen units: what the page trains. */

import { accuracy, adam, dense, model, softmax, softmaxCrossEntropy, tanh } from 'chainrule';

export default model(
  'moons',
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
  { data: 'moons', batch: 32, maxBatch: 400, epochs: 20, optimizer: adam({ learningRate: 0.02 }) },
);
