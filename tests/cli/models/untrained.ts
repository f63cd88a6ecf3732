/** A loss in which there is nothing to learn. */

import { gradientDescent, model } from 'chainrule';

export default model('untrained', (m) => ({ loss: m.input('x', ['batch', 2]).mean() }), {
  data: 'moons',
  batch: 8,
  optimizer: gradientDescent({ learningRate: 0.1 }),
});
