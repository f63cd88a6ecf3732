/** The benchmark case `mnist-128`: the usual first network for MNIST. */

import { adam, dense, model, relu, softmaxCrossEntropy } from 'chainrule';

export default model(
  'mnist-128',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });
    const hidden = relu(dense(x, 128));
    return { loss: softmaxCrossEntropy(dense(hidden, 10), y) };
  },
  { batch: 128, optimizer: adam({ learningRate: 0.001 }) },
);
