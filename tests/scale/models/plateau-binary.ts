/** Binary cross-entropy on one output, softplus and sigmoid, and a schedule that looks at the loss and remembers it. */

import {
  binaryAccuracy,
  binaryCrossEntropy,
  dense,
  halvingOnPlateau,
  model,
  momentum,
  sigmoid,
  softplus,
} from 'chainrule';

export default model(
  'plateau-binary',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', ['batch', 1]);
    const logits = dense(softplus(dense(x, 10)), 1);
    return {
      loss: binaryCrossEntropy(logits, y),
      metrics: { accuracy: binaryAccuracy(logits, y) },
      outputs: { probability: sigmoid(logits) },
    };
  },
  {
    data: 'blobs?count=500&classes=2',
    batch: 32,
    epochs: 15,
    optimizer: momentum({
      learningRate: halvingOnPlateau({ initial: 0.2, metric: 'loss', patience: 5 }),
      beta: 0.9,
    }),
  },
);
