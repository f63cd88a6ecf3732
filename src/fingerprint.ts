/** What tells one training step from another: whether a checkpoint can go on with the bits it would have had. */

import { printProgram } from '../ir/print.ts';
import type { Program } from '../ir/program.ts';
import { hash128 } from './runtime/checkpoint/hash.ts';

/**
 * 16 hexadecimal digits that follow from what a step of `program` computes and from its state. Names of values, of the
 * model and of its outputs, initial values, and how many samples are taken at once are not part of it.
 */
export function fingerprintOf(program: Program): string {
  const step = program.functions.filter(({ name }) => name === 'step');
  const states = program.states.map((state) => ({ ...state, init: { kind: 'constant', value: 0 } as const }));
  const text = printProgram({
    ...program,
    name: '',
    maxBatch: 0,
    states,
    functions: step,
    notes: new Map(),
  });
  return hash128(new TextEncoder().encode(text)).slice(0, 16);
}
