/** Statistics fitted to the data, a look-ahead, weight decay and clipped gradients; the batch divides the records. */

import {
  accuracy,
  clipByNorm,
  dense,
  model,
  nesterov,
  softmax,
  softmaxCrossEntropy,
  tanh,
  weightDecay,
  zScore,
} from 'chainrule';

export default model(
  'z-score-nesterov',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 3 });
    const logits = dense(tanh(dense(zScore(x), 12)), 3);
    return {
      loss: softmaxCrossEntropy(logits, y),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  {
    data: 'spirals?count=600&arms=3',
    batch: 40,
    epochs: 10,
    optimizer: weightDecay(clipByNorm(nesterov({ learningRate: 0.05, beta: 0.9 }), 1), 1e-4),
  },
);
