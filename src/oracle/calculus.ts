/** The value and the partial derivatives of every elementwise op, from a calculus book. */

import { erf } from './error-function.ts';

/** `[value, by a, by b, by c]`; at a kink the partials are those the documentation promises. */
type Rule = (a: number, b: number, c: number) => readonly [value: number, ...partials: number[]];

const truth = (condition: boolean): readonly [number] => [condition ? 1 : 0];
const logistic = (a: number): number => 1 / (1 + Math.exp(-a));

/** Of two that compete, the winner gets all and each of two that tie gets half. */
const share = (first: number, second: number): number => (first === second ? 0.5 : first > second ? 1 : 0);

export const pointwise: Readonly<Record<string, Rule>> = {
  neg: (a) => [-a, -1],
  abs: (a) => [Math.abs(a), Math.sign(a)],
  sign: (a) => [Math.sign(a), 0],
  floor: (a) => [Math.floor(a), 0],
  exp: (a) => [Math.exp(a), Math.exp(a)],
  expm1: (a) => [Math.expm1(a), Math.exp(a)],
  log: (a) => [Math.log(a), 1 / a],
  sqrt: (a) => [Math.sqrt(a), 0.5 * a ** -0.5],
  sin: (a) => [Math.sin(a), Math.cos(a)],
  cos: (a) => [Math.cos(a), -Math.sin(a)],
  erf: (a) => [erf(a), (2 * Math.exp(-(a ** 2))) / Math.sqrt(Math.PI)],
  tanh: (a) => [Math.tanh(a), 1 / Math.cosh(a) ** 2],
  sigmoid: (a) => [logistic(a), logistic(a) * logistic(-a)],
  softplus: (a) => [Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))), logistic(a)],
  relu: (a) => [a < 0 ? 0 : a, a > 0 ? 1 : 0],
  stopGradient: (a) => [a, 0],
  opaque: (a) => [a, 1],
  add: (a, b) => [a + b, 1, 1],
  sub: (a, b) => [a - b, 1, -1],
  mul: (a, b) => [a * b, b, a],
  div: (a, b) => [a / b, 1 / b, -a / (b * b)],
  maximum: (a, b) => [Math.max(a, b), share(a, b), share(b, a)],
  minimum: (a, b) => [Math.min(a, b), share(b, a), share(a, b)],
  select: (a, b, c) => [a ? b : c, 0, a ? 1 : 0, a ? 0 : 1],
  less: (a, b) => truth(a < b),
  lessEqual: (a, b) => truth(a <= b),
  equal: (a, b) => truth(a === b),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  not: (a) => truth(a === 0),
};

/** The sum of the absolute terms of a derivative that is itself a difference, as 1 - tanh^2 is. */
export const derivativeTerms: Readonly<Record<string, (a: number) => number>> = {
  tanh: (a) => 1 + Math.tanh(a) ** 2,
  sigmoid: (a) => logistic(a) + logistic(a) ** 2,
};
