/** A model whose own function fails, as one does that is written without types. */

import { dense, gradientDescent, model } from 'chainrule';

const sizes: { readonly hidden?: readonly number[] } = {};

export default model(
  'stumbles',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const [units] = (sizes.hidden ?? undefined) as readonly number[];
    return { loss: dense(x, units ?? 1).mean() };
  },
  { batch: 4, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
