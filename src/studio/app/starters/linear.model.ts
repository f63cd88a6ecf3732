/** Linear regression: the class, 0 or 1, as a number, and the straight line with the least squared error. */

import { binaryAccuracy, gradientDescent, meanSquaredError, model, zeros } from 'chainrule';

export default model(
  'linear-regression',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', ['batch', 1]);
    const w = m.param('w', [2, 1], zeros());
    const b = m.param('b', [1], zeros());

    const line = x.matmul(w).add(b);
    return {
      loss: meanSquaredError(line, y),
      metrics: { accuracy: binaryAccuracy(line, y) },
      outputs: { line },
    };
  },
  { data: 'moons', batch: 100, epochs: 20, optimizer: gradientDescent({ learningRate: 0.05 }) },
);
