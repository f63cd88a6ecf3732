/** Holds an emitted trainer against its model: the same numbers as the evaluator gives, in every bit. */

import { compile } from '../compile.ts';
import type { Model } from '../dsl/model.ts';
import { leafOf } from '../leaf-data.ts';
import type { Batch, Layout, Metrics, Outputs, TrainerModule } from '../runtime/module.ts';
import { copyOf, drawBatch, drawState } from './draw.ts';
import { evaluated, executed, firstDifference } from './numbers.ts';

/** What `checkTrainer` may be told. */
export interface CheckTrainerOptions {
  /** Decides data and initial values; 0 by default. */
  readonly seed?: number;
  /** Steps to make one after the other, each on a batch of another size; 3 by default. */
  readonly steps?: number;
}

/**
 * Compares what `module` computes with what the evaluator says of the graph that `model` compiles to: metrics, outputs and
 * the whole state after each of a few steps on random data. Returns the differences as text, none when all is well.
 * `module` is an emitted module (`import * as trainer from './model.trainer.ts'`).
 */
export async function checkTrainer<B, M, E, O>(
  model: Model,
  module: TrainerModule<B, M, E, O>,
  { seed = 0, steps = 3 }: CheckTrainerOptions = {},
): Promise<readonly string[]> {
  const { layout } = module;
  const { graph, layout: expected } = await compile(model, { dtype: layout.dtype });
  // What a step computes is compared below, and told better than by a hash that differs.
  const shapes = (one: Layout): string => JSON.stringify({ ...one, fingerprint: undefined });
  if (shapes(layout) !== shapes(expected))
    return ['The layout of the trainer is not that of the model: compile the model again.'];
  // The types of an emitted module describe its layout, by which the data below are made.
  const running = (module as TrainerModule<Batch, Metrics, Metrics, Outputs>).create();
  drawState(layout, running.state, seed);
  const differences: string[] = [];
  for (let t = 0; t < steps; t++) {
    const batch = Math.min(layout.maxBatch, [3, 1, 9][t % 3] ?? 1);
    const columns = drawBatch(layout, batch, seed + t);
    const leaf = leafOf(columns, copyOf(running.state), t, seed);
    const wanted = evaluated(graph, batch, leaf);
    const difference = firstDifference(executed(graph, running, columns, { batch, t, seed }), wanted);
    if (difference !== undefined) differences.push(`step ${t} with ${batch} samples: ${difference}`);
  }
  return differences;
}
