/** Handwritten digits: 784 pixels, a hidden layer of 128 units, ten classes, trained with Adam. */

import { accuracy, adam, dense, model, relu, softmax, softmaxCrossEntropy } from 'chainrule';

export default model(
  'digits',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });

    const hidden = relu(dense(x, 128));
    const logits = dense(hidden, 10);

    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  { data: 'digits', batch: 64, epochs: 15, optimizer: adam({ learningRate: 0.001 }) },
);
