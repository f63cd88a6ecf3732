/** A program that counts its steps, and takes back those that fail. */

import { rowSize } from './dtypes.ts';
import type { Engine } from './fit.ts';
import { createGuard } from './guard.ts';
import type { Batch, Layout, Metrics, Program, TypedArray } from './module.ts';

/** An engine whose place in the data can be set: where a saved training goes on. */
export type MovableEngine<M> = Engine<M> & { continueAt(steps: number): void };

/** Counts the steps, which place the trainer in the data and in its random numbers. */
export function createEngine<B, M, E, O>(
  program: Program<B, M, E, O>,
  layout: Layout,
  seed: number,
): MovableEngine<M> {
  const guard = createGuard(layout, program.state);
  let steps = 0;
  return {
    steps: () => steps,
    continueAt(count) {
      steps = count;
    },
    passOver() {
      steps++;
    },
    replayOf: (batch, count) => ({
      batch: copied(batch, (name) => count * rowsOf(layout, name)),
      count,
      t: steps,
      seed,
      state: copied(program.state),
    }),
    step(batch, count, guarded) {
      if (guarded) guard.keep();
      // The layout and the type B are two descriptions of one module, and the columns follow the layout.
      const metrics = program.step(batch as B, count, steps, seed);
      const { loss = Number.NaN, learningRate = Number.NaN } = metrics as Metrics;
      const fault = guarded ? guard.faultOf(loss) : undefined;
      if (fault !== undefined) guard.restore();
      else steps++;
      return { metrics, loss, learningRate, fault };
    },
  };
}

/** Numbers per record of the input or label `name`. */
const rowsOf = ({ inputs }: Layout, name: string): number =>
  rowSize(inputs.find((input) => input.name === name)?.shape ?? []);

const copied = (arrays: Batch, length?: (name: string) => number): { readonly [name: string]: TypedArray } =>
  Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, array.slice(0, length?.(name))]));
