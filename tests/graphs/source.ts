/** Writes a program that trains by plain descent as the model that a user would write: what a failure prints. */

import type { Program } from '../../ir/program.ts';
import { isFloat, type Shape } from '../../ir/types.ts';
import { consumersOf, numberList, reachable, showAttr, showAttrs, type Value } from '../../ir/value.ts';

/** How a value is called, or written where it is read once. */
type Names = ReadonlyMap<Value, string>;

/** Text of a model; undefined where the program does more than plain descent of its loss. */
export function sourceOf(program: Program, batch: number): string | undefined {
  const loss = program.functions[0]?.results.find(({ name }) => name === 'loss')?.value;
  if (!loss || !isPlain(program, loss)) return undefined;
  const values = reachable([loss]);
  const readers = consumersOf(values);
  const names = new Map<Value, string>();
  const lines: string[] = [];
  for (const value of values) {
    const text = written(program, value, names);
    const isLeaf = value.op === 'input' || value.op === 'state';
    const inline = value.op === 'constant' || (readers.get(value)?.length === 1 && text.length < 60);
    if (inline && !isLeaf && value !== loss) {
      names.set(value, text);
      continue;
    }
    const name = value === loss ? 'loss' : isLeaf ? String(value.attrs.name) : `t${lines.length}`;
    names.set(value, name);
    lines.push(`  const ${name} = ${text};`);
  }
  return [
    `model('case', (m) => {`,
    ...lines,
    '  return { loss };',
    `}, { batch: ${batch}, optimizer: gradientDescent({ learningRate: 0.1 }) })`,
  ].join('\n');
}

/** Only w - 0.1 dW for each parameter, and nothing computed beside the loss. */
function isPlain({ functions, states, inputs }: Program, loss: Value): boolean {
  const values = reachable([loss]);
  const declared = [...states, ...inputs].map(({ name }) => name);
  const updates = functions.flatMap((fn) => fn.updates);
  return (
    states.length > 0 &&
    states.every(({ role }) => role === 'parameter') &&
    functions.flatMap((fn) => fn.results).every(({ value }) => value === loss) &&
    updates.every(({ value }) => value.op === 'sub' && value.inputs[1]?.inputs[1]?.op === 'grad') &&
    values.every(
      ({ op, attrs }) => op !== 'grad' && (op !== 'input' || declared.includes(String(attrs.name))),
    ) &&
    declared.every((name) => /^[a-z]\w*$/.test(name) && name !== 'm' && name !== 'loss')
  );
}

/** Methods of tensors whose meaning is that of the op of the same name, on operands of one shape. */
const methods: ReadonlySet<string> = new Set([
  ...['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'less', 'equal', 'matmul'],
  ...['neg', 'abs', 'sign', 'floor', 'exp', 'expm1', 'log', 'sqrt', 'sin', 'cos', 'tanh', 'erf'],
  ...['sigmoid', 'softplus', 'relu', 'stopGradient'],
]);

function written(program: Program, value: Value, names: Names): string {
  const { op, attrs, inputs, shape } = value;
  if (op === 'input') return inputText(program, value);
  if (op === 'state') return stateText(program, value);
  if (op === 'constant') return constantText(value);
  const [first] = inputs;
  const [x = '?', ...rest] = inputs.map((input, i) =>
    i > 0 && input.op === 'constant' && isFloat(input.dtype)
      ? showAttr(input.attrs.value ?? 0)
      : (names.get(input) ?? '?'),
  );
  const floats = first !== undefined && isFloat(first.dtype);
  if (floats && methods.has(op)) return `${x}.${op}(${rest.join(', ')})`;
  if (op === 'select') return `${x}.select(${rest.join(', ')})`;
  const total =
    op === 'sum' && numberList(attrs.axes).length === first?.shape.length && first.shape.length > 0;
  if (total) return `${x}.sum()`;
  if (op === 'reshape' && shape[0] === 'batch') return `${x}.reshape(${list(shape)})`;
  const operands = inputs.map((input) => names.get(input) ?? '?');
  return `via(m, '${op}', [${operands.join(', ')}], { ${showAttrs(attrs)} })`;
}

const list = (shape: Shape): string =>
  `[${shape.map((dim) => (dim === 'batch' ? "'batch'" : dim)).join(', ')}]`;

function inputText({ inputs }: Program, { attrs, shape }: Value): string {
  const decl = inputs.find(({ name }) => name === attrs.name);
  const kind = decl?.role === 'label' ? 'label' : 'input';
  const form = decl?.classes === undefined ? list(shape) : `{ classes: ${decl.classes} }`;
  return `m.${kind}('${String(attrs.name)}', ${form})`;
}

function stateText({ states }: Program, { attrs, shape }: Value): string {
  const init = states.find((state) => state.name === attrs.name)?.init;
  const start = init?.kind === 'constant' ? `constant(${init.value})` : 'normal()';
  return `m.param('${String(attrs.name)}', ${list(shape)}, ${start})`;
}

/** A constant as a tensor: a number, cast and spread to what it is. */
function constantText({ attrs, dtype, shape }: Value): string {
  const number = `m.constant(${showAttr(attrs.value ?? 0)})`;
  const typed = isFloat(dtype) ? number : `via(m, 'cast', [${number}], { dtype: "${dtype}" })`;
  if (shape.length === 0) return typed;
  const axes = shape.map((_, axis) => axis);
  return `via(m, 'broadcast', [${typed}], { ${showAttrs({ axes, dims: shape })} })`;
}
