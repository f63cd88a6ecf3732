/** Every diagnostic of the compiler: its stable code, its words, and what to do next. */

import type { Site } from './value.ts';

/** `error`: the model is wrong. `unsupported`: right, but not built yet. `bug`: the compiler is wrong. */
export type Severity = 'error' | 'warning' | 'unsupported' | 'bug';

/** What there is to say about a model: a stable code, what is wrong, what to do next, and the line. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help?: string;
  readonly site?: Site;
}

/** A diagnostic that ends the compilation. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

const error = (code: string, message: string, help?: string): CompileError =>
  new CompileError({ code, severity: 'error', message, ...(help === undefined ? {} : { help }) });

const warning = (code: string, message: string, help: string): Diagnostic => ({
  code,
  severity: 'warning',
  message,
  help,
});

const bug = (code: string, message: string): CompileError =>
  new CompileError({
    code,
    severity: 'bug',
    message,
    help: 'This is a fault of the compiler, not of your model: please report it with the model.',
  });

export const errors = {
  shapesDiffer: (op: string, a: string, b: string) =>
    error(
      'shape/mismatch',
      `${op}: the shapes of ${a} and ${b} do not fit together.`,
      'Sizes must be equal, or 1, counted from the right. `batch` fits only `batch` and 1.',
    ),
  innerDimensions: (a: string, b: string, left: unknown, right: unknown) =>
    error(
      'shape/matmul',
      `matmul: ${a} times ${b}: the inner dimensions ${left} and ${right} differ.`,
      `The columns of the left operand must equal the rows of the right one.`,
    ),
  rank: (op: string, operand: string, expected: string) =>
    error('shape/rank', `${op}: expected ${expected}, got ${operand}.`, 'Reshape or transpose the operand.'),
  axis: (op: string, operand: string, axis: unknown) =>
    error(
      'shape/axis',
      `${op}: ${operand} has no axis ${axis}, or it is named twice.`,
      'Axes count from 0; negative axes count from the end.',
    ),
  reshape: (operand: string, target: string) =>
    error(
      'shape/reshape',
      `reshape: ${operand} cannot become ${target}.`,
      'The number of elements must stay the same, and `batch` must stay the first axis.',
    ),
  badDim: (what: string, dim: unknown) =>
    error(
      'shape/dimension',
      `${what}: ${JSON.stringify(dim) ?? String(dim)} is not a dimension.`,
      "A dimension is a whole number from 0 to 2^31 - 1, or 'batch' as the first one.",
    ),
  tooLarge: (what: string, shape: string) =>
    error(
      'shape/too-large',
      `${what} ${shape} is too large: more than 2^31 - 1 elements.`,
      'Use smaller layers or a smaller batch.',
    ),
  emptyMean: (operand: string) =>
    error(
      'shape/empty',
      `the mean, maximum or argmax of ${operand} runs over no elements.`,
      'Give the axis at least one element.',
    ),
  dtype: (op: string, operand: string, expected: string) =>
    error(
      'dtype/mismatch',
      `${op}: expected ${expected}, got ${operand}.`,
      'Convert it first: toFloat() makes floats of bools and class indices.',
    ),
  duplicateName: (kind: string, name: string, first: string) =>
    error(
      'name/duplicate',
      `${kind} "${name}" is declared twice; the first one is ${first}.`,
      'Give each input, label and parameter a name of its own. A dense layer before batchNorm needs no bias: { bias: false }.',
    ),
  notFittable: (what: string, got: string) =>
    error(
      'normalization/input',
      `${what} is fitted on the training data, so it takes an input of the model as it is, got ${got}.`,
      'Normalize m.input(...) before anything else; inside the network use batchNorm.',
    ),
  badName: (kind: string, why: string) =>
    error('name/invalid', `the name of ${kind} ${why}.`, 'A name is 1 to 256 printable characters.'),
  outputNeedsLabel: (output: string, label: string) =>
    error(
      'output/label',
      `the output "${output}" is computed from the label "${label}", which is not there when predicting.`,
      'Report it as a metric, or compute it from inputs alone.',
    ),
  lossNotScalar: (got: string) =>
    error(
      'loss/not-scalar',
      `the loss must be one number, got ${got}.`,
      'Take the mean over the samples: loss.mean().',
    ),
  lossWithoutParameters: () =>
    error(
      'loss/no-parameter',
      'the loss depends on no parameter, so there is nothing to train.',
      'Use m.param or dense in the computation of the loss.',
    ),
  gradTarget: (operand: string) =>
    error(
      'grad/target',
      `a gradient with respect to ${operand} does not exist: it is not a float.`,
      'Differentiate with respect to float values.',
    ),
  notDifferentiable: (op: string) => error('grad/rule', `${op} has no gradient rule.`),
  hyperparameter: (what: string, expected: string, got: unknown) =>
    error('model/hyperparameter', `${what} must be ${expected}, got ${String(got)}.`),
  setTwice: (name: string) =>
    error(
      'state/set-twice',
      `the state "${name}" is set twice in one step.`,
      'Combine what is to be remembered, and set it once.',
    ),
  metricUnknown: (name: string, known: readonly string[]) =>
    error(
      'schedule/metric',
      `a schedule asks for the metric "${name}", which the model does not return.`,
      `It returns: ${known.join(', ')}.`,
    ),
  metricTooEarly: (name: string) =>
    error(
      'schedule/metric',
      `the momentum asks for the metric "${name}", which is known only after the look-ahead that the momentum decides.`,
      'Let the learning rate follow the metric, or use an optimizer without look-ahead.',
    ),
  foreignTensor: (op: string) =>
    error(
      'model/foreign',
      `${op}: the operand belongs to another model.`,
      'Build everything inside one model(...) function.',
    ),
  modelReturn: (got: string) =>
    error('model/return', `the model function must return { loss, metrics?, outputs? }, got ${got}.`),
  modelExport: (file: string, got: string) =>
    error(
      'model/export',
      `${file} exports no model: its default export is ${got}.`,
      "Write: export default model('name', (m) => { ... }, { ... });",
    ),
  modelMissing: (file: string) =>
    error(
      'model/missing',
      `there is no model file ${file}.`,
      'Check the path; it is taken from the current folder.',
    ),
  modelThrew: (file: string, message: string) =>
    error('model/threw', `${file} threw while it was loaded: ${message}`),
  buildThrew: (model: string, message: string) =>
    error(
      'model/threw',
      `the function of the model "${model}" threw: ${message}`,
      'Look at the line; where types are checked, the editor says what is wrong with it.',
    ),
  option: (name: string, expected: string, got: unknown) =>
    error('model/option', `option ${name}: expected ${expected}, got ${String(got)}.`),
  unknownPass: (name: string, known: readonly string[]) =>
    error('pass/unknown', `there is no pass "${name}".`, `The passes are: ${known.join(', ')}.`),
  parse: (line: number, message: string) => error('ir/parse', `line ${line}: ${message}`),
  invalid: (message: string) => bug('ir/invalid', message),
  unlowered: (op: string) =>
    bug('ir/unlowered', `${op} reached lowering; an earlier pass should have replaced it.`),
};

export const warnings = {
  unusedParameter: (name: string) =>
    warning(
      'param/unused',
      `parameter "${name}" does not influence the loss; it keeps its initial value.`,
      'Use it, or remove it.',
    ),
  symmetric: (name: string) =>
    warning(
      'param/symmetric',
      `every weight matrix starts with equal values ("${name}" is the first): the units of a layer stay equal for ever.`,
      'Start at least the hidden layers at random: kaimingNormal(), glorotUniform(), ...',
    ),
  unusedInput: (name: string) =>
    warning('input/unused', `input "${name}" is never read.`, 'Use it, or remove it.'),
};

/** One line, with the place in the user's file first, and the help below. */
export function showDiagnostic(diagnostic: Diagnostic): string {
  const where = diagnostic.site ? `${diagnostic.site.file}:${diagnostic.site.line}: ` : '';
  const help = diagnostic.help ? `\n  ${diagnostic.help}` : '';
  return `${where}${diagnostic.severity}[${diagnostic.code}]: ${diagnostic.message}${help}`;
}
