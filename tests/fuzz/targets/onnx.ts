/** ONNX files: messages, fields, shapes and numbers as the format has them, and as it has not. */

import { importOnnx } from '../../../src/onnx/import.ts';
import { supportedOps } from '../../../src/onnx/ops/index.ts';
import { decodeSafetensors } from '../../../src/runtime/safetensors.ts';
import {
  type AttributeValue,
  file,
  graph,
  initializer,
  int,
  layer,
  message,
  type NodeSpec,
  type TensorSpec,
  text,
  varint,
} from '../../onnx/build.ts';
import { bytesOf } from '../../onnx/imported.ts';
import { join, type Mutator } from '../bytes.ts';
import type { Target } from '../harness.ts';
import type { Random } from '../random.ts';
import { again, isInputError } from '../refusals.ts';

const names = [
  'x',
  'w',
  'z',
  'y',
  'b',
  'axes',
  '',
  '__proto__',
  'constructor',
  'fc1.weight',
  "'",
  '`$' + '{y}`',
  '*/',
  'é',
  '\u2028',
  '\n',
  'await',
  'x'.repeat(300),
];
const sizes = [-2, -1, 0, 1, 2, 3, 4, 7, 2 ** 31, 2 ** 40, 2 ** 53];
const attributeNames = [
  'axis',
  'axes',
  'alpha',
  'beta',
  'to',
  'transB',
  'keepdims',
  'perm',
  'value',
  'epsilon',
  'post_transform',
  'coefficients',
  'norm',
  '__proto__',
];

function attributeValue(random: Random): AttributeValue {
  return random.pick<AttributeValue>([
    random.pick(sizes),
    { float: random.pick([0, 0.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-5]) },
    random.pick(['NONE', 'SOFTMAX', 'LOGISTIC', 'L2', 'tanh', 'é']),
    [random.pick(sizes), random.pick(sizes)],
    { floats: Array.from({ length: random.below(13) }, () => random.below(9) - 4) },
    { tensor: tensor(random, 't') },
  ]);
}

function tensor(random: Random, name: string): TensorSpec {
  const shape = Array.from({ length: random.below(3) }, () => 1 + random.below(4));
  const size = shape.reduce((product, dim) => product * dim, 1);
  const whole = random.chance(0.4);
  const count = random.chance(0.95) ? size : random.below(5);
  return {
    name,
    shape: random.chance(0.95) ? shape : [...shape, random.pick(sizes)],
    data: whole
      ? BigInt64Array.from({ length: count }, () => BigInt(random.pick([-1, 0, 1, 2, 3])))
      : Float32Array.from({ length: count }, () => random.below(7) - 3),
  };
}

function drawnNode(random: Random, known: readonly string[], output: string): NodeSpec {
  const [op = '', domain] = random.pick(supportedOps).split(' ').reverse();
  const count = random.pick([1, 1, 1, 2, 2, 3, 5]);
  const inputs = Array.from({ length: count }, (_, i) =>
    i === 0 && random.chance(0.7) ? (known[known.length - 1] ?? '') : random.pick(known),
  );
  const attributes = Object.fromEntries(
    Array.from({ length: random.pick([0, 0, 0, 1, 2]) }, () => [
      random.pick(attributeNames),
      attributeValue(random),
    ]),
  );
  return { op, domain: domain ?? '', inputs, outputs: [output], attributes, name: random.pick(names) };
}

/** A layer, and up to five ops after it of anything that is there. */
function grow(random: Random): Uint8Array {
  const columns = 1 + random.below(4);
  const constants = ['b', 'k', random.pick(names)].map((name) => tensor(random, name));
  const known = ['x', ...constants.map(({ name }) => name), 'z'];
  const rest: NodeSpec[] = [];
  for (let left = random.below(5); left > 0; left--) {
    const output = random.chance(0.9) ? `v${left}` : random.pick(names);
    rest.push(
      random.chance(0.5)
        ? {
            op: random.pick(['Relu', 'Tanh', 'Sigmoid', 'Softmax']),
            inputs: [known[known.length - 1] ?? ''],
            outputs: [output],
          }
        : drawnNode(random, known, output),
    );
    known.push(output);
  }
  const output = known[known.length - 1] ?? 'z';
  const spec = layer(
    columns,
    rest,
    output,
    random.chance(0.8) ? ['batch', columns] : [random.pick(sizes), null],
  );
  const weights = random.chance(0.9) ? (spec.initializers ?? []) : [];
  const inputs = random.chance(0.9)
    ? { x: ['batch', 3] }
    : { [random.pick(names)]: [null, random.pick(sizes)] };
  return file({
    ...spec,
    inputs,
    initializers: [...weights, ...(random.chance(0.8) ? constants : [])],
    opset: random.pick([7, 11, 13, 17, 17, 21, 28]),
    producer: random.pick(['pytorch', 'skl2onnx', '']),
  });
}

const simple = layer(3, [{ op: 'Softmax', inputs: ['z'], outputs: ['y'] }], 'y');

const seeds = [
  file(simple),
  file(layer(2, [{ op: 'Relu', inputs: ['z'], outputs: ['y'] }], 'y')),
  bytesOf('torch-classifier-script'),
  bytesOf('torch-image-script'),
  bytesOf('sklearn-logistic'),
];

/** Something of the format where it does not belong, or once more. */
const extra: Mutator = (input, random) => {
  const parts = [
    () => message(7, graph(simple)),
    () => message(7, initializer(tensor(random, 'w'))),
    () => message(8, text(1, ''), int(2, random.pick([0, 6, 7, 22, 2 ** 40]))),
    () => message(25, text(1, 'f')),
    () => varint(random.below(40) * 8 + random.below(8)),
    () => message(14, text(1, 'k'), text(2, random.pick(names))),
  ];
  return join(input, random.pick(parts)());
};

/** The text is ASCII that parses, and the weights are as many as it declares. */
function parse(input: Uint8Array): void {
  const { model, weights, parameters } = importOnnx(input, { name: 'net', weightsFile: 'net.safetensors' });
  if (!/^[\n\x20-\x7e]*$/.test(model)) throw new Error('the model is not ASCII');
  const body = model
    .replace(/^import \{[^}]*\} from 'chainrule';$/m, '')
    .replace(/^export default /m, 'return ');
  try {
    new Function('model', 'adam', body);
  } catch (thrown) {
    throw new Error(`the model does not parse: ${thrown}\n${model}`);
  }
  const { tensors } = again(() => decodeSafetensors(weights));
  const declared = model.match(/= m\.param\(/g)?.length ?? 0;
  if (tensors.size !== parameters || declared !== parameters)
    throw new Error('other weights than parameters');
}

export const onnx: Target = {
  name: 'onnx',
  seeds,
  grow,
  mutators: [extra],
  parse,
  isRefusal: (thrown, input) => isInputError(thrown, ['onnx/format', 'onnx/unsupported'], input),
};
