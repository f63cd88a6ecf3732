/** What both ways of computing share: names of instructions, numbers, and types of variables. */

import { errors } from '../../ir/errors.ts';
import { type DType, isFloat } from '../../ir/types.ts';
import type { Code } from './function.ts';
import { type Instruction, i32, type PlainOp, plainOps, type WasmType } from './instructions.ts';

/** What a variable of this type is in a function. */
export const wasmType = (dtype: DType, lanes: 1 | 4): WasmType =>
  lanes === 4 ? 'v128' : isFloat(dtype) ? dtype : 'i32';

export function numberCode(value: number, dtype: DType, lanes: 1 | 4): Code {
  if (lanes === 1) {
    return dtype === 'f32' || dtype === 'f64' ? [{ op: `${dtype}.const`, value }] : [i32(Number(value))];
  }
  const [word = 0] =
    dtype === 'f32'
      ? new Int32Array(Float32Array.of(value).buffer)
      : [dtype === 'bool' ? -Number(value !== 0) : value | 0];
  return [{ op: 'v128.const', words: [word, word, word, word] }];
}

const isPlain = (op: string): op is PlainOp => Object.hasOwn(plainOps, op);

export function operation(op: string): Instruction {
  if (!isPlain(op)) throw errors.invalid(`no WebAssembly instruction ${op}`);
  return { op };
}

/** The instructions of a comparison, for floats and whole numbers. */
export const comparisons: ReadonlyMap<string, readonly [float: string, int: string]> = new Map([
  ['less', ['lt', 'lt_s']],
  ['lessEqual', ['le', 'le_s']],
  ['equal', ['eq', 'eq']],
] as const);

/** Instructions of floats that have the name of their function. */
export const arithmetic: ReadonlySet<string> = new Set([
  'add',
  'sub',
  'mul',
  'div',
  'min',
  'max',
  'sqrt',
  'floor',
  'abs',
  'neg',
]);
