/** Rules that a pattern cannot say because they compute axes: movements merge, sink and cancel; constants fold. */

import type { Builder } from '../../ir/builder.ts';
import { nth, type Op } from '../../ir/op.ts';
import { isOpName, opOf } from '../../ir/ops/index.ts';
import type { Program } from '../../ir/program.ts';
import { round } from '../../ir/scalar-evaluate.ts';
import { type Dim, isFloat, keptAxes, type Shape, sameShape } from '../../ir/types.ts';
import { type AttrValue, listOf, numberList, type Value } from '../../ir/value.ts';
import type { Exactness } from '../pattern.ts';

export interface Rule {
  readonly name: string;
  readonly exactness: Exactness;
  /** Ops at whose root the rule may apply; all when absent. */
  readonly roots?: readonly string[];
  /** `program` is the one being rewritten: it knows what its inputs may hold. */
  readonly apply: (o: Builder, value: Value, program: Program) => Value | undefined;
}

const dimsOf = (attr: AttrValue | undefined): Dim[] =>
  listOf(attr).map((d) => (d === 'batch' ? d : Number(d)));
const shapeOf = (attr: AttrValue | undefined): Shape => dimsOf(attr);
const isConstant = (value: Value): boolean => value.op === 'constant';
const inputOf = (value: Value): Value => nth(value.inputs, 0);

const foldConstants: Rule = {
  name: 'f(constants) = constant',
  exactness: 'exact',
  apply(o, value) {
    const op = opOf(value.op) as Op;
    if (op.kind !== 'elementwise' || !value.inputs.every(isConstant)) return undefined;
    // A reader wants to see 1 - momentum, not its value.
    if (value.inputs.some(({ attrs }) => attrs.name !== undefined)) return undefined;
    const xs = value.inputs.map((x) => ({
      shape: [],
      dtype: x.dtype,
      data: [round(Number(x.attrs.value), x.dtype)],
    }));
    const context = { attrs: value.attrs, dtype: value.dtype, float: o.float, shape: [], batch: 1 };
    const folded = op.reference(xs, context)[0] ?? 0;
    return o.fill(value, round(folded, value.dtype));
  },
};

const moveConstants: Rule = {
  name: 'movement(constant) = constant',
  exactness: 'exact',
  roots: ['broadcast', 'reshape', 'transpose'],
  apply: (o, value) =>
    isConstant(inputOf(value))
      ? o.make('constant', [], { ...inputOf(value).attrs, shape: value.shape })
      : undefined,
};

const dropIdentities: Rule = {
  name: 'movement that moves nothing = x',
  exactness: 'exact',
  roots: ['broadcast', 'reshape', 'transpose', 'cast', 'sum', 'reduceMax'],
  apply(_o, value) {
    const x = inputOf(value);
    const still =
      value.op === 'transpose'
        ? numberList(value.attrs.perm).every((axis, i) => axis === i)
        : value.op === 'cast'
          ? x.dtype === value.dtype
          : value.op === 'reshape'
            ? sameShape(x.shape, value.shape)
            : numberList(value.attrs.axes).length === 0;
    return still ? x : undefined;
  },
};

/** Of an infinite x, the shifted sum is NaN. */
const dropLogSumExp: Rule = {
  name: 'logsumexp over no axes = x',
  exactness: 'finite',
  roots: ['logSumExp'],
  apply: (_o, value) => (numberList(value.attrs.axes).length === 0 ? inputOf(value) : undefined),
};

const mergeMovements: Rule = {
  name: 'movement(movement(x)) = movement(x)',
  exactness: 'exact',
  roots: ['transpose', 'reshape', 'broadcast'],
  apply(o, value) {
    const inner = inputOf(value);
    if (inner.op !== value.op) return undefined;
    const x = inputOf(inner);
    if (value.op === 'reshape') return o.reshape(x, { shape: shapeOf(value.attrs.shape) });
    if (value.op === 'transpose') {
      const first = numberList(inner.attrs.perm);
      return o.transpose(x, { perm: numberList(value.attrs.perm).map((axis) => nth(first, axis)) });
    }
    const outer = numberList(value.attrs.axes);
    const kept = keptAxes(value.shape.length, outer);
    const axes = [...outer, ...numberList(inner.attrs.axes).map((axis) => nth(kept, axis))].sort(
      (a, b) => a - b,
    );
    return o.broadcast(x, { axes, dims: axes.map((axis) => nth(value.shape, axis)) });
  },
};

const liftBroadcast: Rule = {
  name: 'f(broadcast(x), broadcast(y)) = broadcast(f(x, y))',
  exactness: 'exact',
  apply(o, value) {
    if (opOf(value.op).kind !== 'elementwise' || !isOpName(value.op)) return undefined;
    const moved = value.inputs.find((x) => x.op === 'broadcast');
    if (!moved) return undefined;
    const { axes, dims } = moved.attrs;
    const small = inputOf(moved);
    const alike = (x: Value): boolean => x.op === 'broadcast' && String(x.attrs.axes) === String(axes);
    if (!value.inputs.every((x) => alike(x) || isConstant(x))) return undefined;
    const inputs = value.inputs.map((x) =>
      isConstant(x) ? o.make('constant', [], { ...x.attrs, shape: small.shape }) : inputOf(x),
    );
    return o.broadcast(o.make(value.op, inputs, value.attrs), { axes: numberList(axes), dims: dimsOf(dims) });
  },
};

/** The number of elements along `axes` of `shape`, as a value like `like`. */
function countAlong(o: Builder, shape: Shape, axes: readonly number[], like: Value): Value {
  const fixed = axes.reduce(
    (count, axis) => (shape[axis] === 'batch' ? count : count * Number(shape[axis])),
    1,
  );
  const batches = axes.filter((axis) => shape[axis] === 'batch').length;
  let count = o.fill(like, fixed);
  const dtype = like.dtype === 'f64' ? 'f64' : 'f32';
  for (let i = 0; i < batches; i++) count = o.mul(count, o.batchSize({ dtype }));
  return count;
}

const sumOfSame: Rule = {
  name: 'sum(broadcast(x)) = count * sum(x)',
  exactness: 'finite',
  roots: ['sum'],
  apply(o, value) {
    const x = inputOf(value);
    if (!isFloat(value.dtype)) return undefined;
    const axes = numberList(value.attrs.axes);
    if (isConstant(x))
      return o.mul(o.fill(value, Number(x.attrs.value)), countAlong(o, x.shape, axes, value));
    if (x.op !== 'broadcast') return undefined;
    const added = numberList(x.attrs.axes);
    const repeated = axes.filter((axis) => added.includes(axis));
    if (repeated.length === 0) return undefined;
    const small = inputOf(x);
    const kept = keptAxes(x.shape.length, added);
    const rest = axes.filter((axis) => !added.includes(axis)).map((axis) => kept.indexOf(axis));
    const total = rest.length > 0 ? o.sum(small, { axes: rest }) : small;
    const left = keptAxes(x.shape.length, axes);
    const still = left.flatMap((axis, i) => (added.includes(axis) ? [i] : []));
    const spread =
      still.length > 0
        ? o.broadcast(total, { axes: still, dims: still.map((i) => nth(value.shape, i)) })
        : total;
    return o.mul(spread, countAlong(o, x.shape, repeated, value));
  },
};

const sumOfOne: Rule = {
  name: 'sum(x) over axes of size 1 = reshape(x)',
  exactness: 'finite', // 0 + -0 is 0
  roots: ['sum'],
  apply(o, value) {
    const x = inputOf(value);
    const axes = numberList(value.attrs.axes);
    const single = axes.filter((axis) => x.shape[axis] === 1);
    if (single.length === 0) return undefined;
    const shape = x.shape.filter((_, axis) => !single.includes(axis));
    const left = axes.filter((axis) => !single.includes(axis));
    const moved = left.map((axis) => axis - single.filter((gone) => gone < axis).length);
    const flat = o.reshape(x, { shape });
    return moved.length === 0 ? flat : o.sum(flat, { axes: moved });
  },
};

const sumOfOneHot: Rule = {
  name: 'sum(onehot(label)) = 1',
  exactness: 'finite',
  roots: ['sum'],
  apply(o, value, program) {
    const x = inputOf(value);
    const axes = numberList(value.attrs.axes);
    if (x.op !== 'oneHot' || axes.length !== 1 || axes[0] !== x.shape.length - 1) return undefined;
    // Labels are checked against their classes before a step sees them; other indices may lie out of range.
    const index = inputOf(x);
    const declared = index.op === 'input' && program.inputs.find(({ name }) => name === index.attrs.name);
    const { classes } = declared || {};
    return classes !== undefined && classes <= Number(x.attrs.classes) ? o.fill(value, 1) : undefined;
  },
};

const sumOfNegated: Rule = {
  name: 'sum(-x) = -sum(x)',
  exactness: 'finite', // the sum of zeros is 0, never -0
  roots: ['sum'],
  apply(o, value) {
    const x = inputOf(value);
    return x.op === 'neg' ? o.neg(o.sum(inputOf(x), { axes: numberList(value.attrs.axes) })) : undefined;
  },
};

const sumOfScaled: Rule = {
  name: 'sum(x / broadcast(y)) = sum(x) / y, where sum(x) is known',
  exactness: 'finite',
  roots: ['sum'],
  apply(o, value) {
    const x = inputOf(value);
    const axes = numberList(value.attrs.axes);
    if (x.op !== 'mul' && x.op !== 'div') return undefined;
    for (const [position, factor] of x.inputs.entries()) {
      if (factor.op !== 'broadcast') continue;
      const other = nth(x.inputs, 1 - position);
      const added = numberList(factor.attrs.axes);
      const same = axes.every((axis) => added.includes(axis));
      if (!same || (x.op === 'div' && position === 0)) continue;
      const total = o.sum(other, { axes });
      if (!isConstant(total)) continue; // otherwise the quotient is as good where it stands
      const left = keptAxes(x.shape.length, axes);
      const still = left.flatMap((axis, i) => (added.includes(axis) ? [i] : []));
      const spread = o.broadcast(inputOf(factor), {
        axes: still,
        dims: still.map((i) => nth(value.shape, i)),
      });
      return x.op === 'mul' ? o.mul(total, spread) : o.div(total, spread);
    }
    return undefined;
  },
};

export const movement: readonly Rule[] = [
  foldConstants,
  moveConstants,
  dropIdentities,
  dropLogSumExp,
  mergeMovements,
  liftBroadcast,
  sumOfOne,
  sumOfSame,
  sumOfOneHot,
  sumOfNegated,
  sumOfScaled,
];
