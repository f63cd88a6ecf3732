/** Two wide layers, 1.9 million parameters: large enough that the products of matrices are what a step takes. */

import { accuracy, adam, dense, model, relu, softmax, softmaxCrossEntropy } from 'chainrule';

export default model(
  'wide',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });
    const first = relu(dense(x, 1024));
    const second = relu(dense(first, 1024));
    const logits = dense(second, 10);
    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  { data: 'digits?count=2048', batch: 256, epochs: 1, optimizer: adam({ learningRate: 0.001 }) },
);
