/** The smallest network worth timing: 2-16-2. What a step costs here is mostly not arithmetic. */

import { dense, gradientDescent, model, softmaxCrossEntropy, tanh } from 'chainrule';

export default model(
  'moons',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const hidden = tanh(dense(x, 16));
    return { loss: softmaxCrossEntropy(dense(hidden, 2), y) };
  },
  { data: 'moons', batch: 32, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
