/** chainrule itself: the emitted module alone, and the trainer of the runtime around it. */

import type { TypedArray } from '../../../src/runtime/module.ts';
import { type CompileOptions, chainruleVersion, compileCase, compiler, onThreads } from '../compiler.ts';
import type { Spec } from '../protocol.ts';
import type { Contender, Setup } from '../setups.ts';

async function emitted({ case: { name }, threads }: Spec, options: CompileOptions) {
  const parts = await compiler();
  const { code } = await compileCase(parts, name, threads === 1 ? options : { ...options, threads });
  const module = await onThreads(await parts.instantiate(code), threads);
  return { parts, module };
}

/** The program of the emitted module, without the loop and the checks of the runtime. */
const program =
  (options: CompileOptions): Setup =>
  async (spec, data): Promise<Contender> => {
    const { module } = await emitted(spec, options);
    const { x, y, weights } = data();
    const { state, step, columns } = module.create();
    fill(state, weights);
    // Where it has room for them, as the rivals' tensors are in memory of their own.
    if (columns) fill(columns, { x, y });
    const initial = Object.entries(state).map(([name, values]) => [name, values.slice()] as const);
    const batch = columns ?? { x, y };
    const count = spec.case.batch;
    let t = 0;
    let loss = Number.NaN;
    return {
      version: chainruleVersion(),
      reset() {
        for (const [name, values] of initial) state[name]?.set(values);
        t = 0;
      },
      step() {
        loss = step(batch, count, t++, 1).loss ?? Number.NaN;
      },
      loss: () => loss,
      close: module.close,
    };
  };

/** A name that differs would leave zeros behind, and a network of zeros is trained as fast as any other. */
function fill(arrays: Readonly<Record<string, TypedArray>>, contents: Readonly<Record<string, TypedArray>>) {
  for (const [name, values] of Object.entries(contents)) {
    const found = arrays[name];
    if (found === undefined) throw new Error(`the module has no array ${name}`);
    found.set(values);
  }
}

/** What users call: it checks the batch and takes back a step that would make anything NaN. */
const trainer =
  (options: CompileOptions): Setup =>
  async (spec, data): Promise<Contender> => {
    const { parts, module } = await emitted(spec, options);
    const { x, y, weights } = data();
    const made = parts.runtime.createTrainer(module, { seed: 1, init: weights });
    const initial = made.save();
    const batch = { x, y };
    let loss = Number.NaN;
    return {
      version: chainruleVersion(),
      reset: () => made.load(initial),
      step() {
        loss = made.step(batch).loss ?? Number.NaN;
      },
      loss: () => loss,
      close: module.close,
    };
  };

export const ts = program({ target: 'ts' });
export const wasm = program({ target: 'wasm' });
export const wasmRelaxed = program({ target: 'wasm', relaxed: true });
export const wasmTrainer = trainer({ target: 'wasm' });
