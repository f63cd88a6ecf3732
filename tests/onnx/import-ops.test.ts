/** Every op that can be imported predicts what onnxruntime computes for it, with the attributes that it may have. */

import { describe, expect, it } from 'vitest';
import { supportedOps } from '../../src/onnx/ops/index.ts';
import { publishCounts } from '../counts.ts';
import { type AttributeValue, file, layer, type NodeSpec, type TensorSpec } from './build.ts';
import { imported } from './imported.ts';
import { hasRuntime, openSession, whyNoRuntime } from './peers.ts';
import { furthest } from './support.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;
type Shape = readonly (number | string | null)[];

interface OpCase {
  /** After a layer z of 4 units: what makes y of it. */
  readonly nodes: readonly NodeSpec[];
  readonly shape?: Shape;
  readonly initializers?: readonly TensorSpec[];
  readonly opset?: number;
}

const of = (op: string, attributes: Attributes = {}, more: readonly string[] = []): NodeSpec => ({
  op,
  inputs: ['z', ...more],
  outputs: ['y'],
  attributes,
});
const plain = (op: string, attributes?: Attributes, opset?: number): OpCase => ({
  nodes: [of(op, attributes)],
  ...(opset === undefined ? {} : { opset }),
});
const floats = (name: string, shape: readonly number[], numbers: readonly number[]): TensorSpec => ({
  name,
  shape,
  data: Float32Array.from(numbers),
});
const wholes = (
  name: string,
  numbers: readonly number[],
  shape: readonly number[] = [numbers.length],
): TensorSpec => ({
  name,
  shape,
  data: BigInt64Array.from(numbers, BigInt),
});
const withNumber = (op: string, number: number, opset?: number): OpCase => ({
  nodes: [of(op, {}, ['number'])],
  initializers: [floats('number', [], [number])],
  ...(opset === undefined ? {} : { opset }),
});
const withRow = (op: string, numbers = [0.5, -1, 2, 0.25]): OpCase => ({
  nodes: [of(op, {}, ['row'])],
  initializers: [floats('row', [4], numbers)],
});
/** Of z made positive. */
const positive = (op: string): OpCase => ({
  nodes: [
    { op: 'Abs', inputs: ['z'], outputs: ['size'] },
    { op: 'Add', inputs: ['size', 'tenth'], outputs: ['above'] },
    { op, inputs: ['above'], outputs: ['y'] },
  ],
  initializers: [floats('tenth', [], [0.1])],
});
const reduced = (op: string, attributes: Attributes, shape: Shape, opset = 13): OpCase => ({
  nodes: [of(op, attributes)],
  shape,
  opset,
});
/** What a comparison with a number chooses. */
const chosen = (op: string): OpCase => ({
  nodes: [
    { op, inputs: ['z', 'limit'], outputs: ['c'] },
    { op: 'Where', inputs: ['c', 'z', 'limit'], outputs: ['y'] },
  ],
  initializers: [floats('limit', [], [0.2])],
});
/** Two comparisons, put together and made into numbers. */
const decided = (op: string, isUnary = false): OpCase => ({
  nodes: [
    { op: 'Greater', inputs: ['z', 'row'], outputs: ['a'] },
    { op: 'LessOrEqual', inputs: ['z', 'limit'], outputs: ['b'] },
    { op, inputs: isUnary ? ['b'] : ['a', 'b'], outputs: ['c'] },
    { op: 'Cast', inputs: ['c'], outputs: ['f'], attributes: { to: 1 } },
    { op: 'Mul', inputs: ['f', 'z'], outputs: ['y'] },
  ],
  initializers: [floats('limit', [], [0.4]), floats('row', [4], [-1, 0, 0.1, 0.2])],
});
const ml = (
  op: string,
  attributes: Attributes,
  shape?: Shape,
  outputs: readonly string[] = ['y'],
): OpCase => ({
  nodes: [{ op, domain: 'ai.onnx.ml', inputs: ['z'], outputs, attributes }],
  ...(shape === undefined ? {} : { shape }),
});
const twelve = { floats: Array.from({ length: 12 }, (_, i) => Math.cos(i)) };
const eight = { floats: [0.3, -0.2, 0.5, 1, -0.3, 0.2, -0.5, -1] };

const cases: Readonly<Record<string, readonly OpCase[]>> = {
  Abs: [plain('Abs')],
  Add: [
    withNumber('Add', 0.1),
    withRow('Add'),
    { ...withRow('Add'), nodes: [{ op: 'Add', inputs: ['row', 'z'], outputs: ['y'] }] },
  ],
  And: [decided('And')],
  ArgMax: [
    {
      nodes: [
        { ...of('ArgMax', { axis: 1, keepdims: 1 }), outputs: ['at'] },
        { op: 'Cast', inputs: ['at'], outputs: ['f'], attributes: { to: 1 } },
        of('Mul', {}, ['f']),
      ],
    },
  ],
  BatchNormalization: [
    {
      nodes: [of('BatchNormalization', { epsilon: { float: 0.01 } }, ['g', 'b', 'mean', 'variance'])],
      initializers: ['g', 'b', 'mean', 'variance'].map((name, i) =>
        floats(name, [4], [0.5 + i, 1, 1.5, 0.25]),
      ),
    },
  ],
  Cast: [plain('Cast', { to: 1 })],
  Ceil: [plain('Ceil')],
  Celu: [plain('Celu', { alpha: { float: 0.7 } }), plain('Celu')],
  Clip: [
    {
      nodes: [of('Clip', {}, ['low', 'high'])],
      initializers: [floats('low', [], [-0.3]), floats('high', [], [0.4])],
    },
    { nodes: [of('Clip', {}, ['', 'high'])], initializers: [floats('high', [], [0.4])] },
    plain('Clip', { min: { float: 0 }, max: { float: 0.5 } }, 10),
  ],
  Constant: [
    {
      nodes: [
        { op: 'Constant', inputs: [], outputs: ['c'], attributes: { value_float: { float: 0.7 } } },
        of('Mul', {}, ['c']),
      ],
    },
    {
      nodes: [
        {
          op: 'Constant',
          inputs: [],
          outputs: ['c'],
          attributes: { value: { tensor: floats('', [4], [1, 2, 3, 4]) } },
        },
        of('Add', {}, ['c']),
      ],
    },
  ],
  ConstantOfShape: [
    {
      nodes: [
        { op: 'Shape', inputs: ['z'], outputs: ['s'] },
        {
          op: 'ConstantOfShape',
          inputs: ['s'],
          outputs: ['c'],
          attributes: { value: { tensor: floats('', [1], [0.25]) } },
        },
        of('Max', {}, ['c']),
      ],
    },
  ],
  Cos: [plain('Cos')],
  Div: [
    withNumber('Div', 3),
    withRow('Div'),
    {
      ...withNumber('Div', 3),
      nodes: [
        { op: 'Abs', inputs: ['z'], outputs: ['a'] },
        { op: 'Exp', inputs: ['a'], outputs: ['e'] },
        { op: 'Div', inputs: ['number', 'e'], outputs: ['y'] },
      ],
    },
  ],
  Dropout: [plain('Dropout')],
  Elu: [plain('Elu'), plain('Elu', { alpha: { float: 0.3 } })],
  Equal: [chosen('Equal')],
  Erf: [plain('Erf')],
  Exp: [plain('Exp')],
  Expand: [
    {
      nodes: [
        { op: 'Shape', inputs: ['z'], outputs: ['s'] },
        { op: 'Expand', inputs: ['half', 's'], outputs: ['c'] },
        of('Sub', {}, ['c']),
      ],
      initializers: [floats('half', [], [0.5])],
    },
  ],
  Flatten: [
    {
      nodes: [
        { op: 'Reshape', inputs: ['z', 'to'], outputs: ['r'] },
        { op: 'Flatten', inputs: ['r'], outputs: ['y'] },
      ],
      initializers: [wholes('to', [0, 2, 2])],
    },
  ],
  Floor: [plain('Floor')],
  Gather: [
    {
      nodes: [
        { op: 'Shape', inputs: ['z'], outputs: ['s'] },
        { op: 'Gather', inputs: ['s', 'first'], outputs: ['n'] },
        { op: 'Unsqueeze', inputs: ['n', 'axis'], outputs: ['m'] },
        { op: 'Concat', inputs: ['m', 'rest'], outputs: ['to'], attributes: { axis: 0 } },
        of('Reshape', {}, ['to']),
      ],
      shape: ['batch', 2, 2],
      initializers: [wholes('first', [0], []), wholes('axis', [0]), wholes('rest', [2, -1])],
    },
  ],
  Concat: [],
  Gelu: [plain('Gelu', {}, 20), plain('Gelu', { approximate: 'tanh' }, 20)],
  Gemm: [
    {
      nodes: [of('Gemm', { transB: 1, alpha: { float: 0.5 }, beta: { float: 2 } }, ['w2', 'b2'])],
      shape: ['batch', 2],
      initializers: [floats('w2', [2, 4], [1, 2, 3, 4, -1, 0.5, 0, 1]), floats('b2', [2], [0.5, -0.5])],
    },
    {
      nodes: [of('Gemm', {}, ['w2'])],
      shape: ['batch', 2],
      initializers: [floats('w2', [4, 2], [1, 2, 3, 4, -1, 0.5, 0, 1])],
    },
  ],
  GlobalAveragePool: [
    {
      nodes: [
        { op: 'Reshape', inputs: ['z', 'to'], outputs: ['r'] },
        { op: 'GlobalAveragePool', inputs: ['r'], outputs: ['y'] },
      ],
      shape: ['batch', 1, 1, 1],
      initializers: [wholes('to', [-1, 1, 2, 2])],
    },
  ],
  Greater: [chosen('Greater')],
  GreaterOrEqual: [chosen('GreaterOrEqual')],
  HardSigmoid: [plain('HardSigmoid'), plain('HardSigmoid', { alpha: { float: 0.4 }, beta: { float: 0.1 } })],
  HardSwish: [plain('HardSwish')],
  Identity: [plain('Identity')],
  LayerNormalization: [
    {
      nodes: [of('LayerNormalization', { epsilon: { float: 0.001 } }, ['g', 'b'])],
      initializers: [floats('g', [4], [1, 2, 3, 4]), floats('b', [4], [0.1, 0.2, 0, -1])],
    },
    { nodes: [of('LayerNormalization', { axis: 1 }, ['g'])], initializers: [floats('g', [4], [1, 2, 3, 4])] },
  ],
  LeakyRelu: [plain('LeakyRelu'), plain('LeakyRelu', { alpha: { float: 0.3 } })],
  Less: [
    chosen('Less'),
    {
      ...chosen('Less'),
      nodes: [
        { op: 'Less', inputs: ['limit', 'z'], outputs: ['c'] },
        { op: 'Where', inputs: ['c', 'z', 'limit'], outputs: ['y'] },
      ],
    },
  ],
  LessOrEqual: [chosen('LessOrEqual')],
  Log: [positive('Log')],
  LogSoftmax: [plain('LogSoftmax'), plain('LogSoftmax', {}, 11)],
  MatMul: [
    {
      nodes: [of('MatMul', {}, ['w2'])],
      shape: ['batch', 2],
      initializers: [floats('w2', [4, 2], [1, 2, 3, 4, -1, 0.5, 0, 1])],
    },
  ],
  Max: [withRow('Max'), { ...withRow('Max'), nodes: [of('Max', {}, ['row', 'z'])] }],
  Min: [withRow('Min')],
  Mish: [plain('Mish', {}, 18)],
  Mul: [withRow('Mul'), withNumber('Mul', -0.5), { nodes: [of('Mul', {}, ['z'])] }],
  Neg: [plain('Neg')],
  Not: [decided('Not', true)],
  Or: [decided('Or')],
  PRelu: [
    withRow('PRelu', [0.1, 0.2, 0.3, 0.4]),
    { nodes: [of('PRelu', {}, ['slope'])], initializers: [floats('slope', [1, 1], [0.3])] },
  ],
  Pow: [withNumber('Pow', 2), withNumber('Pow', 3), withNumber('Pow', 1)],
  Reciprocal: [positive('Reciprocal')],
  ReduceL1: [reduced('ReduceL1', { axes: [1] }, ['batch', 1])],
  ReduceL2: [reduced('ReduceL2', { axes: [-1] }, ['batch', 1])],
  ReduceLogSumExp: [reduced('ReduceLogSumExp', { axes: [1] }, ['batch', 1])],
  ReduceMax: [reduced('ReduceMax', { axes: [1] }, ['batch', 1])],
  ReduceMean: [reduced('ReduceMean', { axes: [1], keepdims: 0 }, ['batch'])],
  ReduceMin: [reduced('ReduceMin', { axes: [1] }, ['batch', 1])],
  ReduceSum: [
    {
      nodes: [of('ReduceSum', { keepdims: 0 }, ['axes'])],
      shape: ['batch'],
      initializers: [wholes('axes', [1])],
    },
    { nodes: [of('ReduceSum', { noop_with_empty_axes: 1 }, ['axes'])], initializers: [wholes('axes', [])] },
  ],
  ReduceSumSquare: [reduced('ReduceSumSquare', { axes: [1] }, ['batch', 1])],
  Relu: [plain('Relu')],
  Reshape: [
    { nodes: [of('Reshape', {}, ['to'])], shape: ['batch', 2, 2], initializers: [wholes('to', [-1, 2, 2])] },
  ],
  Selu: [plain('Selu')],
  Shape: [],
  Sigmoid: [plain('Sigmoid')],
  Sign: [plain('Sign')],
  Sin: [plain('Sin')],
  Slice: [
    {
      nodes: [
        { op: 'Shape', inputs: ['z'], outputs: ['s'] },
        { op: 'Slice', inputs: ['s', 'from', 'to'], outputs: ['n'] },
        { op: 'Concat', inputs: ['n', 'rest'], outputs: ['target'], attributes: { axis: 0 } },
        of('Reshape', {}, ['target']),
      ],
      shape: ['batch', 4, 1],
      initializers: [wholes('from', [0]), wholes('to', [1]), wholes('rest', [4, 1])],
    },
  ],
  Softmax: [plain('Softmax'), plain('Softmax', { axis: 1 }, 11), plain('Softmax', { axis: -1 })],
  Softplus: [plain('Softplus')],
  Softsign: [plain('Softsign')],
  Sqrt: [positive('Sqrt')],
  Squeeze: [
    {
      nodes: [
        { op: 'Unsqueeze', inputs: ['z', 'axes'], outputs: ['u'] },
        { op: 'Abs', inputs: ['u'], outputs: ['v'] },
        { op: 'Squeeze', inputs: ['v', 'axes'], outputs: ['y'] },
      ],
      initializers: [wholes('axes', [1, -1])],
    },
  ],
  Sub: [
    withNumber('Sub', 1),
    { ...withNumber('Sub', 1), nodes: [{ op: 'Sub', inputs: ['number', 'z'], outputs: ['y'] }] },
    withRow('Sub'),
  ],
  Sum: [{ ...withRow('Sum'), nodes: [of('Sum', {}, ['row', 'z'])] }],
  Swish: [],
  Tanh: [plain('Tanh')],
  ThresholdedRelu: [plain('ThresholdedRelu', { alpha: { float: 0.3 } })],
  Transpose: [
    {
      nodes: [
        { op: 'Transpose', inputs: ['w2'], outputs: ['turned'], attributes: { perm: [1, 0] } },
        of('MatMul', {}, ['turned']),
      ],
      shape: ['batch', 2],
      initializers: [floats('w2', [2, 4], [1, 2, 3, 4, -1, 0.5, 0, 1])],
    },
    {
      nodes: [
        { op: 'Reshape', inputs: ['z', 'to'], outputs: ['r'] },
        { op: 'Transpose', inputs: ['r'], outputs: ['y'], attributes: { perm: [0, 2, 1] } },
      ],
      shape: ['batch', 4, 1],
      initializers: [wholes('to', [-1, 1, 4])],
    },
  ],
  Unsqueeze: [{ nodes: [of('Unsqueeze', { axes: [2] })], shape: ['batch', 4, 1], opset: 11 }],
  Where: [
    {
      nodes: [
        { op: 'GreaterOrEqual', inputs: ['z', 'row'], outputs: ['c'] },
        { op: 'Where', inputs: ['c', 'z', 'row'], outputs: ['y'] },
      ],
      initializers: [floats('row', [4], [-0.1, 0, 0.1, 0.2])],
    },
  ],
  'ai.onnx.ml ArrayFeatureExtractor': [],
  'ai.onnx.ml LabelEncoder': [],
  'ai.onnx.ml LinearClassifier': ['NONE', 'SOFTMAX', 'LOGISTIC'].flatMap((post_transform) => [
    ml(
      'LinearClassifier',
      {
        coefficients: twelve,
        intercepts: { floats: [0.1, 0.2, 0.3] },
        classlabels_ints: [0, 1, 2],
        post_transform,
      },
      ['batch', 3],
      ['l', 'y'],
    ),
    ml(
      'LinearClassifier',
      { coefficients: eight, intercepts: { floats: [0.5, -0.5] }, classlabels_ints: [0, 1], post_transform },
      ['batch', 2],
      ['l', 'y'],
    ),
  ]),
  'ai.onnx.ml LinearRegressor': [
    ml('LinearRegressor', { coefficients: twelve, intercepts: { floats: [1, 2, 3] }, targets: 3 }, [
      'batch',
      3,
    ]),
    ml('LinearRegressor', { coefficients: { floats: [1, 2, 3, 4] } }, ['batch', 1]),
  ],
  'ai.onnx.ml Normalizer': ['L1', 'L2', 'MAX'].map((norm) => ml('Normalizer', { norm })),
  'ai.onnx.ml Scaler': [
    ml('Scaler', { offset: { floats: [1, 2, 3, 4] }, scale: { floats: [0.5, 0.1, 2, 1] } }),
    ml('Scaler', { offset: { floats: [0.5] }, scale: { floats: [3] } }),
  ],
  'ai.onnx.ml ZipMap': [],
};

/** Parts of other cases, and of files of others (Swish is newer than what onnxruntime reads). */
const elsewhere = [
  'Concat',
  'Shape',
  'Swish',
  'ai.onnx.ml ArrayFeatureExtractor',
  'ai.onnx.ml LabelEncoder',
  'ai.onnx.ml ZipMap',
];

it('no op that can be imported is without a case', () => {
  expect(Object.keys(cases).sort()).toEqual([...supportedOps].sort());
  const empty = Object.entries(cases).filter(([, own]) => own.length === 0);
  expect(empty.map(([op]) => op).sort()).toEqual([...elsewhere].sort());
});

const listed = Object.entries(cases).flatMap(([op, own]) => own.map((one, i) => [op, i + 1, one] as const));

describe.skipIf(!hasRuntime)(`an imported op, beside onnxruntime${whyNoRuntime}`, () => {
  it.each(listed)('%s, case %i', async (_, __, { nodes, shape = ['batch', 4], initializers = [], opset }) => {
    const spec = layer(4, nodes, 'y', shape);
    const all = [...(spec.initializers ?? []), ...initializers];
    const bytes = file({ ...spec, initializers: all, ...(opset === undefined ? {} : { opset }) });
    const session = await openSession(bytes);
    const { trainer } = await imported(bytes, { loss: 'mean-squared-error' });
    for (const count of [1, 5]) {
      const data = Float32Array.from({ length: count * 3 }, (_x, i) => Math.sin(1.7 * i + count));
      const found = (await session.run({ x: { data, shape: [count, 3] } })).get('y');
      const ours = trainer.predict({ x: data }).y ?? [];
      expect(ours.length).toBeGreaterThan(0);
      expect(furthest(ours, Array.from(found?.data ?? [], Number))).toBeLessThan(1e-5);
    }
    publishCounts('onnx', { 'imported ops in onnxruntime': 1 });
  });
});
