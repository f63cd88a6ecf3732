/** Dropout, batch normalization, the error function, Adam and a schedule: what draws, mixes samples and remembers. */

import {
  accuracy,
  adam,
  batchNorm,
  cosine,
  dense,
  dropout,
  gelu,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
} from 'chainrule';

export default model(
  'batch-norm-dropout',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const hidden = dropout(relu(batchNorm(dense(x, 16, { bias: false }))), { keep: 0.8 });
    const logits = dense(gelu(dense(hidden, 8)), 2);
    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  {
    data: 'moons?count=600',
    batch: 64,
    epochs: 4,
    optimizer: adam({ learningRate: cosine({ max: 0.01, min: 0.001, steps: 150 }) }),
  },
);
