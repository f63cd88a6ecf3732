/** Errors of model files and options, and faults of the compiler itself. */

import { type ErrorText, modelOf, tiny } from './text.ts';

const x = "const x = m.input('x', ['batch', 3]);";
const w = "const w = m.param('w', [3, 1], glorotUniform());";
const init = { more: ['glorotUniform'] };

export const loadingErrors: readonly ErrorText[] = [
  {
    code: 'model/missing',
    means: 'There is no file of this name, or it cannot be read.',
    why: 'There is nothing to load.',
    mend: 'Paths are taken from the current folder. A folder is not a model: name the file in it.',
    example: { kind: 'command', words: 'compile modle.ts' },
  },
  {
    code: 'model/syntax',
    means: 'The model file is not TypeScript.',
    why: 'It could not be parsed; the message has the reason and the line.',
    mend: 'Look at the line and the one before it.',
    example: {
      kind: 'model',
      text: "import { model } from 'chainrule';\n\nexport default model('example', (m) => {",
    },
  },
  {
    code: 'model/threw',
    means: 'The model file, or the function in it, threw an error of its own.',
    why: 'A model is a program: loading it runs it. Only run models that you would run as programs ([SECURITY.md](../SECURITY.md)).',
    mend: 'The line is that of the model file. Types are not checked when a model is loaded; an editor, or `tsc`, shows most of these before.',
    example: {
      kind: 'model',
      text: modelOf([x, w, 'return { loss: x.matmul(w).squared().mean() };'], init),
    },
  },
  {
    code: 'model/export',
    means: 'The default export of the file is not a model.',
    why: 'Commands take the one model that a file exports by default.',
    mend: "Write `export default model('name', (m) => { ... }, { ... })`.",
    example: {
      kind: 'model',
      text: modelOf([x, w, 'return { loss: x.matmul(w).square().mean() };'], init).replace(
        'export default model(',
        'export const example = model(',
      ),
    },
  },
  {
    code: 'model/return',
    means:
      'The function of the model returned something other than `{ loss, metrics?, outputs? }`, or one of these is no tensor.',
    why: 'The loss is what training makes small; without it there is nothing to compile.',
    mend: 'Return an object with `loss` in it.',
    example: { kind: 'model', text: modelOf([x, w, 'return x.matmul(w).square().mean();'], init) },
  },
  {
    code: 'model/foreign',
    means: 'A tensor of one model, or of an earlier compilation of it, is used in another.',
    why: 'The function of a model runs anew for each compilation, and each has a graph of its own. A tensor that is kept outside the function belongs to the first of them.',
    mend: 'Make everything inside the function. Numbers and shapes may be shared, tensors not.',
    example: {
      kind: 'model',
      times: 2,
      text: modelOf(
        [
          x,
          "shared ??= m.param('w', [3, 1], glorotUniform());",
          'return { loss: x.matmul(shared).square().mean() };',
        ],
        { ...init, head: ['let shared;', ''] },
      ),
    },
  },
  {
    code: 'model/option',
    means: 'An option of a model, a layer or `compile` is not what it has to be.',
    why: 'The message says what is expected and what came.',
    mend: 'Correct the option.',
    example: {
      kind: 'model',
      text: modelOf([x, w, 'return { loss: x.matmul(w).square().mean() };'], {
        ...init,
        options: 'batch: 0, optimizer: gradientDescent({ learningRate: 0.1 })',
      }),
    },
  },
  {
    code: 'model/outputs',
    means: '`predict` is called for a model that returns no outputs.',
    why: 'Loss and metrics need labels; without outputs there is nothing to tell about a record.',
    mend: 'Return what is to be predicted: `{ loss, outputs: { probabilities } }`.',
    example: {
      kind: 'command',
      words: 'predict model.ts --weights weights.safetensors --data moons',
      model: tiny.replace(', outputs: { probabilities: softmax(scores) }', '').replace(' softmax,', ''),
    },
  },
  {
    code: 'pass/unknown',
    means: 'There is no pass of the name given to `--print-after`.',
    why: 'Nothing would be printed.',
    mend: 'The [passes](passes.md) are listed in the message.',
    example: { kind: 'command', words: 'compile model.ts --print-after simplfy' },
  },
  {
    code: 'ir/parse',
    means: 'The text of a program cannot be read back.',
    why: 'Listings as `--print-after` gives them can be read back by tests and tools; no command takes one.',
    mend: 'Look at the line.',
    example: { kind: 'told', message: 'error[ir/parse]: line 7: %12 is not defined above' },
  },
  {
    code: 'ir/invalid',
    means: 'A program of the compiler is not in order: a pass broke what it promises.',
    why: 'This is a fault of chainrule. It stops rather than emit a step that might compute something else.',
    mend: 'Report it with the model. Until then, `compile --verify` says after which pass the program was no longer in order.',
    example: {
      kind: 'told',
      message:
        'bug[ir/invalid]: sum says f32[3] and infers f32[]\n  This is a fault of the compiler, not of your model: please report it with the model.',
    },
  },
  {
    code: 'ir/unlowered',
    means: 'An op that should have been replaced is still there when loops are made.',
    why: 'This is a fault of chainrule, as above.',
    mend: 'Report it with the model.',
    example: {
      kind: 'told',
      message:
        'bug[ir/unlowered]: logSumExp reached lowering; an earlier pass should have replaced it.\n  This is a fault of the compiler, not of your model: please report it with the model.',
    },
  },
];
