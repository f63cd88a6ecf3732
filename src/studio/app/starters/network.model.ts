/** A network with one hidden layer, which learns what no straight line can: to tell two spirals apart. */

import { accuracy, adam, dense, model, softmax, softmaxCrossEntropy, tanh } from 'chainrule';

export default model(
  'two-layer-network',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });

    const hidden = tanh(dense(x, 32));
    const logits = dense(hidden, 2);

    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  { data: 'spirals', batch: 50, epochs: 200, optimizer: adam({ learningRate: 0.02 }) },
);
