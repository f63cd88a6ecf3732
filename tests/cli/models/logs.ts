/** A loss that is NaN: the logarithm of numbers below 0. */

import { gradientDescent, model, zeros } from 'chainrule';

export default model(
  'logs',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const w = m.param('w', [2], zeros());
    return { loss: x.mul(w).sub(1).log().mean() };
  },
  { data: 'moons', batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
