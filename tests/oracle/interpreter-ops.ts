/** What each elementwise op makes of one element, in words of arithmetic alone: the interpreter rounds afterwards. */

import type { DType } from '../../ir/types.ts';
import { erfInFixedPoint, fromFixedPoint } from '../../src/oracle/error-function.ts';

type Element = (a: number, b: number, c: number) => number;

const truth = (condition: boolean): number => (condition ? 1 : 0);

/** Without overflow on either side of 0, so that no digit of a tiny result is lost. */
const sigmoid = (a: number): number => (a < 0 ? Math.exp(a) / (1 + Math.exp(a)) : 1 / (1 + Math.exp(-a)));

const softplus = (a: number): number => (a < 0 ? Math.log1p(Math.exp(a)) : a + Math.log1p(Math.exp(-a)));

/** By its power series to 60 decimals; its first term is enough for what is tiny, and 1 for what is large. */
function erf(a: number): number {
  if (Math.abs(a) > 6) return Math.sign(a);
  if (!(Math.abs(a) > 1e-8)) return (2 / Math.sqrt(Math.PI)) * a; // 0, -0 and NaN as well
  return fromFixedPoint(erfInFixedPoint(a));
}

/** Elementwise ops on numbers. Not rounded: one operation each, but for the functions that are no operation. */
export const elementOps: Readonly<Record<string, Element>> = {
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  sign: (a) => (a > 0 ? 1 : a < 0 ? -1 : a), // 0, -0 and NaN stay
  floor: (a) => Math.floor(a),
  exp: (a) => Math.exp(a),
  expm1: (a) => Math.expm1(a),
  log: (a) => Math.log(a),
  sqrt: (a) => Math.sqrt(a),
  sin: (a) => Math.sin(a),
  cos: (a) => Math.cos(a),
  tanh: (a) => Math.tanh(a),
  erf,
  sigmoid,
  softplus,
  relu: (a) => (a < 0 ? 0 : a), // NaN stays
  stopGradient: (a) => a,
  opaque: (a) => a,
  cast: (a) => a, // rounding does it
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  minimum: (a, b) => Math.min(a, b),
  maximum: (a, b) => Math.max(a, b),
  less: (a, b) => truth(a < b),
  lessEqual: (a, b) => truth(a <= b),
  equal: (a, b) => truth(a === b),
  and: (a, b) => truth(a === 1 && b === 1),
  or: (a, b) => truth(a === 1 || b === 1),
  not: (a) => truth(a === 0),
  select: (a, b, c) => (a === 1 ? b : c),
};

const two32 = 2n ** 32n;

/** The integer of 32 bits that is left of a product of two such integers. */
export const wrappedProduct = (a: number, b: number): number =>
  Number(BigInt.asIntN(32, BigInt(a) * BigInt(b)));

/** Towards 0, then modulo 2^32; 0 for what is not finite. */
function toInteger(x: number): number {
  if (!Number.isFinite(x)) return 0;
  return Number(BigInt.asIntN(32, BigInt(Math.trunc(x)) % two32));
}

/** The number that an element of `dtype` can hold. */
export function rounded(x: number, dtype: DType): number {
  switch (dtype) {
    case 'f64':
      return x;
    case 'f32':
      return Math.fround(x);
    case 'i32':
      return toInteger(x);
    case 'bool':
      return x === 0 ? 0 : 1; // NaN is not 0
  }
}
