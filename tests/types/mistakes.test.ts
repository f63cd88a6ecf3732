/** What the editor says about a wrong model: the words that a person needs to put it right. */

import { expect, it } from 'vitest';
import logistic from '../../examples/01-logistic-regression/model.ts';
import { compile } from '../../src/compile.ts';
import { check } from './snippets.ts';

const names =
  'accuracy binaryAccuracy binaryCrossEntropy dense gradientDescent meanSquaredError model relu softmaxCrossEntropy zeros';

/** Statements inside a model that has images, class labels and two matrices. */
const inModel = (body: string): string => `
import { ${names.split(' ').join(', ')}, type ModelContext, type Tensor } from 'chainrule';
export const used = { ${names.split(' ').join(', ')} };
export type Used = Tensor;
export function build(m: ModelContext) {
  const x = m.input('x', ['batch', 784]);
  const y = m.label('y', { classes: 10 });
  const v = m.param('v', [784, 12], zeros());
  const w = m.param('w', [16, 10], zeros());
  ${body}
  return { x, y, v, w };
}
`;

/** A model as it is declared, with this result. */
const withResult = (result: string): string =>
  inModel(`model('m', (m) => {
    const x = m.input('x', ['batch', 784]);
    const y = m.label('y', { classes: 10 });
    const loss = softmaxCrossEntropy(dense(x, 10), y);
    return { ${result} };
  }, { batch: 1, optimizer: gradientDescent({ learningRate: 1 }) });`);

/** Statements of a program that has imported an emitted trainer. */
const withTrainer = (body: string): string => `
import { createTrainer } from 'chainrule/runtime';
import * as emitted from './emitted.ts';
export async function run() {
  const trainer = createTrainer(emitted);
  const x = new Float32Array(2);
  const y = new Float32Array(1);
  ${body}
  return { x, y };
}
`;

const doNotFit = (a: string, b: string): RegExp =>
  new RegExp(`the shapes \\[${a}\\] and \\[${b}\\] do not fit together`);
const unlike = (a: string, b: string): RegExp =>
  new RegExp(`the prediction is \\[${a}\\], the label is \\[${b}\\]; they must be equal`);

/** For each mistake the program and what must be said about it. */
const mistakes: Readonly<Record<string, readonly [snippet: string, said: RegExp]>> = {
  'matmul with a wrong inner dimension': [
    inModel('x.matmul(w);'),
    /matmul: \[batch, 784\] times \[16, 10\]: 784 columns on the left meet 16 rows on the right/,
  ],
  'matmul with a vector on the right': [
    inModel("x.matmul(m.param('q', [784], zeros()));"),
    /matmul needs two matrices; the right operand is \[784\]/,
  ],
  'matmul with a vector on the left': [
    inModel("m.param('q', [784], zeros()).matmul(v);"),
    /matmul needs two matrices; the left operand is \[784\]/,
  ],
  'matmul with a number': [inModel('x.matmul(3);'), /'number' is not assignable/],
  'matmul with class indices': [inModel('x.matmul(y);'), /'"int"' is not assignable to type '"float"'/],
  'add of unequal matrices': [inModel('x.add(v);'), doNotFit('batch, 784', '784, 12')],
  'sub of a longer row': [
    inModel("x.matmul(v).sub(m.param('q', [13], zeros()));"),
    doNotFit('batch, 12', '13'),
  ],
  'mul of a fixed number of rows with a batch': [
    inModel("x.mul(m.param('q', [5, 784], zeros()));"),
    doNotFit('batch, 784', '5, 784'),
  ],
  'a label added to floats': [inModel('x.add(y);'), /'"int"' is not assignable to type '"float"'/],
  'a bool multiplied': [inModel('x.mul(x.less(0));'), /'"bool"' is not assignable to type '"float"'/],
  'select between shapes that do not fit': [
    inModel('x.less(0).select(v, 0);'),
    doNotFit('batch, 784', '784, 12'),
  ],
  'select by numbers': [inModel('x.select(1, 0);'), /'"float"' is not assignable to type '"bool"'/],
  'oneHot of floats': [inModel('x.oneHot(10);'), /'"float"' is not assignable to type '"int"'/],
  'sum over an axis that is not there': [
    inModel('x.sum(2);'),
    /\[batch, 784\] has no axis 2; axes count from 0, or from the end as -1/,
  ],
  'max over an axis before the first': [inModel('x.max(-3);'), /\[batch, 784\] has no axis -3/],
  'softmaxCrossEntropy with a wrong number of classes': [
    inModel('softmaxCrossEntropy(x.matmul(v), y);'),
    /the logits have 12 columns, the label has 10 classes/,
  ],
  'accuracy with a wrong number of classes': [
    inModel('accuracy(dense(x, 11), y);'),
    /the logits have 11 columns, the label has 10 classes/,
  ],
  'softmaxCrossEntropy with numbers for a label': [
    inModel("softmaxCrossEntropy(dense(x, 10), m.label('t', ['batch', 10]));"),
    /'readonly \["batch", 10\]' is not assignable to type 'readonly \["batch"\]'/,
  ],
  'binaryCrossEntropy with a label of another width': [
    inModel("binaryCrossEntropy(dense(x, 1), m.label('t', ['batch', 2]));"),
    unlike('batch, 1', 'batch, 2'),
  ],
  'binaryCrossEntropy with a label of another rank': [
    inModel("binaryCrossEntropy(dense(x, 1), m.label('t', ['batch']));"),
    unlike('batch, 1', 'batch'),
  ],
  'binaryAccuracy with a label of another width': [
    inModel("binaryAccuracy(dense(x, 1), m.label('t', ['batch', 2]));"),
    unlike('batch, 1', 'batch, 2'),
  ],
  'meanSquaredError with a label of another width': [
    inModel("meanSquaredError(dense(x, 3), m.label('t', ['batch', 2]));"),
    unlike('batch, 3', 'batch, 2'),
  ],
  'a layer annotated with a wrong width': [
    inModel("const h: Tensor<readonly ['batch', 128]> = relu(dense(x, 127)); void h;"),
    /Type '127' is not assignable to type '128'/,
  ],
  'dense on a tensor of rank 3': [
    inModel("dense(m.input('q', ['batch', 3, 3]), 4);"),
    /Source has 3 element\(s\) but target allows only 2/,
  ],
  'relu of class indices': [inModel('relu(y);'), /'"int"' is not assignable to type '"float"'/],
  'a parameter with a batch dimension': [
    inModel("m.param('q', ['batch', 3], zeros());"),
    /Type 'string' is not assignable to type 'number'/,
  ],
  'a parameter used with a wrong shape': [
    inModel("const q: Tensor<readonly [3, 4]> = m.param('q', [4, 3], zeros()); void q;"),
    /'readonly \[4, 3\]' is not assignable to type 'readonly \[3, 4\]'/,
  ],
  'a parameter without a distribution': [
    inModel("m.param('q', [3], 0);"),
    /'number' is not assignable to parameter of type 'Initializer'/,
  ],
  'an input whose first dimension is a number': [
    inModel("m.input('q', [32, 784]);"),
    /Type 'number' is not assignable to type '"batch"'/,
  ],
  'an input with the batch misspelt': [
    inModel("m.input('q', ['Batch', 784]);"),
    /Type '"Batch"' is not assignable to type '"batch"'/,
  ],
  'a metric that is not one number': [
    withResult('loss, metrics: { logits: dense(x, 10) }'),
    /Property 'logits' is incompatible[\s\S]*'readonly \["batch", 10\]' is not assignable to type 'readonly \[\]'/,
  ],
  'a loss that is not one number': [
    withResult('loss: dense(x, 10), metrics: { scalar: loss }'),
    /'loss.shape' are incompatible[\s\S]*'readonly \["batch", 10\]' is not assignable to type 'readonly \[\]'/,
  ],
  'a result without a loss': [withResult('metrics: { loss }'), /Property 'loss' is missing/],
  'an option misspelt': [
    inModel("model('m', () => ({ loss: x.mean() }), { batch: 1, optimiser: undefined });"),
    /'optimiser' does not exist in type 'ModelOptions'. Did you mean to write 'optimizer'/,
  ],
  'an option of the optimizer misspelt': [
    inModel('gradientDescent({ rate: 1 });'),
    /'rate' does not exist in type 'GradientDescentOptions'/,
  ],
  'an input misspelt in a batch': [withTrainer('trainer.step({ X: x, y });'), /'X' does not exist in type/],
  'a label left out of a batch': [withTrainer('trainer.step({ x });'), /Property 'y' is missing/],
  'an input misspelt in the data of fit': [
    withTrainer('for await (const step of trainer.fit({ xs: x, y })) void step;'),
    /'xs' does not exist in type/,
  ],
  'a metric misspelt': [
    withTrainer('trainer.step({ x, y }).acuracy;'),
    /'acuracy' does not exist on type 'Metrics'. Did you mean 'accuracy'/,
  ],
  'an output misspelt': [
    withTrainer('trainer.predict({ x }).probabilities;'),
    /'probabilities' does not exist on type 'Outputs'. Did you mean 'probability'/,
  ],
};

const { code } = await compile(logistic);
const snippets = Object.fromEntries(Object.entries(mistakes).map(([name, [snippet]]) => [name, snippet]));
const diagnosticsOf = check<string>({
  ...snippets,
  emitted: code,
  'in order': inModel(''),
  'trained in order': withTrainer('const { accuracy } = trainer.step({ x, y }); void accuracy;'),
});

it.each(Object.entries(mistakes))('%s is one error that says why', (name, [, said]) => {
  const diagnostics = diagnosticsOf(name);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatch(said);
});

it('the programs around the mistakes are in order', () => {
  expect(diagnosticsOf('in order')).toEqual([]);
  expect(diagnosticsOf('trained in order')).toEqual([]);
});
