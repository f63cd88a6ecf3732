/** A matrix of the wrong height. */

import { gradientDescent, kaimingNormal, model } from 'chainrule';

export default model(
  'shapes',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const w = m.param('w', [3, 4], kaimingNormal());
    // @ts-expect-error The types say it as well.
    const product = x.matmul(w);
    return { loss: product.mean() };
  },
  { data: 'moons', batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
