/** Errors of shapes and kinds. */

import { type ErrorText, modelOf } from './text.ts';

const x = "const x = m.input('x', ['batch', 3]);";
const w = (shape: string): string => `const w = m.param('w', ${shape}, glorotUniform());`;
const init = { more: ['glorotUniform'] };

export const shapeErrors: readonly ErrorText[] = [
  {
    code: 'shape/mismatch',
    means: 'Two operands of an elementwise operation have shapes that do not broadcast to a common one.',
    why: "Operands are aligned from the right; sizes must be equal, or one of them 1. `'batch'` is a size that is not known before a call, so it fits only itself and 1: what happens to work for one batch size would fail for another.",
    mend: 'Reshape one operand, keep the axis of a reduction (`x.sum(1, { keep: true })`), or correct the size in the declaration. In an editor the same mistake is a type error at the same place.',
    example: {
      kind: 'model',
      text: modelOf([x, w('[4]'), 'return { loss: x.add(w).mean() };'], init),
    },
  },
  {
    code: 'shape/matmul',
    means: 'The columns of the left matrix are not as many as the rows of the right one.',
    why: 'Element $(i, j)$ of a product is a sum over $k$ of $x_{ik} w_{kj}$, so $k$ must run over the same sizes on both sides.',
    mend: 'Samples are rows here: write `x.matmul(w)` with `w` of shape `[in, out]`. Texts that keep samples as columns write $WX$, with $W$ of shape `[out, in]`: then transpose it, or declare it the other way round.',
    example: {
      kind: 'model',
      text: modelOf([x, w('[1, 3]'), 'return { loss: x.matmul(w).mean() };'], init),
    },
  },
  {
    code: 'shape/rank',
    means: 'An operation got an operand with another number of axes than it is for.',
    why: '`matmul` multiplies matrices, `dense` takes `[batch, features]`, metrics are single numbers. Nothing is flattened silently, because there is more than one way to do it.',
    mend: "Flatten with `x.reshape(['batch', 784])`, or reduce to one number with `sum()` or `mean()`.",
    example: {
      kind: 'model',
      text: modelOf(
        [
          "const images = m.input('images', ['batch', 28, 28]);",
          'return { loss: dense(images, 10).mean() };',
        ],
        { more: ['dense'] },
      ),
    },
  },
  {
    code: 'shape/axis',
    means: 'A reduction or a movement names an axis that its operand does not have, or one axis twice.',
    why: 'There is no axis to run over.',
    mend: 'Axes count from 0; `-1` is the last one. In `[batch, features]`, axis 0 counts samples and axis 1 what is in a row.',
    example: { kind: 'model', text: modelOf([x, 'return { loss: x.sum(2).mean() };']) },
  },
  {
    code: 'shape/reshape',
    means: 'The new shape has another number of elements, or moves the batch away from the first axis.',
    why: 'A reshape moves no element in memory. The batch has to stay the slowest axis, or the elements of one sample would no longer lie side by side.',
    mend: "Leave `'batch'` first and make the product of the other sizes the same.",
    example: {
      kind: 'model',
      text: modelOf([x, "return { loss: x.reshape(['batch', 2, 2]).mean() };"]),
    },
  },
  {
    code: 'shape/dimension',
    means: "A size is not a whole number from 0 to 2^31 - 1, nor `'batch'` in the first place.",
    why: 'All sizes but the number of samples are known when the model is compiled: the arena is laid out from them.',
    mend: "Write the number. Inputs and labels begin with `'batch'`; parameters and states never have it.",
    example: {
      kind: 'model',
      text: modelOf([x, w("['batch', 3]"), 'return { loss: x.mul(w).mean() };'], init),
    },
  },
  {
    code: 'shape/too-large',
    means: 'An array would have 2^31 elements or more.',
    why: 'Indices are 32-bit integers, in JavaScript and in WebAssembly.',
    mend: 'Use smaller layers, or a smaller `batch` and `maxBatch`: intermediate values have a row for each sample that one call may bring.',
    example: {
      kind: 'model',
      text: modelOf([x, w('[65536, 65536]'), 'return { loss: w.mean().add(x.mean()) };'], init),
    },
  },
  {
    code: 'shape/empty',
    means: 'A mean, a maximum or an argmax runs over no elements.',
    why: 'The mean of nothing is 0/0, and nothing has no largest element. A sum over no elements is 0 and is allowed.',
    mend: 'Give the axis at least one element.',
    example: {
      kind: 'model',
      text: modelOf(["const x = m.input('x', ['batch', 0]);", 'return { loss: x.mean(1).sum() };']),
    },
  },
  {
    code: 'dtype/mismatch',
    means:
      'An operation got a value of the wrong kind: floats, whole numbers (class labels) and truths are apart.',
    why: 'Converting a class index to a float silently would let a model compute with the number of a class as if it were a quantity.',
    mend: 'For the row of 0 and 1 write `y.oneHot(10)`; where the number itself is meant, `y.toFloat()`. `toFloat()` makes 0 and 1 of truths as well.',
    example: {
      kind: 'model',
      text: modelOf(["const y = m.label('y', { classes: 10 });", 'return { loss: y.exp().mean() };']),
    },
  },
];
