/** Two inputs, for which a data set has only one block of features. */

import { gradientDescent, model, zeros } from 'chainrule';

export default model(
  'pair',
  (m) => {
    const left = m.input('left', ['batch', 2]);
    const right = m.input('right', ['batch', 2]);
    const w = m.param('w', [2], zeros());
    return { loss: left.add(right).mul(w).mean() };
  },
  { data: 'moons', batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
