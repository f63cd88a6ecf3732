/** Shapes in the type system: a wrong one is an error in the editor, in words. */

export type Dim = number | 'batch';
export type Shape = readonly Dim[];

/** Shown by the editor in place of a type that does not fit. */
export interface ShapeError<Message extends string> {
  readonly 'shape error': Message;
}

type Text<S extends Shape> = S extends readonly []
  ? ''
  : S extends readonly [infer H extends Dim]
    ? `${H}`
    : S extends readonly [infer H extends Dim, ...infer R extends Shape]
      ? `${H}, ${Text<R>}`
      : '...';

/** True when both are known and differ. A size that is only known as `number` is left to the compiler. */
type Differ<A, B> = number extends A
  ? false
  : number extends B
    ? false
    : A extends B
      ? B extends A
        ? false
        : true
      : true;

/** `unknown` when [.., k] times [k, ..] fits, else an error that names both inner dimensions. */
export type MatmulFits<A extends Shape, B extends Shape> = A extends readonly [Dim, infer K extends Dim]
  ? B extends readonly [infer L extends Dim, Dim]
    ? Differ<K, L> extends true
      ? ShapeError<`matmul: [${Text<A>}] times [${Text<B>}]: ${K} columns on the left meet ${L} rows on the right`>
      : unknown
    : number extends B['length']
      ? unknown
      : ShapeError<`matmul needs two matrices; the right operand is [${Text<B>}]`>
  : number extends A['length']
    ? unknown
    : ShapeError<`matmul needs two matrices; the left operand is [${Text<A>}]`>;

export type MatmulShape<A extends Shape, B extends Shape> = A extends readonly [infer M extends Dim, Dim]
  ? B extends readonly [Dim, infer N extends Dim]
    ? readonly [M, N]
    : Shape
  : Shape;

type Join<A, B> = A extends 1 ? B : B extends 1 ? A : number extends A ? B : A;
type Clash<A, B> = A extends 1 ? false : B extends 1 ? false : Differ<A, B>;

/** The shape of an elementwise operation by NumPy's rule, or `never` when the operands do not fit. */
export type Broadcast<A extends Shape, B extends Shape> = number extends A['length']
  ? Shape
  : number extends B['length']
    ? Shape
    : A extends readonly [...infer AI extends Shape, infer AL extends Dim]
      ? B extends readonly [...infer BI extends Shape, infer BL extends Dim]
        ? Clash<AL, BL> extends true
          ? never
          : Broadcast<AI, BI> extends infer Rest extends Shape
            ? [Rest] extends [never]
              ? never
              : readonly [...Rest, Extract<Join<AL, BL>, Dim>]
            : never
        : A
      : B;

export type Fits<A extends Shape, B extends Shape> = [Broadcast<A, B>] extends [never]
  ? ShapeError<`the shapes [${Text<A>}] and [${Text<B>}] do not fit together`>
  : unknown;

/** S without its axis A; -1 is the last one. */
export type WithoutAxis<
  S extends Shape,
  A extends number,
  Seen extends readonly Dim[] = [],
> = number extends S['length']
  ? Shape
  : A extends -1
    ? S extends readonly [...infer Init extends Shape, Dim]
      ? Init
      : readonly []
    : S extends readonly [infer H extends Dim, ...infer R extends Shape]
      ? Seen['length'] extends A
        ? R
        : readonly [H, ...WithoutAxis<R, A, [...Seen, H]>]
      : readonly [];

/** S with its axis A kept at size 1. */
export type FlatAxis<
  S extends Shape,
  A extends number,
  Seen extends readonly Dim[] = [],
> = number extends S['length']
  ? Shape
  : A extends -1
    ? S extends readonly [...infer Init extends Shape, Dim]
      ? readonly [...Init, 1]
      : readonly []
    : S extends readonly [infer H extends Dim, ...infer R extends Shape]
      ? Seen['length'] extends A
        ? readonly [1, ...R]
        : readonly [H, ...FlatAxis<R, A, [...Seen, H]>]
      : readonly [];

export type Reverse<S extends Shape> = number extends S['length']
  ? Shape
  : S extends readonly [infer H extends Dim, ...infer R extends Shape]
    ? readonly [...Reverse<R>, H]
    : readonly [];

/** The columns of a matrix-like shape. */
export type LastOf<S extends Shape> = S extends readonly [...Shape, infer L extends Dim] ? L : Dim;
