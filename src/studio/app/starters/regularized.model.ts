/** Against learning by heart: dropout, a penalty on large weights, and a learning rate that falls along a cosine. */

import {
  accuracy,
  cosine,
  dropout,
  gradientDescent,
  kaimingNormal,
  l2,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
  zeros,
} from 'chainrule';

export default model(
  'regularized-network',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const w1 = m.param('w1', [2, 32], kaimingNormal());
    const b1 = m.param('b1', [32], zeros());
    const w2 = m.param('w2', [32, 2], kaimingNormal());
    const b2 = m.param('b2', [2], zeros());

    const hidden = dropout(relu(x.matmul(w1).add(b1)), { keep: 0.9 });
    const logits = hidden.matmul(w2).add(b2);

    return {
      loss: softmaxCrossEntropy(logits, y).add(l2(0.0005, w1, w2)),
      metrics: { accuracy: accuracy(logits, y) },
      outputs: { probabilities: softmax(logits) },
    };
  },
  {
    data: 'moons',
    batch: 50,
    epochs: 100,
    optimizer: gradientDescent({ learningRate: cosine({ max: 0.5, steps: 2000 }) }),
  },
);
