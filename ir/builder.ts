/** Builds graphs: one method per op, broadcasting made explicit, equal values shared. */

import { CompileError, errors } from './errors.ts';
import type { AnyOp, Op } from './op.ts';
import { type OpName, opNames, opOf, type ops } from './ops/index.ts';
import { broadcastShapes, type DType, type Float, type Shape, sameShape, showType } from './types.ts';
import { type Attrs, type Note, showAttrs, type Value } from './value.ts';

type Repeat<N, T> = N extends 0
  ? []
  : N extends 1
    ? [T]
    : N extends 2
      ? [T, T]
      : N extends 3
        ? [T, T, T]
        : T[];

/** One method per op over terms `T`: operands (numbers become constants), then attributes if it has any. */
export type Algebra<T> = {
  readonly [K in OpName]: (typeof ops)[K] extends Op<infer N, infer A>
    ? (...args: [...Repeat<N, T | number>, ...(keyof A extends never ? [] : [attrs: A])]) => T
    : never;
};

/** Builds values. A program has one builder; passes build into a new one. */
export interface Builder extends Algebra<Value> {
  readonly float: Float;
  /** The value of `op` on inputs that already have fitting shapes; the only way values come into being. */
  make(op: OpName, inputs: readonly Value[], attrs: Attrs): Value;
  /** The same number in every element, with the shape and dtype of `like`. */
  fill(like: Value, value: number): Value;
  /** `x` stretched to `shape` by NumPy's rule. */
  stretch(x: Value, shape: Shape): Value;
  /** Notes of values made while `body` runs are `note`, unless made before. */
  within<T>(note: Note, body: () => T): T;
  /** The note that values made now get. */
  readonly context: Note;
  /** Adds what `note` knows and the value's note does not. */
  annotate(value: Value, note: Partial<Note>): void;
  noteOf(value: Value): Note;
  readonly notes: ReadonlyMap<Value, Note>;
  readonly size: number;
}

/** Builds values of float dtype `float`; `rewrite` may replace each new value by an equal one. */
export function createBuilder(float: Float, rewrite?: (value: Value, o: Builder) => Value): Builder {
  const pool = new Map<string, Value>();
  const notes = new Map<Value, Note>();
  let context: Note = { role: 'forward' };

  const show = (value: Value): string => {
    const name =
      notes.get(value)?.name ?? (typeof value.attrs.name === 'string' ? value.attrs.name : undefined);
    return `${name ?? `the result of ${value.op}`} ${showType(value)}`;
  };

  function make(op: OpName, inputs: readonly Value[], attrs: Attrs): Value {
    const key = `${op}(${inputs.map((x) => x.id).join()}){${showAttrs(attrs)}}`;
    const known = pool.get(key);
    if (known) return known;
    const type = inferType(opOf(op), inputs, attrs, show, context);
    const value: Value = { id: pool.size, op, inputs, attrs, ...type };
    pool.set(key, value);
    notes.set(value, context);
    const better = rewrite?.(value, builder) ?? value;
    if (better !== value) pool.set(key, better);
    return better;
  }

  const constant = (value: number, dtype: DType, shape: Shape): Value =>
    make('constant', [], { value, dtype, shape });

  const builder: Builder = {
    ...methods(make, (x, shape) => builder.stretch(x, shape), constant, float),
    float,
    make,
    fill: (like, value) => constant(value, like.dtype, like.shape),
    stretch(x, shape) {
      const stretched = stretch(make, x, shape);
      const name = notes.get(x)?.name;
      if (x.op === 'constant' && name !== undefined) builder.annotate(stretched, { name });
      return stretched;
    },
    within(note, body) {
      const outer = context;
      context = note;
      try {
        return body();
      } finally {
        context = outer;
      }
    },
    annotate: (value, note) => notes.set(value, { ...note, ...builder.noteOf(value) }),
    noteOf: (value) => notes.get(value) ?? { role: 'forward' },
    notes,
    get context() {
      return context;
    },
    get size() {
      return pool.size;
    },
  };
  return builder;
}

function inferType(
  op: AnyOp,
  inputs: readonly Value[],
  attrs: Attrs,
  show: (value: Value) => string,
  note: Note,
) {
  try {
    return (op.infer as Op['infer'])(inputs, attrs, show);
  } catch (thrown) {
    if (!(thrown instanceof CompileError) || thrown.diagnostic.site || !note.site) throw thrown;
    throw new CompileError({ ...thrown.diagnostic, site: note.site });
  }
}

type Make = Builder['make'];

/** One method per op: numbers become constants, elementwise operands are stretched to a common shape. */
function methods(
  make: Make,
  stretchTo: (x: Value, shape: Shape) => Value,
  constant: (value: number, dtype: DType, shape: Shape) => Value,
  float: Float,
): Algebra<Value> {
  const method = (name: OpName) => {
    const op = opOf(name);
    return (...args: readonly (Value | number | Attrs)[]): Value => {
      const operands = args.slice(0, op.arity).filter((x): x is Value | number => isOperand(x));
      const attrs = args[op.arity];
      const typed = operands.find((x): x is Value => typeof x !== 'number' && x.dtype !== 'bool');
      const dtype = typed?.dtype ?? float;
      const fraction = operands.find((x) => typeof x === 'number' && dtype === 'i32' && !Number.isInteger(x));
      if (fraction !== undefined && op.kind === 'elementwise')
        throw errors.dtype(name, `${String(fraction)} beside integers`, 'whole numbers');
      const values = operands.map((x) => (typeof x === 'number' ? constant(x, dtype, []) : x));
      const aligned = op.kind === 'elementwise' && values.length > 1 ? align(stretchTo, values) : values;
      return make(name, aligned, attrs !== undefined && !isOperand(attrs) ? attrs : {});
    };
  };
  const entries: Iterable<readonly unknown[]> = opNames.map((name) => [name, method(name)]);
  return Object.fromEntries(entries);
}

const isOperand = (x: Value | number | Attrs): x is Value | number =>
  typeof x === 'number' || (typeof x.op === 'string' && Array.isArray(x.inputs));

/** Stretches all to their common shape; leaves them as they are when there is none (inference then objects). */
function align(stretchTo: (x: Value, shape: Shape) => Value, values: readonly Value[]): readonly Value[] {
  let shape: Shape | undefined = [];
  for (const value of values) shape = shape && broadcastShapes(shape, value.shape);
  const common = shape;
  return common ? values.map((value) => stretchTo(value, common)) : values;
}

function stretch(make: Make, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (x.op === 'constant') return make('constant', [], { ...x.attrs, shape });
  const lead = shape.length - x.shape.length;
  const missing = shape.flatMap((dim, axis) => (axis < lead || x.shape[axis - lead] !== dim ? [axis] : []));
  const kept = x.shape.filter((_, axis) => !missing.includes(axis + lead));
  if (missing.some((axis) => axis >= lead && x.shape[axis - lead] !== 1)) {
    throw errors.shapesDiffer('broadcast', showType(x), shape.join(', '));
  }
  const squeezed = sameShape(kept, x.shape) ? x : make('reshape', [x], { shape: kept });
  return make('broadcast', [squeezed], { axes: missing, dims: missing.map((axis) => shape[axis] ?? 1) });
}
