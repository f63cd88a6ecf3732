/**
 * exp, log, tanh and their kin spelled out in the core vocabulary, so that every target computes the same bits.
 *
 * float32: range reduction and a minimax polynomial. float64 is the reference precision: what the host has is the
 * host's own there, and only the functions built on it, and erf, which it lacks, are expanded. Coefficients were
 * fitted for this project by reweighted least squares on Chebyshev nodes.
 */

import { errors } from './errors.ts';
import { erf } from './expansions/error-function.ts';
import { exp, expm1, log, sigmoid, softplus, tanh } from './expansions/exponential.ts';
import type { Expansion } from './expansions/polynomial.ts';
import { cos, sin } from './expansions/trigonometric.ts';
import { uniform } from './expansions/uniform.ts';
import type { DerivedFunction, Scalar, ScalarBuilder } from './scalar.ts';
import type { Float } from './types.ts';

const expansions: { readonly [F in DerivedFunction]: Expansion } = {
  exp,
  expm1,
  log,
  sin,
  cos,
  tanh,
  erf,
  sigmoid,
  softplus,
  uniform,
};

/** What the host's own Math provides; correct to its last bits but not the same on every engine. */
const hostFunctions: ReadonlySet<string> = new Set(['exp', 'expm1', 'log', 'sin', 'cos', 'tanh']);

export const derivedArguments: { readonly [F in DerivedFunction]: readonly string[] } = {
  exp: ['x'],
  expm1: ['x'],
  log: ['x'],
  sin: ['x'],
  cos: ['x'],
  tanh: ['x'],
  erf: ['x'],
  sigmoid: ['x'],
  softplus: ['x'],
  uniform: ['seed', 'stream', 'counter', 'index'],
};

export const isDerived = (fn: string): fn is DerivedFunction => Object.hasOwn(expansions, fn);

/** True when `fn` at this precision is the host's Math function instead of an expansion. */
export const isHostFunction = (fn: string, float: Float): boolean => float === 'f64' && hostFunctions.has(fn);

/** The body of a derived function over its arguments, also where the host has a function of its own. */
export function expand(fn: DerivedFunction, s: ScalarBuilder, args: readonly Scalar[]): Scalar {
  const [first, ...rest] = args;
  if (first === undefined) throw errors.invalid(`${fn} of nothing`);
  return expansions[fn](s, [first, ...rest]);
}
