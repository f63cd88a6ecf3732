/** Softmax regression on two half moons, from first principles: an affine map, the softmax, the cross-entropy. */

import { accuracy, gradientDescent, model, zeros } from 'chainrule';

export default model(
  'softmax-regression',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const w = m.param('w', [2, 2], zeros());
    const b = m.param('b', [2], zeros());

    const z = x.matmul(w).add(b);
    const e = z.exp();
    const p = e.div(e.sum(1, { keep: true }));

    const loss = y.oneHot(2).mul(p.log()).sum(1).mean().neg();
    return { loss, metrics: { accuracy: accuracy(p, y) }, outputs: { probabilities: p } };
  },
  { data: 'moons', batch: 50, epochs: 100, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
