/** The seed's mini-batch network: the same equations, stepping after every mini-batch instead of every epoch. */

import { accuracy, gradientDescent, kaimingNormal, model, zeros } from 'chainrule';

export default model(
  'mini-batch',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });
    const w1 = m.param('w1', [784, 32], kaimingNormal());
    const b1 = m.param('b1', [32], zeros());
    const w2 = m.param('w2', [32, 10], kaimingNormal());
    const b2 = m.param('b2', [10], zeros());

    const z1 = x.matmul(w1).add(b1);
    const a1 = z1.relu();
    const z2 = a1.matmul(w2).add(b2);
    const e = z2.exp();
    const a2 = e.div(e.sum(1, { keep: true }));

    const loss = y.oneHot(10).mul(a2.log()).sum(1).mean().neg();
    return { loss, metrics: { accuracy: accuracy(a2, y) }, outputs: { probabilities: a2 } };
  },
  {
    data: 'mnist',
    batch: 8,
    maxBatch: 6000,
    epochs: 12,
    // The seed's rate, 0.05, for 45,000 steps; then it decays, by a factor of e every 15,000 steps, to quiet the noise
    // of small batches.
    optimizer: gradientDescent({
      learningRate: (t) =>
        t
          .mul(-1 / 15000)
          .add(3)
          .exp()
          .minimum(1)
          .mul(0.05),
    }),
  },
);
