/** Checks what every pass may rely on; a fault found here is the compiler's, never the model's. */

import { errors } from './errors.ts';
import type { Op } from './op.ts';
import { opOf } from './ops/index.ts';
import { type Program, rootsOf, valuesOf } from './program.ts';
import { isFloat, sameShape, showType } from './types.ts';
import type { Value } from './value.ts';

/** Ops that may no longer occur after a pass, by name. */
export interface Absent {
  readonly ops: readonly string[];
}

/** Throws `ir/invalid` unless types are those the ops infer, floats have the program's precision, ids ascend, and leaves and roots are declared. */
export function verifyProgram(program: Program, absent: Absent = { ops: [] }): void {
  const seen = new Set<Value>();
  for (const value of valuesOf(program)) {
    const op = opOf(value.op);
    if (absent.ops.includes(value.op)) throw errors.invalid(`${value.op} should be gone by now`);
    if (value.inputs.length !== op.arity)
      throw errors.invalid(`${value.op} has ${value.inputs.length} inputs`);
    for (const input of value.inputs) {
      if (!seen.has(input) || input.id >= value.id)
        throw errors.invalid(`${value.op} reads a value made after it`);
    }
    const type = (op.infer as Op['infer'])(value.inputs, value.attrs, showType);
    if (type.dtype !== value.dtype || !sameShape(type.shape, value.shape)) {
      throw errors.invalid(`${value.op} says ${showType(value)} and infers ${showType(type)}`);
    }
    if (isFloat(value.dtype) && value.dtype !== program.float)
      throw errors.invalid(`${value.op} is ${value.dtype} in a program of ${program.float}`);
    if (!program.notes.has(value)) throw errors.invalid(`${value.op} has no note`);
    checkLeaf(program, value);
    seen.add(value);
  }
  checkRoots(program);
}

function checkLeaf(program: Program, value: Value): void {
  const { name } = value.attrs;
  const runtimeScalar = name === 'step' || name === 'seed';
  const declared =
    value.op === 'state'
      ? program.states.find((state) => state.name === name)
      : value.op === 'input' && !(runtimeScalar && value.shape.length === 0)
        ? program.inputs.find((input) => input.name === name)
        : value;
  if (!declared) throw errors.invalid(`${value.op} ${String(name)} is not declared`);
  if (declared.dtype !== value.dtype || !sameShape(declared.shape, value.shape)) {
    throw errors.invalid(`${value.op} ${String(name)} is not of its declared type`);
  }
}

function checkRoots(program: Program): void {
  for (const fn of program.functions) {
    for (const update of fn.updates) {
      const state = program.states.find((candidate) => candidate.name === update.state);
      if (!state || state.dtype !== update.value.dtype || !sameShape(state.shape, update.value.shape)) {
        throw errors.invalid(`the update of ${update.state} does not fit its state`);
      }
    }
    if (rootsOf(fn).length === 0 && fn.name !== 'predict')
      throw errors.invalid(`${fn.name} computes nothing`);
  }
}
