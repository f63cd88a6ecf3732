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
export async function emitted(planned: PlannedProgram, batch: number, leaf: Leaf): Promise<Numbers> {
  const { program } = planned;
  const trainer = await instantiate(targets.ts.emit(planned));
  const arena = new ArrayBuffer(planned.arenaBytes);
  new Uint8Array(arena).fill(0xff); // every float a NaN: what is read before it is written shows
  const running = trainer.create(arena);
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
