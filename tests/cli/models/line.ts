/** A straight line through points: a label that is a number. */

import { dense, gradientDescent, meanSquaredError, model } from 'chainrule';

export default model(
  'line',
  (m) => {
    const x = m.input('x', ['batch', 1]);
    const y = m.label('y', ['batch', 1]);
    const prediction = dense(x, 1);
    return { loss: meanSquaredError(prediction, y), outputs: { prediction } };
  },
  { batch: 4, epochs: 1, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
