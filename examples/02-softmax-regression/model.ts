/** The seed's softmax regression, from first principles: an affine map, the softmax, the categorical cross-entropy. */

import { accuracy, gradientDescent, model, zeros } from 'chainrule';

export default model(
  'softmax-regression',
  (m) => {
    const x = m.input('x', ['batch', 4]);
    const y = m.label('y', { classes: 3 });
    const w = m.param('w', [4, 3], zeros());
    const b = m.param('b', [3], zeros());

    const z = x.matmul(w).add(b);
    const e = z.exp();
    const p = e.div(e.sum(1, { keep: true }));

    const loss = y.oneHot(3).mul(p.log()).sum(1).mean().neg();
    return { loss, metrics: { accuracy: accuracy(p, y) }, outputs: { probabilities: p } };
  },
  {
    data: 'blobs?features=4&count=150',
    batch: 150,
    epochs: 1000,
    optimizer: gradientDescent({ learningRate: 0.1 }),
  },
);
