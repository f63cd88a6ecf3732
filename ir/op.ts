/** What an op is: every facet in one object, and helpers that make simple ops short. */

import type { Builder } from './builder.ts';
import { errors } from './errors.ts';
import type { Index } from './index-expr.ts';
import type { Notation } from './notation.ts';
import type { Access, Scalar, ScalarBuilder, ScalarFunction } from './scalar.ts';
import { applyScalar } from './scalar-evaluate.ts';
import type { Tensor } from './tensor.ts';
import { type DType, type Float, isFloat, type Shape, sameShape, type Type } from './types.ts';
import type { Attrs, NoAttrs, Value } from './value.ts';

/** What a gradient rule is given: the op's inputs and output, and the gradient at the output. */
export interface Adjoint<A> {
  readonly xs: readonly Value[];
  readonly y: Value;
  readonly dy: Value;
  readonly attrs: A;
}

/** What a reference implementation is given besides its inputs. */
export interface ReferenceContext<A> {
  readonly attrs: A;
  readonly dtype: DType;
  readonly float: Float;
  /** The shape of the result with the batch filled in. */
  readonly shape: readonly number[];
  /** Number of samples at hand. */
  readonly batch: number;
}

/** Where random test inputs may come from, so that a property holds and finite differences converge. */
export type Domain = 'real' | 'positive' | 'nonzero' | 'bool' | 'index';

export interface Samples {
  readonly shapes:
    | 'leaf'
    | 'elementwise'
    | 'reduction'
    | 'argmax'
    | 'matmul'
    | 'transpose'
    | 'reshape'
    | 'broadcast'
    | 'oneHot'
    | 'uniform'
    | 'grad';
  readonly domains: readonly Domain[];
  /** Inputs at which the derivative jumps: tested for the documented convention instead of by differences. */
  readonly kinks?: readonly number[];
}

export interface Op<N extends number = number, A extends Attrs = Attrs> {
  readonly arity: N;
  /** Elementwise ops broadcast their operands in the builder, and may be fused freely. */
  readonly kind: 'leaf' | 'elementwise' | 'reduction' | 'contraction' | 'movement' | 'indexing' | 'marker';
  /** `free`: moves, names or compares without arithmetic worth storing, so each reader may repeat it. */
  readonly cost: 'free' | 'work';
  /** The type of the result; throws a located diagnostic. `show` describes an operand in messages. */
  infer(xs: readonly Value[], attrs: A, show: (value: Value) => string): Type;
  /** Gradients at the inputs (undefined: none flows), or null when the op is not differentiable. */
  readonly grad: ((o: Builder, adjoint: Adjoint<A>) => readonly (Value | undefined)[]) | null;
  /** The element of the result at an index: the only lowering facet. Null for what is never lowered. */
  readonly at:
    | ((s: ScalarBuilder, xs: readonly Access[], index: readonly Index[], node: Value) => Scalar)
    | null;
  /** The naive meaning on whole arrays; shares nothing with `at`. */
  reference(xs: readonly Tensor[], context: ReferenceContext<A>): ArrayLike<number>;
  notation(xs: readonly Notation[], attrs: A): Notation;
  readonly samples: Samples;
}

/** What every op has in common when seen through the manifest. */
export type AnyOp = Op<number, never>;

/** The i-th of a list that is known to be long enough. */
export function nth<T>(xs: readonly (T | undefined)[], i: number): T {
  const x = xs[i];
  if (x === undefined) throw errors.invalid(`operand ${i} is missing`);
  return x;
}

/** Elementwise inputs have one shape; floats also one dtype. */
export function inferElementwise(name: string, xs: readonly Value[], show: (value: Value) => string): Shape {
  const first = nth(xs, 0);
  for (const x of xs) {
    if (!sameShape(x.shape, first.shape)) throw errors.shapesDiffer(name, show(first), show(x));
  }
  return first.shape;
}

type Kind = 'float' | 'numeric' | 'bool' | 'any';

export function checkDtype(name: string, x: Value, kind: Kind, show: (value: Value) => string): void {
  const fits =
    kind === 'any' ||
    (kind === 'bool' ? x.dtype === 'bool' : kind === 'float' ? isFloat(x.dtype) : x.dtype !== 'bool');
  if (!fits)
    throw errors.dtype(name, show(x), kind === 'float' ? 'a float' : kind === 'bool' ? 'a bool' : 'a number');
}

interface ElementwiseFacets<N extends number> {
  readonly arity: N;
  readonly scalar: ScalarFunction;
  readonly accepts?: Kind;
  readonly returns?: 'bool';
  readonly cost?: 'free' | 'work';
  readonly grad: Op<N, NoAttrs>['grad'];
  readonly notation: (...xs: readonly Notation[]) => Notation;
  readonly domains: readonly Domain[];
  readonly kinks?: readonly number[];
  /** The meaning of one element when it is not the scalar function itself (core functions with one obvious meaning). */
  readonly reference?: (...xs: readonly number[]) => number;
}

/** An op that applies one scalar function to corresponding elements. */
export function elementwise<N extends number>(name: string, facets: ElementwiseFacets<N>): Op<N, NoAttrs> {
  const { scalar, returns, accepts = 'float' } = facets;
  return {
    arity: facets.arity,
    kind: 'elementwise',
    cost: facets.cost ?? 'work',
    infer(xs, _attrs, show) {
      const shape = inferElementwise(name, xs, show);
      const first = nth(xs, 0);
      for (const x of xs) {
        checkDtype(name, x, accepts, show);
        if (x.dtype !== first.dtype) throw errors.dtype(name, show(x), first.dtype);
      }
      return { shape, dtype: returns ?? first.dtype };
    },
    grad: facets.grad,
    at: (s, xs, index) => s.apply(scalar, ...xs.map((x) => x.at(...index))),
    reference(xs, { dtype, float }) {
      const size = nth(xs, 0).data.length;
      const direct = facets.reference;
      return Array.from({ length: size }, (_, i) => {
        const element = xs.map((x) => x.data[i] ?? 0);
        return direct ? direct(...element) : applyScalar(scalar, element, dtype, float);
      });
    },
    notation: (xs) => facets.notation(...xs),
    samples: {
      shapes: 'elementwise',
      domains: facets.domains,
      ...(facets.kinks ? { kinks: facets.kinks } : {}),
    },
  };
}
