/** A step takes longer than anybody wants to wait for. */

import { dense, gradientDescent, model, softmaxCrossEntropy, tanh } from 'chainrule';

export default model(
  'slow',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 2 });
    return { loss: softmaxCrossEntropy(dense(tanh(dense(tanh(dense(x, 1500)), 1500)), 2), y) };
  },
  { data: 'moons?count=100', batch: 64, optimizer: gradientDescent({ learningRate: 0.01 }) },
);
