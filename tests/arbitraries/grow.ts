/** Grows a graph by one value at a time: every instruction has a meaning, so every recipe is a valid graph. */

import type { Builder } from '../../ir/builder.ts';
import type { OpName } from '../../ir/ops/index.ts';
import { broadcastShapes, type Dim, elementCount, isFloat, type Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';

/** What to do next: an op by number, operands by position, and a number for everything else. */
export interface Instruction {
  readonly op: number;
  readonly a: number;
  readonly b: number;
  readonly k: number;
}

export interface Pool {
  readonly o: Builder;
  /** What later values may read; grows. */
  readonly values: Value[];
  /** The seed and the step number; undefined where nothing is to be drawn at random. */
  readonly random: readonly [Value, Value] | undefined;
  /** Whether operands are kept where functions are finite, and results from growing. */
  readonly guarded: boolean;
}

/** Makes a value of the pool's values, or nothing where the pool holds no fitting operands. */
type Grower = (pool: Pool, a: Value, instruction: Instruction) => Value | undefined;

const largestBatch = 5;
const largestSize = 300;

/** The n-th fitting value, counted from the newest or from the oldest. */
function choose(pool: Pool, n: number, fits: (value: Value) => boolean): Value | undefined {
  const fitting = pool.values.filter(fits);
  const among = n % 2 === 0 ? fitting.slice(-6) : fitting;
  return among[(n >> 1) % Math.max(1, among.length)];
}

/** A value of the same dtype whose shape goes together with that of `a`: often `a` itself. */
const partner = (pool: Pool, a: Value, n: number): Value =>
  choose(pool, n, (b) => b.dtype === a.dtype && broadcastShapes(a.shape, b.shape) !== undefined) ?? a;

const binary =
  (op: 'add' | 'sub' | 'mul' | 'maximum' | 'minimum'): Grower =>
  (pool, a, { b, k }) =>
    pool.o[op](
      a,
      k % 7 === 0 ? ([1, 0, -1, 2, a.dtype === 'i32' ? 3 : 0.5][b % 5] ?? 1) : partner(pool, a, b),
    );

const unary =
  (
    op:
      | 'neg'
      | 'abs'
      | 'sign'
      | 'floor'
      | 'sin'
      | 'cos'
      | 'tanh'
      | 'erf'
      | 'sigmoid'
      | 'softplus'
      | 'relu'
      | 'stopGradient'
      | 'opaque',
  ): Grower =>
  ({ o }, a) =>
    o[op](a);

const comparison =
  (op: 'less' | 'lessEqual' | 'equal'): Grower =>
  (pool, a, { b, k }) =>
    pool.o[op](k % 2 === 0 ? pool.o.floor(a) : a, partner(pool, a, b));

/** `x` where it is positive and away from 0; as it is in graphs that are to meet poles and overflow. */
const safe = ({ o, guarded }: Pool, x: Value): Value => (guarded ? o.add(o.mul(x, x), 0.5) : x);

/** `x` between -1 and 1, or as it is. */
const squeezed = ({ o, guarded }: Pool, x: Value): Value => (guarded ? o.tanh(x) : x);

/** A condition that goes together with `a`, and with `shape`, which does. */
const condition = (pool: Pool, a: Value, n: number, shape: Shape = a.shape): Value =>
  choose(pool, n, (b) => b.dtype === 'bool' && broadcastShapes(shape, b.shape) !== undefined) ??
  pool.o.less(a, 0.25);

const masked = (shape: Shape, mask: number, empties: boolean): number[] => {
  const allowed = shape.flatMap((dim, axis) => (empties || dim !== 0 ? [axis] : []));
  const chosen = allowed.filter((_, i) => (mask >> i) & 1);
  return chosen.length > 0 ? chosen : allowed.slice(-1);
};

const reduction =
  (op: 'reduceMax' | 'logSumExp'): Grower =>
  ({ o }, a, { k }) => {
    const axes = masked(a.shape, k, false);
    return axes.length > 0 ? o[op](a, { axes }) : undefined;
  };

/** A product with a fitting matrix, or of a matrix with itself transposed. */
const matmul: Grower = (pool, _a, { a, b, k }) => {
  const { o } = pool;
  const isMatrix = (value: Value): boolean => isFloat(value.dtype) && value.shape.length === 2;
  const x = choose(pool, a, isMatrix);
  if (!x) return undefined;
  const y = choose(pool, b, (value) => isMatrix(value) && value.shape[0] === x.shape[1]);
  if (y && k % 4 > 0) return o.matmul(x, y);
  const turned = o.transpose(x, { perm: [1, 0] });
  return x.shape[0] === 'batch' ? o.matmul(turned, x) : o.matmul(x, turned);
};

const reshape: Grower = ({ o }, a, { k }) => {
  const lead: Shape = a.shape[0] === 'batch' ? ['batch'] : [];
  const rest = a.shape.slice(lead.length);
  if (rest.includes('batch')) return undefined;
  const count = rest.reduce<number>((product, dim) => product * Number(dim), 1);
  const even = count % 2 === 0 && count > 0 ? [2, count / 2] : [count, 1];
  const targets: Shape[] = [[count], even, [1, count], [...rest, 1]];
  return o.reshape(a, { shape: [...lead, ...(targets[k % 4] ?? [count])] });
};

const broadcast: Grower = ({ o }, a, { b, k }) => {
  const axis = k % (a.shape.length + 1);
  return o.broadcast(a, { axes: [axis], dims: [1 + (b % 3)] });
};

/** Dropout: the only use of randomness. */
const dropout: Grower = ({ o, random }, a, { k }) => {
  if (!random || !isFloat(a.dtype)) return undefined;
  const drawn = o.uniform(...random, { stream: k, shape: a.shape, dtype: a.dtype });
  return o.select(o.less(drawn, 0.5), o.mul(a, 2), 0);
};

const rotated = (shape: Shape, by: number): number[] =>
  shape.map((_, axis) => (axis + 1 + by) % Math.max(1, shape.length));

const cast: Grower = (pool, a, { b, k }) => {
  const { o } = pool;
  const other = choose(pool, b, (value) => !isFloat(value.dtype));
  if (other && k % 2 === 0) return o.cast(other, { dtype: o.float });
  return o.cast(k % 3 === 0 ? o.less(a, 0) : o.mul(o.tanh(a), 3), { dtype: 'i32' });
};

const oneHot: Grower = (pool, a, { b, k }) => {
  const indices = choose(pool, b, (value) => value.dtype === 'i32' && value.shape.length < 3);
  return pool.o.oneHot(indices ?? pool.o.cast(a, { dtype: 'i32' }), {
    classes: 1 + (k % 4),
    dtype: pool.o.float,
  });
};

const argmax: Grower = ({ o }, a, { k }) => {
  const [axis] = masked(a.shape, 1 << (k % 4), false);
  return axis === undefined ? undefined : o.argmax(a, { axis });
};

const growers: { readonly [K in OpName]?: Grower } = {
  neg: unary('neg'),
  abs: unary('abs'),
  sign: unary('sign'),
  floor: unary('floor'),
  sin: unary('sin'),
  cos: unary('cos'),
  tanh: unary('tanh'),
  erf: unary('erf'),
  sigmoid: unary('sigmoid'),
  softplus: unary('softplus'),
  relu: unary('relu'),
  stopGradient: unary('stopGradient'),
  opaque: unary('opaque'),
  exp: (pool, a) => pool.o.exp(squeezed(pool, a)),
  expm1: (pool, a) => pool.o.expm1(squeezed(pool, a)),
  log: (pool, a) => pool.o.log(safe(pool, a)),
  sqrt: (pool, a) => pool.o.sqrt(safe(pool, a)),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  div: (pool, a, { b }) => pool.o.div(a, safe(pool, partner(pool, a, b))),
  less: comparison('less'),
  lessEqual: comparison('lessEqual'),
  equal: comparison('equal'),
  and: (pool, a, { b }) => pool.o.and(condition(pool, a, b), pool.o.less(a, 0.5)),
  or: (pool, a, { b }) => pool.o.or(condition(pool, a, b), pool.o.less(0.75, a)),
  not: (pool, a, { b }) => pool.o.not(condition(pool, a, b)),
  select(pool, a, { b, k }) {
    const other = partner(pool, a, b);
    return pool.o.select(condition(pool, a, k, broadcastShapes(a.shape, other.shape)), a, other);
  },
  sum: ({ o }, a, { k }) => o.sum(a, { axes: masked(a.shape, k, true) }),
  reduceMax: reduction('reduceMax'),
  logSumExp: reduction('logSumExp'),
  transpose: ({ o }, a, { k }) => o.transpose(a, { perm: rotated(a.shape, k) }),
  batchSize: ({ o }, a) => o.div(a, o.batchSize({ dtype: o.float })),
  constant: ({ o }, a, { k }) => o.add(a, o.fill(a, (k % 9) / 4 - 1)),
  uniform: dropout,
  matmul,
  reshape,
  broadcast,
  cast,
  oneHot,
  argmax,
};

/** The ops that an instruction can name; the rest are leaves and the gradient marker. */
export const grownOps: readonly string[] = Object.keys(growers);

/** Ops that whole numbers also have. */
const wholeOps: ReadonlySet<string> = new Set(['neg', 'add', 'sub', 'mul', 'maximum', 'minimum', 'sum']);

/** Adds the value that `instruction` asks for, if there is one and it is not too large. */
export function grow(pool: Pool, instruction: Instruction): void {
  const name = grownOps[instruction.op % grownOps.length];
  const grower = Object.entries(growers).find(([op]) => op === name)?.[1];
  const whole = wholeOps.has(name ?? '') && instruction.k % 7 === 3;
  const a =
    (whole ? choose(pool, instruction.a, (value) => value.dtype === 'i32') : undefined) ??
    choose(pool, instruction.a, (value) => isFloat(value.dtype));
  const drawn = a && grower?.(pool, a, instruction);
  if (!drawn || !isSmall(drawn.shape)) return;
  // Whole numbers may wrap around only where nothing is guarded.
  if (pool.guarded && drawn.dtype === 'i32' && boundOf(drawn, new Map()) > 1_000) return;
  const value = pool.guarded && isFloat(drawn.dtype) ? tamed(pool.o, drawn, instruction.k) : drawn;
  if (!pool.values.includes(value)) pool.values.push(value);
}

const isSmall = (shape: Shape): boolean =>
  shape.length <= 4 &&
  elementCount(shape, largestBatch) <= largestSize &&
  shape.filter((dim: Dim) => dim === 'batch').length <= 1;

/** The value itself, or squeezed when its elements could be large. */
function tamed(o: Builder, value: Value, k: number): Value {
  const bound = boundOf(value, new Map());
  if (bound <= 100) return value;
  return k % 2 === 0 ? o.tanh(value) : o.mul(value, 2 ** -Math.ceil(Math.log2(bound)));
}

/** A bound on the elements of a value, when leaves are at most 3. */
function boundOf(value: Value, known: Map<Value, number>): number {
  const found = known.get(value);
  if (found !== undefined) return found;
  const bounds = value.inputs.map((input) => boundOf(input, known));
  const bound = combine(value, bounds);
  known.set(value, bound);
  return bound;
}

/** Ops whose results are between -1 and 1 whatever they are given. */
const bounded: readonly string[] = ['sin', 'cos', 'tanh', 'erf', 'sigmoid', 'sign', 'oneHot', 'uniform'];

function combine(value: Value, bounds: readonly number[]): number {
  const [a = 3, b = 3] = bounds;
  if (value.op === 'constant') return Math.abs(Number(value.attrs.value));
  if (bounded.includes(value.op)) return 1;
  if (value.op === 'exp' || value.op === 'expm1') return Math.exp(a);
  if (value.op === 'add' || value.op === 'sub') return a + b;
  if (value.op === 'mul') return a * b;
  if (value.op === 'div') return 2 * a; // divisors are guarded, or the batch size
  if (value.op === 'softplus' || value.op === 'logSumExp') return a + 6;
  if (value.op === 'matmul') return a * b * elementCount([value.inputs[0]?.shape[1] ?? 1], largestBatch);
  if (value.op === 'sum') return a * elementCount(value.inputs[0]?.shape ?? [], largestBatch);
  if (value.op === 'argmax') return 7;
  return Math.max(1, ...bounds);
}
