/** The benchmark case `wide-small`: `wide` cut down to what a run of CI has time for. */

import { adam, dense, model, relu, softmaxCrossEntropy } from 'chainrule';

export default model(
  'wide-small',
  (m) => {
    const x = m.input('x', ['batch', 256]);
    const y = m.label('y', { classes: 10 });
    const first = relu(dense(x, 256));
    const second = relu(dense(first, 256));
    return { loss: softmaxCrossEntropy(dense(second, 10), y) };
  },
  { batch: 64, optimizer: adam({ learningRate: 0.001 }) },
);
