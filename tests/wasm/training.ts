/** Random models, trained on one batch by an emitted program: the weights afterwards, as bits. */

import { targets } from '../../codegen/targets.ts';
import { emitWasmModule, type WasmOptions } from '../../codegen/wasm/module.ts';
import type { PlannedProgram } from '../../ir/kernel.ts';
import type { Program } from '../../ir/program.ts';
import { fuse } from '../../passes/fuse.ts';
import { planMemory } from '../../passes/plan-memory.ts';
import { type Abilities, schedule } from '../../passes/schedule.ts';
import { graphPasses } from '../../src/pipeline.ts';
import type { Batch, Program as Running, TypedArray } from '../../src/runtime/module.ts';
import { dataFor } from '../arbitraries/graph.ts';
import { recast } from '../graphs/recast.ts';
import type { Sample } from '../graphs/sample.ts';

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Int32Array } as const;

export const optimized = (sample: Sample): Program =>
  graphPasses.reduce((current, pass) => pass.run(current), recast(sample.program, sample.float));

export const planned = (program: Program, abilities: Abilities): PlannedProgram =>
  planMemory(schedule(fuse(program), abilities));

export const asTypeScript = (program: Program): string =>
  targets.ts.emit(planned(program, { tiles: false })).code;

export const asWasm = (program: Program, cut?: Abilities['cut'], options?: WasmOptions): string =>
  emitWasmModule(planned(program, { tiles: true, ...(cut ? { cut } : {}) }), options).code;

/** Sets the state of `running`, and gives the batch of the sample. */
export function begun(
  sample: Sample,
  program: Program,
  running: Running<Batch, object, object, object>,
): Batch {
  const leaf = dataFor(program, sample.batch, sample.seed, sample.style);
  const named = (name: string) =>
    leaf({ id: -1, op: 'input', inputs: [], attrs: { name }, shape: [], dtype: 'f32' });
  const columns: Record<string, TypedArray> = {};
  for (const { name, dtype } of program.inputs) columns[name] = arrays[dtype].from(named(name));
  for (const { name } of program.states) running.state[name]?.set(named(name));
  return columns;
}

/** Every number of some arrays; every NaN is the same one. */
export const bitsOf = (values: { readonly [name: string]: TypedArray }): string =>
  Object.entries(values)
    .map(([name, array]) => `${name}: ${Array.from(array, (x) => (Object.is(x, -0) ? '-0' : x)).join(' ')}`)
    .join('\n');

/** The weights after so many steps on the batch of the sample. */
export function trained(
  sample: Sample,
  program: Program,
  running: Running<Batch, object, object, object>,
  steps: number,
): string {
  const batch = begun(sample, program, running);
  for (let t = 0; t < steps; t++) running.step(batch, sample.batch, t, 1);
  return bitsOf(running.state);
}
