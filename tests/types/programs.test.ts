/** Right programs have nothing to complain about, and the editor knows every shape in them. */

import { expect, it } from 'vitest';
import { check } from './snippets.ts';

/** A function of a model that declares values by their types; each line is its own statement. */
const shapes = (lines: readonly string[]): string => `
import { accuracy, binaryCrossEntropy, dense, relu, sigmoid, softmax, softmaxCrossEntropy, tanh, zeros } from 'chainrule';
import type { ClassLabel, ModelContext, Scalar, Tensor } from 'chainrule';
export const used = { accuracy, binaryCrossEntropy, dense, relu, sigmoid, softmax, softmaxCrossEntropy, tanh };
export type Used = ClassLabel | Scalar | Tensor;
export function build(m: ModelContext) {
  const pixels = m.input('pixels', ['batch', 784]);
  const digit = m.label('digit', { classes: 10 });
  const w = m.param('w', [784, 12], zeros());
  const row = m.param('row', [784], zeros());
  return [pixels, digit, w, row, ${lines.map((_, i) => `value${i}`).join(', ')}];
${lines.map((line, i) => `  function value${i}() { const value: ${line}; return value; }`).join('\n')}
}
`;

const right = {
  'a layer': shapes([
    "Tensor<readonly ['batch', 128]> = relu(dense(pixels, 128))",
    "Tensor<readonly ['batch', 10]> = softmax(dense(tanh(dense(pixels, 32)), 10))",
    "Tensor<readonly ['batch', 1]> = sigmoid(dense(pixels, 1, { name: 'out', bias: false }))",
    "Tensor<readonly ['batch', 12]> = pixels.matmul(w).add(m.param('b', [12], zeros()))",
  ]),
  'a reduction': shapes([
    'Scalar = pixels.sum()',
    'Tensor<readonly [784]> = pixels.sum(0)',
    "Tensor<readonly ['batch']> = pixels.mean(1)",
    "Tensor<readonly ['batch']> = pixels.max(-1)",
    'Tensor<readonly [784]> = pixels.sum(-2)',
    "Tensor<readonly ['batch', 1]> = pixels.sum(1, { keep: true })",
    'Tensor<readonly [1, 784]> = pixels.mean(-2, { keep: true })',
    "Tensor<readonly ['batch']> = pixels.logSumExp(1)",
    "Tensor<readonly ['batch'], 'int'> = pixels.argmax(1)",
    'Scalar = pixels.sum(0).sum(0)',
  ]),
  'an elementwise operation': shapes([
    "Tensor<readonly ['batch', 784]> = pixels.sub(row)",
    "Tensor<readonly ['batch', 784]> = row.sub(pixels)",
    "Tensor<readonly ['batch', 784]> = pixels.div(pixels.sum(1, { keep: true }))",
    "Tensor<readonly ['batch', 784]> = m.constant(1).sub(pixels).mul(2)",
    "Tensor<readonly ['batch', 784], 'bool'> = pixels.greater(row)",
    "Tensor<readonly ['batch', 784]> = pixels.less(0).select(pixels, 0)",
    "Tensor<readonly ['batch', 784]> = pixels.sum(1, { keep: true }).less(0).select(row, pixels)",
  ]),
  'a change of form': shapes([
    "Tensor<readonly [784, 'batch']> = pixels.transpose()",
    'Tensor<readonly [12, 784]> = w.transpose()',
    "Tensor<readonly ['batch', 28, 28]> = pixels.reshape(['batch', 28, 28])",
    "Tensor<readonly ['batch', 10]> = digit.oneHot(10)",
    "Tensor<readonly ['batch'], 'int'> = digit",
    "Tensor<readonly ['batch']> = digit.toFloat()",
    'Tensor<readonly [784, 784]> = pixels.transpose().matmul(pixels)',
    "Tensor<readonly ['batch', 128]> = dense(pixels, 128).named('hidden')",
  ]),
  'a loss': shapes([
    'Scalar = softmaxCrossEntropy(dense(pixels, 10), digit)',
    'Scalar = accuracy(dense(pixels, 10), digit)',
    "Scalar = binaryCrossEntropy(dense(pixels, 2), m.label('t', ['batch', 2]))",
  ]),
  "a user's own layer, open in the batch or in the width": `
    import { type Dim, dense, type ModelContext, type Tensor, zeros } from 'chainrule';
    export function affine<B extends Dim>(m: ModelContext, x: Tensor<readonly [B, 4]>) {
      return x.matmul(m.param('w', [4, 3], zeros())).relu();
    }
    export const total = <B extends Dim>(x: Tensor<readonly [B, 4]>) => x.sum(1);
    export function stack(x: Tensor<readonly ['batch', number]>, widths: readonly number[]) {
      return widths.reduce((h, width) => dense(h, width).relu(), x);
    }
    export function use(m: ModelContext) {
      const x = m.input('x', ['batch', 4]);
      const y: Tensor<readonly ['batch', 3]> = affine(m, x);
      const s: Tensor<readonly ['batch']> = total(x);
      return [y, s, stack(x, [8, 8])];
    }`,
  "a user's own optimizer and schedule": `
    import { gradientDescent, type Optimizer } from 'chainrule';
    export const momentum = (learningRate: number, beta: number): Optimizer => ({
      name: 'momentum',
      learningRate,
      update({ parameter, gradient, rate, slot }) {
        const velocity = slot('velocity');
        const next = velocity.value.mul(beta).add(gradient.mul(1 - beta));
        velocity.set(next);
        return parameter.sub(rate.mul(next));
      },
    });
    export const decaying = gradientDescent({ learningRate: (step) => step.add(1).sqrt().mul(0.1) });`,
  'the digits model': `
    import { accuracy, dense, gradientDescent, model, relu, softmax, softmaxCrossEntropy, type Tensor } from 'chainrule';
    export default model('digits', (m) => {
      const pixels = m.input('pixels', ['batch', 784]);
      const digit = m.label('digit', { classes: 10 });
      const hidden: Tensor<readonly ['batch', 128]> = relu(dense(pixels, 128));
      const logits = dense(hidden, 10);
      return {
        loss: softmaxCrossEntropy(logits, digit),
        metrics: { accuracy: accuracy(logits, digit) },
        outputs: { probabilities: softmax(logits), digit: logits.argmax(1) },
      };
    }, { data: 'digits', batch: 64, epochs: 5, optimizer: gradientDescent({ learningRate: 0.1 }) });`,
};

const diagnosticsOf = check<string>(right);

it.each(Object.keys(right))('%s has no diagnostics', (name) => {
  const found: readonly string[] = diagnosticsOf(name);
  expect(found).toEqual([]);
});
