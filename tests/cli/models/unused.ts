/** A parameter that nothing reads: a warning, not an error. */

import { gradientDescent, model, zeros } from 'chainrule';

export default model(
  'unused',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const w = m.param('w', [2], zeros());
    m.param('spare', [2], zeros());
    return { loss: x.mul(w).square().mean() };
  },
  { data: 'moons', batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
