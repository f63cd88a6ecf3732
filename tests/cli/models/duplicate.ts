/** Two parameters of one name. */

import { gradientDescent, model, zeros } from 'chainrule';

export default model(
  'duplicate',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const w = m.param('w', [2], zeros());
    const v = m.param('w', [2], zeros());
    return { loss: x.mul(w).mul(v).mean() };
  },
  { data: 'moons', batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
