/** The commands that trade models with other tools: export and import. */

import type { CommandSpec } from './command.ts';
import { data, dtype, force, specs, weights } from './option-specs.ts';

export const exporting: CommandSpec = {
  name: 'export',
  about: 'write what a model predicts in a format that others read',
  takesModel: true,
  options: [
    { name: 'to', value: 'onnx|stablehlo', about: 'the format' },
    { ...weights, about: 'onnx: weights.safetensors of a training (default initial weights)' },
    { name: 'seed', value: 'N', about: 'decides initial weights (default 0)' },
    {
      name: 'out',
      short: 'o',
      value: 'FILE',
      about: 'where to write (default beside the model), - for stdout',
    },
    { name: 'batch', value: 'N', about: "stablehlo: samples per step (default the model's own)" },
    { name: 'mesh', value: 'batch=N', about: 'stablehlo: spread the samples of a batch over N devices' },
    { ...data, about: 'stablehlo: write training data beside the step, see below' },
    { name: 'records', value: 'N', about: 'stablehlo: records of data that come from elsewhere' },
    dtype,
    force,
  ],
  notes: [
    'onnx: the predict function for onnxruntime and others, opset 22, with the weights in it; inputs, outputs',
    'and weights keep their names, and the batch may have any size.',
    '',
    'stablehlo: the whole training step for XLA, which scale/run.py trains on CPUs, GPUs and TPUs, one or many',
    '(docs/scaling.md), and a .json that says what it takes. Where the number of records is known and the batch',
    'does not divide it, the last step of an epoch has a function of its own.',
    '',
    ...specs,
  ],
  examples: [
    'export model.ts --to onnx --weights out/weights.safetensors -o model.onnx',
    'export model.ts --to stablehlo --data moons -o out/step.mlir',
  ],
  run: async (call) => (await import('./export.ts')).exportCommand(call),
};

export const importing: CommandSpec = {
  name: 'import',
  about: 'write an ONNX network as a model in TypeScript, with its weights, to be trained further',
  takesModel: true,
  file: 'NET.onnx',
  options: [
    {
      name: 'out',
      short: 'o',
      value: 'MODEL.ts',
      about: 'the model to write (default beside the file); its weights go beside it',
    },
    {
      name: 'loss',
      value: 'cross-entropy|binary-cross-entropy|mean-squared-error',
      about: 'what training makes small (default by the last layer)',
    },
    force,
  ],
  notes: [
    'A network that ends in a softmax gets the cross-entropy of its logits and a label of classes, one that',
    'ends in a sigmoid the binary cross-entropy, any other the mean squared error.',
  ],
  examples: [
    'import net.onnx -o net.model.ts',
    'train net.model.ts --init net.weights.safetensors --data csv:a.csv',
  ],
  run: async (call) => (await import('./import.ts')).importCommand(call),
};
