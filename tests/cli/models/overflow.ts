/** A rate so large that the weights grow by a factor in every step, until their squares overflow. */

import { constant, gradientDescent, model } from 'chainrule';

export default model(
  'overflow',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const w = m.param('w', [2], constant(1));
    const squares = x.mul(w).square();
    return { loss: squares.mean() };
  },
  { data: 'moons', batch: 8, optimizer: gradientDescent({ learningRate: 1000 }) },
);
