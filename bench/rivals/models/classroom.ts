/** The benchmark case `classroom`: a small network with batch normalization. */

import { batchNorm, dense, gradientDescent, model, relu, softmaxCrossEntropy } from 'chainrule';

export default model(
  'classroom',
  (m) => {
    const x = m.input('x', ['batch', 24]);
    const y = m.label('y', { classes: 4 });
    const hidden = relu(batchNorm(dense(x, 16, { bias: false })));
    return { loss: softmaxCrossEntropy(dense(hidden, 4), y) };
  },
  { batch: 16, optimizer: gradientDescent({ learningRate: 0.05 }) },
);
