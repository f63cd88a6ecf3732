/** What scalar functions mean, as numbers: the reference for every target. */

import { derivedArguments, expand, isDerived, isHostFunction } from './expansions.ts';
import {
  type DerivedFunction,
  type Scalar,
  type ScalarFunction,
  scalarBuilder,
  scalarInputs,
} from './scalar.ts';
import type { DType, Float } from './types.ts';

/** Rounds a number to what an element of `dtype` can hold. */
export function round(value: number, dtype: DType): number {
  if (dtype === 'f32') return Math.fround(value);
  if (dtype === 'i32') return value | 0;
  if (dtype === 'bool') return value !== 0 ? 1 : 0; // NaN is not 0
  return value;
}

const bits = new DataView(new ArrayBuffer(4));

function floatToBits(x: number): number {
  bits.setFloat32(0, x);
  return bits.getInt32(0);
}

function bitsToFloat(x: number): number {
  bits.setInt32(0, x);
  return bits.getFloat32(0);
}

/** The exact result, before rounding to the result's dtype. */
function core(fn: ScalarFunction, a: number, b: number, c: number, dtype: DType): number {
  switch (fn) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return dtype === 'i32' ? Math.imul(a, b) : a * b;
    case 'div':
      return a / b;
    case 'neg':
      return -a;
    case 'abs':
      return Math.abs(a);
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    case 'sqrt':
      return Math.sqrt(a);
    case 'floor':
      return Math.floor(a);
    case 'less':
      return a < b ? 1 : 0;
    case 'lessEqual':
      return a <= b ? 1 : 0;
    case 'equal':
      return a === b ? 1 : 0;
    case 'and':
      return a && b ? 1 : 0;
    case 'or':
      return a || b ? 1 : 0;
    case 'not':
      return a ? 0 : 1;
    case 'select':
      return a ? b : c;
    case 'toFloat':
      return a;
    case 'toInt':
      return a;
    case 'toBool':
      return a !== 0 ? 1 : 0;
    case 'bitsToFloat':
      return bitsToFloat(a);
    case 'floatToBits':
      return floatToBits(a);
    case 'xor':
      return a ^ b;
    case 'shiftLeft':
      return a << b;
    case 'shiftRight':
      return a >> b;
    case 'shiftRightUnsigned':
      return a >>> b;
    default:
      throw new Error(`${fn} is not a core function`);
  }
}

const host: Readonly<Record<string, (x: number) => number>> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
};

type Compiled = (args: readonly number[]) => number;
const compiled = new Map<string, Compiled>();

/** `fn` of numbers that are already of their dtype, rounded to `dtype`. */
export function applyScalar(fn: ScalarFunction, args: readonly number[], dtype: DType, float: Float): number {
  if (!isDerived(fn)) return round(core(fn, args[0] ?? 0, args[1] ?? 0, args[2] ?? 0, dtype), dtype);
  if (isHostFunction(fn, float)) return host[fn]?.(args[0] ?? 0) ?? Number.NaN;
  const key = `${fn}/${float}`;
  let run = compiled.get(key);
  if (!run) {
    run = compileExpansion(fn, float);
    compiled.set(key, run);
  }
  return run(args);
}

/** Flattens an expansion into a list of steps once, so that evaluating it is one loop. */
function compileExpansion(fn: DerivedFunction, float: Float): Compiled {
  const argumentType = fn === 'uniform' ? 'i32' : float;
  const args = derivedArguments[fn].map((name): Scalar => ({ kind: 'local', name, dtype: argumentType }));
  const root = expand(
    fn,
    scalarBuilder(float, () => ''),
    args,
  );
  const order: Scalar[] = [];
  const position = new Map<Scalar, number>();
  const visit = (node: Scalar): void => {
    if (position.has(node)) return;
    for (const input of scalarInputs(node)) visit(input);
    position.set(node, order.length);
    order.push(node);
  };
  visit(root);
  const inputs = order.map((node) => scalarInputs(node).map((input) => position.get(input) ?? 0));
  return (values) => {
    const results: number[] = [];
    order.forEach((node, i) => {
      switch (node.kind) {
        case 'local':
          results.push(values[args.indexOf(node)] ?? 0);
          break;
        case 'number':
          results.push(round(node.value, node.dtype));
          break;
        case 'apply': {
          const operands = (inputs[i] ?? []).map((at) => results[at] ?? 0);
          results.push(applyScalar(node.fn, operands, node.dtype, float));
        }
      }
    });
    return results[results.length - 1] ?? Number.NaN;
  };
}
