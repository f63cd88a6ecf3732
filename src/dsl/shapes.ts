/** Shapes in the type system: a wrong one is an error in the editor, in words. */

export type Dim = number | 'batch';
/** The sizes of a tensor, outermost first: `['batch', 784]`. */
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
export type MatmulFits<A extends Shape, B extends Shape> = A['length'] extends 2
  ? B['length'] extends 2
    ? Differ<A[1], B[0]> extends true
      ? ShapeError<`matmul: [${Text<A>}] times [${Text<B>}]: ${A[1]} columns on the left meet ${B[0]} rows on the right`>
      : unknown
    : number extends B['length']
      ? unknown
      : ShapeError<`matmul needs two matrices; the right operand is [${Text<B>}]`>
  : number extends A['length']
    ? unknown
    : ShapeError<`matmul needs two matrices; the left operand is [${Text<A>}]`>;

// Sizes are read by index, not inferred, so that a layer may leave the batch size of its input open.
export type MatmulShape<A extends Shape, B extends Shape> = A['length'] extends 2
  ? B['length'] extends 2
    ? readonly [A[0], B[1]]
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

/** An axis counted from the end, as a number counted from 1: -1 is 1. Anything else is `never`. */
type FromEnd<A extends number> = `${A}` extends `-${infer Back extends number}` ? Back : never;

/** S with its axis A (from 0) replaced by `New`, as a list of sizes; `undefined` when there is no such axis. */
type ReplaceAxis<
  S extends Shape,
  A extends number,
  New extends Shape,
  Seen extends readonly Dim[] = [],
> = S extends readonly [infer H extends Dim, ...infer R extends Shape]
  ? Seen['length'] extends A
    ? readonly [...New, ...R]
    : ReplaceAxis<R, A, New, [...Seen, H]> extends infer Rest extends Shape
      ? readonly [H, ...Rest]
      : undefined
  : undefined;

/** As ReplaceAxis, for negative axes too, which count from the end. */
type AtAxis<S extends Shape, A extends number, New extends Shape> = [FromEnd<A>] extends [never]
  ? ReplaceAxis<S, A, New>
  : ReplaceAxis<Reverse<S>, FromEnd<A>, New, [1]> extends infer Reversed extends Shape
    ? Reverse<Reversed>
    : undefined;

type KnownAxis<S extends Shape, A extends number, New extends Shape> = number extends S['length'] | A
  ? Shape
  : AtAxis<S, A, New> extends infer Known extends Shape
    ? Known
    : Shape;

/** S without its axis A; negative axes count from the end. */
export type WithoutAxis<S extends Shape, A extends number> = KnownAxis<S, A, readonly []>;

/** S with its axis A kept at size 1. */
export type FlatAxis<S extends Shape, A extends number> = KnownAxis<S, A, readonly [1]>;

/** The axes of a shape, by its number of sizes. */
interface AxesOf {
  0: never;
  1: 0 | -1;
  2: 0 | 1 | -1 | -2;
  3: 0 | 1 | 2 | -1 | -2 | -3;
  4: 0 | 1 | 2 | 3 | -1 | -2 | -3 | -4;
}

/** `unknown` when S has the axis A, else an error that names both. */
export type AxisFits<S extends Shape, A extends number> = number extends A
  ? unknown
  : S['length'] extends keyof AxesOf
    ? A extends AxesOf[S['length']]
      ? unknown
      : ShapeError<`[${Text<S>}] has no axis ${A}; axes count from 0, or from the end as -1, -2, ...`>
    : unknown;

/** True unless both shapes are known to the last size and differ. */
type MayEqual<A extends Shape, B extends Shape> = number extends A['length'] | B['length']
  ? true
  : A extends readonly [infer H extends Dim, ...infer R extends Shape]
    ? B extends readonly [infer J extends Dim, ...infer T extends Shape]
      ? Differ<H, J> extends true
        ? false
        : MayEqual<R, T>
      : false
    : B extends readonly []
      ? true
      : false;

/** `unknown` when the label's shape is that of the prediction, else an error that names both. */
export type LabelFits<Predicted extends Shape, Label extends Shape> =
  MayEqual<Predicted, Label> extends true
    ? unknown
    : ShapeError<`the prediction is [${Text<Predicted>}], the label is [${Text<Label>}]; they must be equal`>;

export type Reverse<S extends Shape> = number extends S['length']
  ? Shape
  : S extends readonly [infer H extends Dim, ...infer R extends Shape]
    ? readonly [...Reverse<R>, H]
    : readonly [];
