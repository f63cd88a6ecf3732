/** The seed's logistic regression, from first principles: an affine map, the sigmoid, the binary cross-entropy. */

import { binaryAccuracy, gradientDescent, model, zeros } from 'chainrule';

export default model(
  'logistic-regression',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', ['batch', 1]);
    const w = m.param('w', [2, 1], zeros());
    const b = m.param('b', [1], zeros());

    const one = m.constant(1);
    const z = x.matmul(w).add(b);
    const p = one.div(one.add(z.neg().exp()));

    const loss = y
      .neg()
      .mul(p.log())
      .sub(one.sub(y).mul(one.sub(p).log()))
      .mean();
    return { loss, metrics: { accuracy: binaryAccuracy(p, y) }, outputs: { probability: p } };
  },
  { data: 'moons', batch: 1000, epochs: 1000, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
