/** Runs an emitted module on given data and the evaluator on the program it came from, to be compared bit for bit. */

import { targets } from '../../codegen/targets.ts';
import { evaluate } from '../../ir/evaluate.ts';
import type { PlannedProgram } from '../../ir/kernel.ts';
import type { Program } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { instantiate } from '../../src/instantiate.ts';
import type { TypedArray } from '../../src/runtime/module.ts';

export type Leaf = (value: Value) => ArrayLike<number>;

/** Named numbers: metrics, outputs and the state after a step. */
export type Numbers = ReadonlyMap<string, readonly number[]>;

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Int32Array } as const;

/** What the evaluator says that step, evaluate and predict give for `batch` samples. */
export function expected(program: Program, batch: number, leaf: Leaf): Numbers {
  const results = new Map<string, readonly number[]>();
  for (const fn of program.functions) {
    const wanted = [
      ...fn.results.map(({ name, value }) => ({ key: `${fn.name}.${name}`, value })),
      ...fn.updates.map(({ state, value }) => ({ key: `state.${state}`, value })),
    ];
    const values = evaluate(
      wanted.map(({ value }) => value),
      { batch, float: program.float, leaf },
    );
    for (const { key, value } of wanted) results.set(key, Array.from(values.get(value)?.data ?? []));
  }
  return results;
}

/** What the emitted module gives, starting from an arena full of NaN outside of the state. */
export async function emitted(planned: PlannedProgram, batch: number, leaf: Leaf): Promise<Numbers> {
  const { program } = planned;
  const trainer = await instantiate(targets.ts.emit(planned));
  const arena = new ArrayBuffer(planned.arenaBytes);
  new Uint8Array(arena).fill(0xff); // every float a NaN: what is read before it is written shows
  const run = trainer.create(arena);
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
  for (const { name } of program.states) run.state[name]?.set(leaf(named(name)));
  const [seed = 0] = Array.from(leaf(named('seed')));
  const [step = 0] = Array.from(leaf(named('step')));
  const results = new Map<string, readonly number[]>();
  const outputs = run.predict(columns, batch, step, seed);
  for (const { name, value } of resultsOf(program, 'predict')) {
    const size = value.shape.reduce<number>((count, dim) => count * (dim === 'batch' ? batch : dim), 1);
    results.set(`predict.${name}`, Array.from(outputs[name] ?? []).slice(0, size));
  }
  for (const [name, x] of Object.entries(run.evaluate(columns, batch, step, seed)))
    results.set(`evaluate.${name}`, [x]);
  for (const [name, x] of Object.entries(run.step(columns, batch, step, seed)))
    results.set(`step.${name}`, [x]);
  for (const fn of program.functions) {
    for (const { state } of fn.updates) results.set(`state.${state}`, Array.from(run.state[state] ?? []));
  }
  return results;
}

const resultsOf = (program: Program, fn: string) =>
  program.functions.find(({ name }) => name === fn)?.results ?? [];

/** The first difference, as text; undefined when all bits are equal (one NaN is as good as another). */
export function firstDifference(found: Numbers, wanted: Numbers): string | undefined {
  for (const [key, numbers] of wanted) {
    const other = found.get(key);
    if (other?.length !== numbers.length)
      return `${key}: ${other?.length} numbers instead of ${numbers.length}`;
    const at = numbers.findIndex((x, i) => !Object.is(x, other[i]));
    if (at >= 0) return `${key}[${at}]: ${other[at]} instead of ${numbers[at]}`;
  }
  return undefined;
}
