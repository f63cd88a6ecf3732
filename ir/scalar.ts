/** The closed vocabulary of scalar arithmetic that every target must speak, and expressions over it. */

import { type Index, showIndex, varIndex } from './index-expr.ts';
import type { Dim, DType, Float } from './types.ts';
import { isFloat } from './types.ts';
import type { Value } from './value.ts';

/** Core functions: correctly rounded in the dtype of their result, the same on every target. */
export const coreFunctions = [
  'add',
  'sub',
  'mul',
  'div',
  'neg',
  'abs',
  'min',
  'max',
  'sqrt',
  'floor',
  'less',
  'lessEqual',
  'equal',
  'and',
  'or',
  'not',
  'select',
  'toFloat',
  'toInt',
  'toBool',
  'bitsToFloat',
  'floatToBits',
  'xor',
  'shiftLeft',
  'shiftRight',
  'shiftRightUnsigned',
] as const;
export type CoreFunction = (typeof coreFunctions)[number];
/** Functions that carry an expansion into the core (`ir/expansions.ts`). */
export type DerivedFunction =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'erf'
  | 'sigmoid'
  | 'softplus'
  | 'uniform';
export type ScalarFunction = CoreFunction | DerivedFunction;

export type ReduceKind = 'sum' | 'max' | 'argmax';

export type Scalar =
  /** `name` when the user gave the number one. */
  | { readonly kind: 'number'; readonly value: number; readonly dtype: DType; readonly name?: string }
  | { readonly kind: 'batch'; readonly dtype: DType }
  | { readonly kind: 'index'; readonly index: Index; readonly dtype: 'i32' }
  | { readonly kind: 'load'; readonly from: Value; readonly index: readonly Index[]; readonly dtype: DType }
  /** A variable of the code around: an argument of an expansion, or what a statement declared. */
  | { readonly kind: 'local'; readonly name: string; readonly dtype: DType }
  | {
      readonly kind: 'apply';
      readonly fn: ScalarFunction;
      readonly args: readonly Scalar[];
      readonly dtype: DType;
    }
  | Reduce;

export interface Reduce {
  readonly kind: 'reduce';
  readonly reduce: ReduceKind;
  /** The reduction variable; elements are taken in ascending order. */
  readonly over: Index;
  readonly extent: Dim;
  readonly body: Scalar;
  readonly dtype: DType;
  /** What a sum starts from; 0 where it is absent. */
  readonly start?: Scalar;
}

/** How an op reads an operand: the element at an index. */
export interface Access {
  readonly dtype: DType;
  readonly shape: readonly Dim[];
  at(...index: readonly Index[]): Scalar;
}

type Operand = Scalar | number;

/** Builds scalar expressions; numbers take the dtype of the operand beside them. */
export interface ScalarBuilder {
  apply(fn: ScalarFunction, ...args: readonly Operand[]): Scalar;
  number(value: number, dtype: DType): Scalar;
  /** The number of samples at hand, as a float. */
  batch(dtype: Float): Scalar;
  index(index: Index): Scalar;
  convert(x: Scalar, dtype: DType): Scalar;
  reduce(kind: ReduceKind, extent: Dim, body: (k: Index) => Scalar): Scalar;
}

const comparisons: ReadonlySet<ScalarFunction> = new Set([
  'less',
  'lessEqual',
  'equal',
  'and',
  'or',
  'not',
  'toBool',
]);
const toInteger: ReadonlySet<ScalarFunction> = new Set([
  'toInt',
  'floatToBits',
  'xor',
  'shiftLeft',
  'shiftRight',
  'shiftRightUnsigned',
]);

function resultType(fn: ScalarFunction, args: readonly Scalar[], float: Float): DType {
  if (comparisons.has(fn)) return 'bool';
  if (toInteger.has(fn)) return 'i32';
  if (fn === 'toFloat' || fn === 'bitsToFloat' || fn === 'uniform') return float;
  return (fn === 'select' ? args[1] : args[0])?.dtype ?? float;
}

/** `freshIndex` names reduction variables, so that those of one kernel stay apart. */
export function scalarBuilder(float: Float, freshIndex: () => string): ScalarBuilder {
  const number = (value: number, dtype: DType): Scalar => ({ kind: 'number', value, dtype });
  return {
    number,
    batch: (dtype) => ({ kind: 'batch', dtype }),
    index: (index) =>
      index.kind === 'const' ? number(index.value, 'i32') : { kind: 'index', index, dtype: 'i32' },
    apply(fn, ...operands) {
      const typed = operands.find((x): x is Scalar => typeof x !== 'number' && x.dtype !== 'bool');
      const args = operands.map((x) => (typeof x === 'number' ? number(x, typed?.dtype ?? float) : x));
      return { kind: 'apply', fn, args, dtype: resultType(fn, args, float) };
    },
    convert(x, dtype) {
      if (x.dtype === dtype) return x;
      const fn = isFloat(dtype) ? 'toFloat' : dtype === 'i32' ? 'toInt' : 'toBool';
      return { kind: 'apply', fn, args: [x], dtype };
    },
    reduce(kind, extent, body) {
      const over = varIndex(freshIndex(), extent);
      const element = body(over);
      return {
        kind: 'reduce',
        reduce: kind,
        over,
        extent,
        body: element,
        dtype: kind === 'argmax' ? 'i32' : element.dtype,
      };
    },
  };
}

/** The operands of an expression, for walks. */
export function scalarInputs(scalar: Scalar): readonly Scalar[] {
  return scalar.kind === 'apply' ? scalar.args : scalar.kind === 'reduce' ? [scalar.body] : [];
}

/** Text of an expression, for kernel listings. */
export function showScalar(scalar: Scalar, nameOf: (value: Value) => string): string {
  switch (scalar.kind) {
    case 'number':
      return Object.is(scalar.value, -0) ? '-0' : String(scalar.value);
    case 'batch':
      return 'n';
    case 'index':
      return showIndex(scalar.index);
    case 'local':
      return scalar.name;
    case 'load':
      return `${nameOf(scalar.from)}[${scalar.index.map(showIndex).join(', ')}]`;
    case 'apply':
      return `${scalar.fn}(${scalar.args.map((x) => showScalar(x, nameOf)).join(', ')})`;
    case 'reduce':
      return `${scalar.reduce}{${showIndex(scalar.over)} < ${scalar.extent}}(${showScalar(scalar.body, nameOf)})`;
  }
}
