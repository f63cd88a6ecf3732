/** The benchmark case `digits`: small images, trained by Adam. */

import { adam, dense, model, relu, softmaxCrossEntropy } from 'chainrule';

export default model(
  'digits',
  (m) => {
    const x = m.input('x', ['batch', 64]);
    const y = m.label('y', { classes: 10 });
    const hidden = relu(dense(x, 32));
    return { loss: softmaxCrossEntropy(dense(hidden, 10), y) };
  },
  { batch: 32, optimizer: adam({ learningRate: 0.001 }) },
);
