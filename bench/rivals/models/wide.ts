/** The benchmark case `wide`: nearly all of a step is matrix products. */

import { adam, dense, model, relu, softmaxCrossEntropy } from 'chainrule';

export default model(
  'wide',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });
    const first = relu(dense(x, 512));
    const second = relu(dense(first, 512));
    return { loss: softmaxCrossEntropy(dense(second, 10), y) };
  },
  { batch: 128, optimizer: adam({ learningRate: 0.001 }) },
);
