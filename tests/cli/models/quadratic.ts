/** One weight, and a loss that is a parabola of it: with inputs of ±1 its curvature is 2. */

import { gradientDescent, meanSquaredError, model, zeros } from 'chainrule';

export default model(
  'quadratic',
  (m) => {
    const x = m.input('x', ['batch', 1]);
    const y = m.label('y', ['batch', 1]);
    const prediction = x.matmul(m.param('w', [1, 1], zeros()));
    return { loss: meanSquaredError(prediction, y), outputs: { prediction } };
  },
  { batch: 10, maxBatch: 1000, optimizer: gradientDescent({ learningRate: 0.01 }) },
);
