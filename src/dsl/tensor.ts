/** Tensors of a model under construction: every method records one operation and knows its shape in the type. */

import type { Builder } from '../../ir/builder.ts';
import { errors } from '../../ir/errors.ts';
import { showType, type Type } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { atCaller, checkDims, type Recording } from './recording.ts';
import { mean, type Reduction, reduceAlong } from './reductions.ts';
import type {
  AxisFits,
  Broadcast,
  Fits,
  FlatAxis,
  MatmulFits,
  MatmulShape,
  Reverse,
  Shape,
  WithoutAxis,
} from './shapes.ts';

/** What the elements of a tensor are: numbers, class indices, or truths. */
export type Kind = 'float' | 'int' | 'bool';

/** What operands are asked for: any tensor of a shape and kind. */
export interface TensorLike<S extends Shape = Shape, K extends Kind = Kind> {
  readonly shape: S;
  readonly kind: K;
  readonly value: Value;
  readonly recording: Recording;
}

/** A float operand: a tensor or a number. */
export type Operand = TensorLike<Shape, 'float'> | number;
type ShapeOf<T> = T extends TensorLike<infer S> ? S : readonly [];
type Checked<S extends Shape, T> = T extends TensorLike<infer B> ? Fits<S, B> : unknown;
type Joined<S extends Shape, T> = Broadcast<S, ShapeOf<T>>;

/** Scalar of a model: a tensor without axes. */
export type Scalar = Tensor<readonly []>;

/**
 * A value of a model. `S` is its shape (`'batch'` is the number of samples), `K` its kind.
 * Elementwise operations broadcast by NumPy's rule. Methods throw located diagnostics on misfits.
 */
export class Tensor<S extends Shape = Shape, K extends Kind = 'float'> implements TensorLike<S, K> {
  readonly shape: S;
  readonly kind: K;
  readonly value: Value;
  readonly recording: Recording;

  constructor(recording: Recording, value: Value, shape: S, kind: K) {
    this.recording = recording;
    this.value = value;
    this.shape = shape;
    this.kind = kind;
  }

  /** Matrix product of [m, k] and [k, n]: [m, n]. */
  matmul<const T extends TensorLike<Shape, 'float'>>(
    other: T & MatmulFits<S, ShapeOf<NoInfer<T>>>,
  ): Tensor<MatmulShape<S, ShapeOf<T>>> {
    return record(this, 'float', [other], (o, x, y) => o.matmul(x, operand(y)));
  }

  add<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>> {
    return record(this, 'float', [other], (o, x, y) => o.add(x, y));
  }
  sub<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>> {
    return record(this, 'float', [other], (o, x, y) => o.sub(x, y));
  }
  mul<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>> {
    return record(this, 'float', [other], (o, x, y) => o.mul(x, y));
  }
  div<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>> {
    return record(this, 'float', [other], (o, x, y) => o.div(x, y));
  }
  /** The larger of both, element by element; at a tie each gets half of the gradient. */
  maximum<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>> {
    return record(this, 'float', [other], (o, x, y) => o.maximum(x, y));
  }
  /** The smaller of both, element by element; at a tie each gets half of the gradient. */
  minimum<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>> {
    return record(this, 'float', [other], (o, x, y) => o.minimum(x, y));
  }
  less<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>, 'bool'> {
    return record(this, 'bool', [other], (o, x, y) => o.less(x, y));
  }
  /** x > y, as a bool. */
  greater<const T extends Operand>(other: T & Checked<S, NoInfer<T>>): Tensor<Joined<S, T>, 'bool'> {
    return record(this, 'bool', [other], (o, x, y) => o.less(y, x));
  }
  /** Elementwise equality with a tensor of the same kind. */
  equal<const T extends TensorLike<Shape, K> | number>(
    other: T & Checked<S, NoInfer<T>>,
  ): Tensor<Joined<S, T>, 'bool'> {
    return record(this, 'bool', [other], (o, x, y) => o.equal(x, y));
  }
  /** This where it is true, taken from `yes`, else from `no`; the untaken branch leaks nothing. */
  select<const A extends Operand, const B extends Operand>(
    this: Tensor<S, 'bool'>,
    yes: A & Checked<S, NoInfer<A>>,
    no: B & Checked<Joined<S, NoInfer<A>>, NoInfer<B>>,
  ): Tensor<Joined<Joined<S, A>, B>> {
    return record(this, 'float', [yes, no], (o, c, x, y) => o.select(c, x, y));
  }

  neg(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.neg(x));
  }
  abs(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.abs(x));
  }
  sign(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.sign(x));
  }
  floor(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.floor(x));
  }
  exp(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.exp(x));
  }
  /** e^x - 1, exact near 0 too. */
  expm1(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.expm1(x));
  }
  /** Natural logarithm. */
  log(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.log(x));
  }
  sqrt(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.sqrt(x));
  }
  /** x times x. */
  square(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.mul(x, x));
  }
  tanh(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.tanh(x));
  }
  sin(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.sin(x));
  }
  cos(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.cos(x));
  }
  /** The Gauss error function: 2/sqrt(pi) times the integral of e^-t^2 from 0 to x. */
  erf(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.erf(x));
  }
  /** 1 / (1 + e^-x). */
  sigmoid(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.sigmoid(x));
  }
  /** ln(1 + e^x). */
  softplus(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.softplus(x));
  }
  /** max(x, 0), with gradient 0 at 0. */
  relu(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.relu(x));
  }
  /** The same value, through which no gradient flows. */
  stopGradient(): Tensor<S, K> {
    return record(this, this.kind, [], (o, x) => o.stopGradient(x));
  }
  /** Bools as 0 and 1, integers as floats. */
  toFloat(): Tensor<S> {
    return record(this, 'float', [], (o, x) => o.cast(x, { dtype: this.recording.float }));
  }

  /** Sum over one axis, or over all. */
  sum(): Tensor<readonly []>;
  sum<const A extends number>(axis: A & AxisFits<S, NoInfer<A>>): Tensor<WithoutAxis<S, A>>;
  sum<const A extends number>(
    axis: A & AxisFits<S, NoInfer<A>>,
    options: { readonly keep: true },
  ): Tensor<FlatAxis<S, A>>;
  sum(axis?: number, options?: { readonly keep: true }): Tensor<Shape> {
    return reduce(this, 'float', axis, options?.keep, (o, x, axes) => o.sum(x, { axes }));
  }
  /** Arithmetic mean over one axis, or over all; an error over an axis of no elements. */
  mean(): Tensor<readonly []>;
  mean<const A extends number>(axis: A & AxisFits<S, NoInfer<A>>): Tensor<WithoutAxis<S, A>>;
  mean<const A extends number>(
    axis: A & AxisFits<S, NoInfer<A>>,
    options: { readonly keep: true },
  ): Tensor<FlatAxis<S, A>>;
  mean(axis?: number, options?: { readonly keep: true }): Tensor<Shape> {
    return reduce(this, 'float', axis, options?.keep, mean);
  }
  /** Largest element over one axis, or over all; elements that tie share the gradient. */
  max(): Tensor<readonly []>;
  max<const A extends number>(axis: A & AxisFits<S, NoInfer<A>>): Tensor<WithoutAxis<S, A>>;
  max<const A extends number>(
    axis: A & AxisFits<S, NoInfer<A>>,
    options: { readonly keep: true },
  ): Tensor<FlatAxis<S, A>>;
  max(axis?: number, options?: { readonly keep: true }): Tensor<Shape> {
    return reduce(this, 'float', axis, options?.keep, (o, x, axes) => o.reduceMax(x, { axes }));
  }
  /** ln of the sum of e^x over one axis, safe for elements of any size. */
  logSumExp<const A extends number>(axis: A & AxisFits<S, NoInfer<A>>): Tensor<WithoutAxis<S, A>>;
  logSumExp<const A extends number>(
    axis: A & AxisFits<S, NoInfer<A>>,
    options: { readonly keep: true },
  ): Tensor<FlatAxis<S, A>>;
  logSumExp(axis: number, options?: { readonly keep: true }): Tensor<Shape> {
    return reduce(this, 'float', axis, options?.keep, (o, x, axes) => o.logSumExp(x, { axes }));
  }
  /** Index of the largest element along `axis`, the first where several tie. */
  argmax<const A extends number>(axis: A & AxisFits<S, NoInfer<A>>): Tensor<WithoutAxis<S, A>, 'int'> {
    return reduce(this, 'int', axis, undefined, (o, x, [first = 0]) => o.argmax(x, { axis: first }));
  }

  /** Axes in reverse order: rows become columns. */
  transpose(): Tensor<Reverse<S>, K> {
    const perm = this.shape.map((_, axis) => this.shape.length - 1 - axis);
    return record(this, this.kind, [], (o, x) => o.transpose(x, { perm }));
  }
  /** The same elements in order under another shape; `'batch'` stays first. */
  reshape<const T extends Shape>(shape: T): Tensor<T, K> {
    return record(this, this.kind, [], (o, x) => {
      checkDims('reshape', shape, true);
      return o.reshape(x, { shape: [...shape] });
    });
  }
  /** Class indices as rows of 0 and one 1. */
  oneHot<const C extends number>(this: Tensor<S, 'int'>, classes: C): Tensor<readonly [...S, C]> {
    return record(this, 'float', [], (o, x) => {
      checkDims('oneHot', [classes], false);
      return o.oneHot(x, { classes, dtype: this.recording.float });
    });
  }

  /** Gives the value a name, which the emitted code, messages and listings use. */
  named(name: string): this {
    atCaller(this.recording, () => {
      if (typeof name !== 'string' || name === '') throw errors.badName('this value', 'is empty');
    });
    this.recording.o.annotate(this.value, { name });
    return this;
  }
}

const operand = (x: Value | number): Value => {
  if (typeof x === 'number') throw errors.dtype('matmul', String(x), 'a matrix');
  return x;
};

type Record1 = (o: Builder, x: Value, ...rest: [Value | number, Value | number]) => Value;

/** Records one operation at the caller's line. The type of the result is the one the method declares. */
function record<T extends Shape, K extends Kind>(
  self: TensorLike,
  kind: K,
  others: readonly (TensorLike | number)[],
  build: Record1,
): Tensor<T, K> {
  const value = atCaller(self.recording, (o) => {
    const [a = 0, b = 0] = others.map((other) => {
      if (typeof other === 'number') return other;
      if (!isTensor(other)) throw errors.dtype('operand', describe(other), 'a tensor or a number');
      if (other.recording !== self.recording) throw errors.foreignTensor(showType(other.value));
      return other.value;
    });
    return build(o, self.value, a, b);
  });
  return wrap(self.recording, value, kind);
}

const describe = (x: unknown): string =>
  x === null ? 'null' : typeof x === 'object' ? 'an object' : typeof x;

export const isTensor = (x: unknown): x is TensorLike => x instanceof Tensor;

/** A tensor of a recorded value. Types ask for the shape that the method promised; `infer` computed the same. */
export function wrap<S extends Shape, K extends Kind>(
  recording: Recording,
  value: Type & Value,
  kind: K,
): Tensor<S, K> {
  return new Tensor(recording, value, value.shape as S, kind);
}

function reduce<S extends Shape, K extends Kind>(
  self: TensorLike,
  kind: K,
  axis: number | undefined,
  keep: boolean | undefined,
  build: Reduction,
): Tensor<S, K> {
  const value = atCaller(self.recording, (o) => reduceAlong(o, self.value, axis, keep === true, build));
  return wrap(self.recording, value, kind);
}
