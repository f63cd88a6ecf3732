/** What an ONNX value is while its model is written: numbers that are known already, weights, or an expression. */

import { broadcastShapes, type Dim, type Shape } from '../../ir/types.ts';
import type { Numbers } from './graph.ts';

export type Element = 'float' | 'int' | 'bool';

/** Whole numbers that shapes are computed from; the number of samples is one of them. */
export interface Sizes {
  readonly kind: 'sizes';
  readonly shape: readonly number[];
  readonly values: readonly Dim[];
}

/** One number, wherever it stands in `shape`. */
export interface Fill {
  readonly kind: 'fill';
  readonly shape: Shape;
  readonly value: number;
}

/** An array of numbers of the file. */
export interface Weights {
  readonly kind: 'weights';
  readonly name: string;
  readonly shape: readonly number[];
  readonly numbers: Numbers;
  /** Of the graph itself: what was trained. Constants among the nodes were not. */
  readonly trained: boolean;
}

export interface Expression {
  readonly kind: 'expression';
  readonly element: Element;
  readonly shape: Shape;
  /** Methods can follow it. */
  readonly text: string;
  /** It is a name, to be repeated at will. */
  readonly bound: boolean;
  /** A bool that stands for its opposite: the tensors of a model have no `not`. */
  readonly negated: boolean;
  /** Nothing that is learnt has touched it: it is an input, scaled at most. */
  readonly raw: boolean;
  /** What the file calls it. */
  readonly wanted?: string;
  /** The last layer, which the loss is computed before. */
  readonly last?: Last;
}

export interface Last {
  readonly op: 'softmax' | 'logSoftmax' | 'sigmoid';
  readonly logits: Expression;
}

export type Val = Sizes | Fill | Weights | Expression;

/** What a handler throws: a reason why this node cannot be written. */
export interface Refusal extends Error {
  readonly isRefusal: true;
}

export const refusal = (why: string): Refusal => Object.assign(new Error(why), { isRefusal: true as const });

export const isRefusal = (x: unknown): x is Refusal => x instanceof Error && 'isRefusal' in x;

/** The shape that two operands have together. */
export function together(a: Shape, b: Shape): Shape {
  const shape = broadcastShapes(a, b);
  if (shape) return shape;
  throw refusal(`shapes [${a}] and [${b}] do not fit together`);
}

/** The product of the sizes that are known. */
export const staticCount = (shape: Shape): number =>
  shape.reduce<number>((count, dim) => (dim === 'batch' ? count : count * dim), 1);

export const showShape = (shape: Shape): string =>
  `[${shape.map((dim) => (dim === 'batch' ? "'batch'" : dim)).join(', ')}]`;

/** A number as short as it can be written: 0.1 in place of the double that its float32 is. */
export function showNumber(x: number): string {
  if (Number.isNaN(x)) return 'Number.NaN';
  if (!Number.isFinite(x)) return x > 0 ? 'Number.POSITIVE_INFINITY' : 'Number.NEGATIVE_INFINITY';
  if (Object.is(x, -0)) return '-0';
  if (Math.fround(x) !== x) return String(x);
  const digits = [6, 7, 8, 9].find((count) => Math.fround(Number(x.toPrecision(count))) === x);
  return String(digits === undefined ? x : Number(x.toPrecision(digits)));
}
