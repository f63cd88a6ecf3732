/** Everything that a checkpoint has to bring back: slots, running and fitted statistics, random masks, a rate that remembers losses. */

import {
  accuracy,
  adam,
  batchNorm,
  dense,
  dropout,
  halvingOnPlateau,
  model,
  relu,
  softmaxCrossEntropy,
  zScore,
} from 'chainrule';

export default model(
  'restless',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const hidden = dropout(relu(batchNorm(dense(zScore(x), 12, { bias: false }))), { keep: 0.8 });
    const logits = dense(hidden, 2);
    return { loss: softmaxCrossEntropy(logits, y), metrics: { accuracy: accuracy(logits, y) } };
  },
  {
    data: 'moons?count=100&test=20',
    batch: 16,
    epochs: 6,
    optimizer: adam({ learningRate: halvingOnPlateau({ initial: 0.05, metric: 'loss', patience: 3 }) }),
  },
);
