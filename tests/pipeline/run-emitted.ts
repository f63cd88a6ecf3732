/** Runs an emitted module on given data and the evaluator on the program it came from, to be compared bit for bit. */

import { targets } from '../../codegen/targets.ts';
import type { PlannedProgram } from '../../ir/kernel.ts';
import type { Value } from '../../ir/value.ts';
import { instantiate } from '../../src/instantiate.ts';
import type { TypedArray } from '../../src/runtime/module.ts';
import { executed, type Leaf, type Numbers } from '../../src/testing/numbers.ts';

export {
  evaluated as expected,
  firstDifference,
  type Leaf,
  type Numbers,
} from '../../src/testing/numbers.ts';

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Int32Array } as const;

/** What the emitted module gives, starting from an arena full of NaN outside of the state. */
export async function emitted(
  planned: PlannedProgram,
  batch: number,
  leaf: Leaf,
  target: keyof typeof targets = 'ts',
): Promise<Numbers> {
  const { program } = planned;
  const trainer = await instantiate(targets[target].emit(planned).code);
  const memory = memoryOf(trainer, planned.arenaBytes);
  // Every float a NaN: what is read before it is written shows.
  new Uint8Array('buffer' in memory ? memory.buffer : memory).fill(0xff);
  const running = trainer.create(memory);
  const named = (name: string): Value => ({
    id: -1,
    op: 'input',
    inputs: [],
    attrs: { name },
    shape: [],
    dtype: 'f32',
  });
  const columns: Record<string, TypedArray> = {};
  for (const { name, dtype } of program.inputs) columns[name] = arrays[dtype].from(leaf(named(name)));
  for (const { name } of program.states) running.state[name]?.set(leaf(named(name)));
  const [seed = 0] = Array.from(leaf(named('seed')));
  const [t = 0] = Array.from(leaf(named('step')));
  return executed(program, running, columns, { batch, t, seed });
}

/** The types of this project are those of Node and browsers alike, which do not have it. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** Memory for a trainer: a module of WebAssembly says how many pages it needs. */
export function memoryOf(
  trainer: object,
  arenaBytes: number,
): ArrayBuffer | { readonly buffer: ArrayBuffer } {
  const pages = 'pages' in trainer ? Number(trainer.pages) : 0;
  return pages > 0 ? new WebAssembly.Memory({ initial: pages }) : new ArrayBuffer(arenaBytes);
}
