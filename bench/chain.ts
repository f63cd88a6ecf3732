/** A chain of 10,000 operations between the input and the loss. */

import { gradientDescent, model, zeros } from 'chainrule';

const length = 10_000;

export default model(
  'chain',
  (m) => {
    const x = m.input('x', ['batch', 4]);
    const w = m.param('w', [4], zeros());
    let value = x.mul(w);
    for (let i = 0; i < length; i++) value = i % 2 === 0 ? value.add((1 + (i % 7)) / 1e4) : value.relu();
    return { loss: value.mean() };
  },
  { batch: 32, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
