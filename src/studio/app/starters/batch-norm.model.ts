/** Batch normalization: every unit is scaled by mean and variance of its batch, and the gradient goes through both. */

import { accuracy, batchNorm, dense, model, momentum, relu, softmax, softmaxCrossEntropy } from 'chainrule';

export default model(
  'batch-norm',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 3 });

    // No bias before a batch normalization: its b does that work.
    const hidden = relu(batchNorm(dense(x, 16, { bias: false })));
    const logits = dense(hidden, 3);

    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  { data: 'blobs', batch: 50, epochs: 20, optimizer: momentum({ learningRate: 0.05 }) },
);
