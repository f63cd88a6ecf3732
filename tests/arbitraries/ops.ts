/** Random applications of each op: shapes, attributes and operands that fit what its `samples` facet says. */

import fc from 'fast-check';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import type { Domain, Op, Samples } from '../../ir/op.ts';
import { type OpName, opOf } from '../../ir/ops/index.ts';
import { type Dim, type DType, elementCount, type Float, type Shape, showType } from '../../ir/types.ts';
import { type Attrs, showAttrs, type Value } from '../../ir/value.ts';
import { drawNumbers, pick, type Random, randomFrom, type Style } from './draw.ts';

/** One op applied to inputs that hold `data`. */
export interface OpCase {
  readonly name: OpName;
  readonly o: Builder;
  readonly value: Value;
  readonly batch: number;
  readonly data: ReadonlyMap<string, readonly number[]>;
  /** What a failing property prints. */
  readonly [fc.toStringMethod]: () => string;
}

export interface CaseOptions {
  readonly float: Float;
  /** Operands that could be whole numbers sometimes are, but only in style `any`. */
  readonly style: Style;
}

interface Recipe {
  readonly shape: readonly number[];
  readonly other: readonly number[];
  readonly batched: boolean;
  readonly integers: boolean;
  readonly mask: number;
  readonly seed: number;
  readonly batch: number;
}

const dim = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 2, max: 7 }) },
  { weight: 3, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.constant(0) },
);

const recipes: fc.Arbitrary<Recipe> = fc.record({
  shape: fc.array(dim, { maxLength: 4 }),
  other: fc.array(dim, { minLength: 2, maxLength: 2 }),
  batched: fc.boolean(),
  integers: fc.boolean(),
  mask: fc.nat(2 ** 16 - 1),
  seed: fc.nat(2 ** 31 - 1),
  batch: fc.integer({ min: 1, max: 4 }),
});

const largest = 240;

/** The shape with sizes that would make it too large replaced by 1, and rank 4 at most. */
function tame(shape: readonly number[], batched: boolean, rank = 4): Shape {
  let size = 4;
  const dims = shape.slice(0, batched ? rank - 1 : rank).map((d): Dim => {
    if (size * d > largest) return 1;
    size *= Math.max(1, d);
    return d;
  });
  return batched ? ['batch', ...dims] : dims;
}

/** The axes whose bit is set, leaving out those without elements where the op objects to them. */
const maskedAxes = (shape: Shape, mask: number, keepEmpty: boolean): number[] =>
  shape.flatMap((d, axis) => ((mask >> axis) & 1 && (keepEmpty || d !== 0) ? [axis] : []));

/** The same elements in another shape: neighbours joined where a bit is set, ones put in where another is. */
function regroup(shape: Shape, mask: number): Shape {
  const groups: Dim[] = [];
  shape.forEach((d, axis) => {
    const before = groups[groups.length - 1];
    const joins = (mask >> axis) & 1 && before !== undefined && before !== 'batch' && d !== 'batch';
    if (joins) groups[groups.length - 1] = Number(before) * Number(d);
    else groups.push(d);
    if ((mask >> (axis + 4)) & 1) groups.push(1);
  });
  return mask & 0x100 ? [1, ...groups] : groups;
}

interface Plan {
  readonly operands: readonly { readonly shape: Shape; readonly dtype: DType; readonly domain: Domain }[];
  readonly attrs: Attrs;
}

type Planner = (op: Op, recipe: Recipe, float: Float, random: Random, style: Style) => Plan;

/** Ops whose operands may also be whole numbers, found by asking them. */
export function acceptsIntegers(op: Op): boolean {
  if (op.kind !== 'elementwise' || op.samples.domains.includes('bool')) return false;
  const o = createBuilder('f32');
  const x = o.input({ name: 'x', dtype: 'i32', shape: [] });
  try {
    op.infer(Array<Value>(op.arity).fill(x), { dtype: 'i32' }, () => 'x');
    return true;
  } catch {
    return false;
  }
}

const floats = (op: Op, shape: Shape, dtype: DType): Plan['operands'] =>
  op.samples.domains.map((domain) => ({ shape, dtype, domain }));

const elementwise: Planner = (op, { shape, batched, integers }, float, random, style) => {
  const common = tame(shape, batched);
  const dtype = integers && acceptsIntegers(op) ? 'i32' : float;
  const dtypeOf = (domain: Domain): DType => (domain === 'bool' ? 'bool' : dtype);
  const operands = op.samples.domains.map((domain) => ({ shape: common, dtype: dtypeOf(domain), domain }));
  // To another float only where rounding to it is not in the way of a comparison.
  const other = style === 'any' ? (['f32', 'f64'] as const) : [float];
  const target = pick<DType>([float, 'i32', 'bool', ...other], random);
  return { operands, attrs: { dtype: target } };
};

const planners: { readonly [S in Samples['shapes']]: Planner } = {
  elementwise,
  leaf: (_op, { shape, batched }, float, random) => ({
    operands: [],
    attrs: { dtype: float, shape: tame(shape, batched), value: (random() - 0.5) * 10 },
  }),
  reduction(op, { shape, batched, mask, integers }, float) {
    const common = tame(shape, batched);
    const sums = op.samples.shapes === 'reduction' && !refuses(op, float);
    const whole = integers && !refuses(op, 'i32');
    const axes = maskedAxes(common, mask, sums);
    return { operands: floats(op, common, whole ? 'i32' : float), attrs: { axes } };
  },
  argmax(op, { shape, batched, mask, integers }, float) {
    const common = tame(shape, batched);
    const full = common.flatMap((d, axis) => (d === 0 ? [] : [axis]));
    const axis = full[mask % Math.max(1, full.length)];
    const fitting = axis === undefined ? [3] : common;
    return { operands: floats(op, fitting, integers ? 'i32' : float), attrs: { axis: axis ?? 0 } };
  },
  matmul(_op, { shape, other, mask }, float) {
    const [m = 3, k = 2] = shape;
    const n = other[0] ?? 2;
    const at = mask % 4;
    const [rows, inner, columns]: Dim[] = [m, k, n].map((d, i) => (i === at ? 'batch' : d));
    return {
      operands: [
        { shape: [rows ?? 1, inner ?? 1], dtype: float, domain: 'real' },
        { shape: [inner ?? 1, columns ?? 1], dtype: float, domain: 'real' },
      ],
      attrs: {},
    };
  },
  transpose(op, { shape, batched }, float, random) {
    const common = tame(shape, batched);
    const order = common.map((_, axis) => ({ axis, key: random() })).sort((a, b) => a.key - b.key);
    return { operands: floats(op, common, float), attrs: { perm: order.map(({ axis }) => axis) } };
  },
  reshape(op, { shape, batched, mask }, float) {
    const common = tame(shape, batched);
    if ((mask & 0x8000) !== 0 && batched) {
      // The batch may stand anywhere while axes of one element come and go.
      const turned = [...common.slice(1), 'batch' as const];
      return { operands: floats(op, [1, ...turned], float), attrs: { shape: turned.filter((d) => d !== 1) } };
    }
    return {
      operands: floats(op, regroup(common, mask), float),
      attrs: { shape: regroup(common, mask >> 7) },
    };
  },
  broadcast(op, { shape, other, batched, mask }, float) {
    const common = tame(shape, batched && !(mask & 0x1000), 3);
    const added = other.slice(0, mask % 3).map((d): Dim => (mask & 0x1000 && !(mask & 0x2000) ? 'batch' : d));
    const rank = common.length + added.length;
    const first = (mask >> 4) % Math.max(1, rank);
    const second = (first + 1 + ((mask >> 8) % Math.max(1, rank - 1))) % Math.max(1, rank);
    const axes = [first, second].slice(0, added.length).sort((a, b) => a - b);
    return { operands: floats(op, common, float), attrs: { axes, dims: added } };
  },
  oneHot: (op, { shape, other, batched }, float) => ({
    operands: floats(op, tame(shape, batched, 3), 'i32'),
    attrs: { classes: other[0] ?? 3, dtype: float },
  }),
  uniform: (op, { shape, batched, mask }, float) => ({
    operands: floats(op, [], 'i32'),
    attrs: { stream: mask, shape: tame(shape, batched), dtype: float },
  }),
  grad: () => {
    throw new Error('grad is a marker, not an operation on numbers');
  },
};

/** True when the op objects to reducing no elements (f32, f64) or to whole numbers (i32). */
function refuses(op: Op, dtype: DType): boolean {
  const o = createBuilder('f32');
  const x = o.input({ name: 'x', dtype, shape: [dtype === 'i32' ? 1 : 0] });
  try {
    op.infer([x], { axes: [0] }, () => 'x');
    return false;
  } catch {
    return true;
  }
}

const attributes: { readonly [name in OpName]?: readonly string[] } = {
  cast: ['dtype'],
  batchSize: ['dtype'],
  constant: ['dtype', 'shape', 'value'],
};

/** `attrs` without what the op does not take. */
function fittingAttrs(name: OpName, op: Op, attrs: Attrs): Attrs {
  if (op.samples.shapes !== 'elementwise' && op.samples.shapes !== 'leaf') return attrs;
  const known = attributes[name] ?? [];
  return Object.fromEntries(Object.entries(attrs).filter(([key]) => known.includes(key)));
}

/** Random applications of the op called `name`. */
export function arbitraryCase(name: OpName, { float, style }: CaseOptions): fc.Arbitrary<OpCase> {
  const op = opOf(name) as Op;
  return recipes.map((drawn): OpCase => {
    const random = randomFrom(drawn.seed);
    const recipe = { ...drawn, integers: drawn.integers && style === 'any' };
    const o = createBuilder(float);
    const { operands, attrs } = planners[op.samples.shapes](op, recipe, float, random, style);
    const inputs = operands.map(({ shape, dtype }, i) => o.input({ name: `x${i}`, dtype, shape }));
    const data = operands.map(({ shape, dtype, domain }, i): [string, number[]] => [
      `x${i}`,
      drawNumbers(elementCount(shape, drawn.batch), domain, dtype, style, random),
    ]);
    const value = o.make(name, inputs, fittingAttrs(name, op, attrs));
    const operandText = inputs.map((x, i) => `${showType(x)} = [${data[i]?.[1]}]`).join('; ');
    const text = `${name} {${showAttrs(value.attrs)}} batch ${drawn.batch} of ${operandText}`;
    return { name, o, value, batch: drawn.batch, data: new Map(data), [fc.toStringMethod]: () => text };
  });
}

/** What the inputs of a case hold. */
export const dataOf =
  (opCase: Pick<OpCase, 'data'>) =>
  (leaf: Value): readonly number[] => {
    const found = opCase.data.get(String(leaf.attrs.name));
    if (!found) throw new Error(`no data for ${String(leaf.attrs.name)}`);
    return found;
  };
