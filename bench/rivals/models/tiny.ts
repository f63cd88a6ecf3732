/** The benchmark case `tiny`: what a step costs here is mostly not arithmetic. */

import { dense, gradientDescent, model, softmaxCrossEntropy, tanh } from 'chainrule';

export default model(
  'tiny',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    const first = tanh(dense(x, 16));
    const second = tanh(dense(first, 16));
    return { loss: softmaxCrossEntropy(dense(second, 2), y) };
  },
  { batch: 32, optimizer: gradientDescent({ learningRate: 0.05 }) },
);
