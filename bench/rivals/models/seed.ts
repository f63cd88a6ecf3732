/** The benchmark case `seed`: the network that the project grew from, a tenth of MNIST at once. */

import { dense, gradientDescent, model, relu, softmaxCrossEntropy } from 'chainrule';

export default model(
  'seed',
  (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });
    const hidden = relu(dense(x, 32));
    return { loss: softmaxCrossEntropy(dense(hidden, 10), y) };
  },
  { batch: 6000, optimizer: gradientDescent({ learningRate: 0.02 }) },
);
