/** All commands with their options; what they do is loaded when it is asked for, so that help comes at once. */

import type { CommandSpec } from './command.ts';
import { exporting, importing } from './exchange-commands.ts';
import { data, dtype, force, json, relaxed, specs, target, threads, weights } from './option-specs.ts';

const compile: CommandSpec = {
  name: 'compile',
  about: 'write the trainer module that a model compiles to',
  takesModel: true,
  options: [
    {
      name: 'out',
      short: 'o',
      value: 'FILE',
      about: 'where to write (default beside the model), - for stdout',
    },
    target,
    relaxed,
    threads,
    dtype,
    { name: 'print-after', value: 'PASS', about: 'print the program as text after a pass' },
    { name: 'explain-schedule', about: 'print how the batch is cut and which loops there are, and why' },
    { name: 'verify', about: 'check the program after every pass' },
    { name: 'wasm-file', about: 'write the WebAssembly to a file beside the trainer, not into it' },
    { name: 'wat', about: 'write the WebAssembly as text to a file beside the trainer' },
    { name: 'source-map', about: 'write a map beside the trainer, so that debuggers stop in the model' },
    { name: 'with-test', about: 'write a vitest file beside the trainer that holds it against the model' },
    { name: 'with-worker', about: 'write the file of a worker beside the trainer, for training off a page' },
    force,
  ],
  examples: ['compile examples/digits/model.ts', 'compile model.ts -o - | less'],
  run: async (call) => (await import('./compile.ts')).compileCommand(call),
};

const train: CommandSpec = {
  name: 'train',
  about: 'compile a model, train it, and show how well it does',
  takesModel: true,
  options: [
    { ...data, about: "data set, see below (default the model's own)" },
    { name: 'epochs', value: 'N', about: "passes over the data (default the model's own)" },
    { name: 'steps', value: 'N', about: 'training steps, in place of --epochs' },
    { name: 'batch', value: 'N', about: "records per step (default the model's own)" },
    { name: 'seed', value: 'N', about: 'decides initial weights and order (default 0)' },
    { name: 'init', value: 'FILE', about: 'start from the parameters in a safetensors file' },
    { name: 'no-shuffle', about: 'keep the records in their order' },
    {
      name: 'on-non-finite',
      value: 'error|skip',
      about: 'what to do with a step that gives NaN or infinity (default error)',
    },
    dtype,
    target,
    relaxed,
    threads,
    { name: 'checkpoint', value: 'DIR', about: 'write the training down there as it goes' },
    { name: 'every', value: 'N', about: 'steps between two checkpoints (default those of an epoch)' },
    { name: 'resume', about: 'go on from the newest checkpoint in DIR, if there is one' },
    { name: 'allow-drift', about: 'go on even if the model, the data or the options are others' },
    { name: 'out', value: 'DIR', about: 'leave weights.safetensors, the trainer and report.html there' },
    force,
    json,
  ],
  notes: [
    'With --resume, --epochs and --steps count from the very beginning, and whatever is not given is what',
    'the training was begun with. A resumed training has the bits of one that never stopped.',
    '',
    ...specs,
  ],
  examples: [
    'train examples/digits/model.ts',
    'train examples/digits/model.ts --checkpoint out/digits --resume',
    'train model.ts --data moons --epochs 20 --out out/moons',
    'train model.ts --data "csv:iris.csv?label=species&test=0.2" --json',
  ],
  run: async (call, host) => (await import('./train.ts')).trainCommand(call, host),
};

const lrRange: CommandSpec = {
  name: 'lr-range',
  about: 'sweep the learning rate, draw the loss against it, and propose bounds',
  takesModel: true,
  options: [
    { ...data, about: "data set, see below (default the model's own)" },
    { name: 'min', value: 'RATE', about: 'learning rate of the first step (default 1e-5)' },
    { name: 'max', value: 'RATE', about: 'learning rate of the last step (default 1)' },
    { name: 'steps', value: 'N', about: 'steps of the sweep (default one epoch, from 100 to 1000)' },
    { name: 'batch', value: 'N', about: "records per step (default the model's own)" },
    { name: 'seed', value: 'N', about: 'decides initial weights and order (default 0)' },
    { name: 'linear', about: 'raise the rate by equal differences instead of equal ratios' },
    { name: 'init', value: 'FILE', about: 'start from the parameters in a safetensors file' },
    { name: 'out', value: 'FILE.svg', about: 'where to draw (default lr-range.svg)' },
    force,
    dtype,
    json,
  ],
  notes: [
    'The model trains while its learning rate is swept from --min to --max, and stops when the loss is not',
    'finite or its average is 4 times its best. Where the average turns up is the highest rate it can take:',
    '0.8 of that is proposed as the upper bound of a schedule, a tenth of it as the lower one.',
    'Smith, Cyclical learning rates for training neural networks, 2017.',
    '',
    ...specs,
  ],
  examples: [
    'lr-range examples/digits/model.ts',
    'lr-range model.ts --data moons --min 1e-3 --max 10 --steps 400 --out range.svg',
  ],
  run: async (call) => (await import('./lr-range.ts')).lrRangeCommand(call),
};

const evaluate: CommandSpec = {
  name: 'eval',
  about: 'measure saved weights on data',
  takesModel: true,
  options: [weights, data, dtype, json],
  notes: specs,
  examples: ['eval examples/digits/model.ts --weights out/start/weights.safetensors --data digits'],
  run: async (call) => (await import('./eval.ts')).evalCommand(call),
};

const predict: CommandSpec = {
  name: 'predict',
  about: 'print what saved weights make of each record',
  takesModel: true,
  options: [weights, data, dtype, json],
  notes: [
    ...specs,
    '',
    'One line per record: the class, or the numbers of the first output. Where the data have a',
    'held-out part, it is taken. A CSV file may lack the label column.',
  ],
  examples: ['predict model.ts --weights out/weights.safetensors --data csv:new.csv'],
  run: async (call) => (await import('./predict.ts')).predictCommand(call),
};

const gradcheck: CommandSpec = {
  name: 'gradcheck',
  about: 'hold the gradients of a model against independent oracles',
  takesModel: true,
  options: [
    { ...data, about: 'compute them at the first records of a data set (default random ones)' },
    { name: 'records', value: 'N', about: 'how many records (default 4)' },
    { name: 'elements', value: 'N', about: 'single elements to look at in each parameter (default 5)' },
    { name: 'seed', value: 'N', about: 'decides initial weights, random records and elements (default 0)' },
    json,
  ],
  notes: [
    'The emitted gradients are compared with three derivatives that share nothing with how they were',
    'derived: forward-mode dual numbers, a complex step (away from kinks), and central differences',
    '(where they converge). Exit code 1 when one of them disagrees.',
    '',
    ...specs,
  ],
  examples: ['gradcheck examples/digits/model.ts', 'gradcheck model.ts --data moons --records 8'],
  run: async (call) => (await import('./gradcheck.ts')).gradcheckCommand(call),
};

const explain: CommandSpec = {
  name: 'explain',
  about: 'derive the gradients of a model as mathematics, rule by rule',
  takesModel: true,
  options: [
    { name: 'for', value: 'NAME', about: 'a parameter or value: only what its gradient needs' },
    {
      name: 'out',
      short: 'o',
      value: 'FILE',
      about: 'a file .md or .html to write (default Markdown to stdout)',
    },
    force,
  ],
  notes: [
    'The forward pass, what of it is simplified before it is differentiated, the chain rule for each named',
    'value with the rule that was applied and the line it was applied to, the equations that simplified the',
    'result, and the updates. Formulas are TeX in Markdown, and MathML in a page that needs no network.',
  ],
  examples: ['explain examples/03-neural-network/model.ts', 'explain model.ts --for w1 -o w1.html'],
  run: async (call) => (await import('./explain.ts')).explainCommand(call),
};

const inspect: CommandSpec = {
  name: 'inspect',
  about: 'look at a model from all sides: source, graph, passes, code, derivation, memory',
  takesModel: true,
  options: [
    {
      name: 'out',
      short: 'o',
      value: 'FILE',
      about: 'a file .html to write, - for stdout (default: opened in the browser)',
    },
    { ...target, value: 'ts|wasm', about: 'what kernels and memory are scheduled for (default ts)' },
    dtype,
    force,
  ],
  notes: [
    'One page that needs no network. Pointing at a line of the model, a value of the graph, a statement of',
    'the code, a formula or a buffer lights up the others; a slider goes through the passes, with the',
    'equations that fired.',
  ],
  examples: ['inspect examples/03-neural-network/model.ts', 'inspect model.ts -o model.html'],
  run: async (call) => (await import('./inspect.ts')).inspectCommand(call),
};

const convert: CommandSpec = {
  name: 'convert',
  about: 'write weights from one kind of file to another: safetensors, or .npz of NumPy',
  takesModel: true,
  file: 'WEIGHTS',
  options: [{ name: 'out', short: 'o', value: 'FILE', about: 'a file .npz or .safetensors to write' }, force],
  notes: [
    'Every option that takes weights takes .npz as well. What a safetensors file says of itself, such as the',
    'number of the step, has no place in .npz.',
  ],
  examples: ['convert out/digits/weights.safetensors -o weights.npz'],
  run: async (call) => (await import('./convert.ts')).convertCommand(call),
};

const init: CommandSpec = {
  name: 'init',
  about: 'make a project in a new folder: a page of Vite that trains a model of its own',
  takesModel: true,
  file: 'FOLDER',
  options: [force],
  examples: ['init my-page'],
  run: async (call) => (await import('./init.ts')).initCommand(call),
};

const doctor: CommandSpec = {
  name: 'doctor',
  about: 'say what this host supports, and what that means for training on it',
  takesModel: false,
  options: [json],
  examples: ['doctor'],
  run: async (call) => (await import('./doctor.ts')).doctorCommand(call),
};

const start: CommandSpec = {
  name: 'start',
  about: 'train the first example and show where to look',
  takesModel: false,
  hidden: true,
  options: [],
  examples: [],
  run: async (_call, host) => (await import('./start.ts')).startCommand(host),
};

export const commands: readonly CommandSpec[] = [
  compile,
  train,
  lrRange,
  evaluate,
  predict,
  gradcheck,
  explain,
  inspect,
  exporting,
  importing,
  convert,
  init,
  doctor,
  start,
];
