/** What the tests of the examples share: reference trajectories, data folders, and runs to compare with them. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { loadData } from '../../src/data/spec.ts';
import type { Model } from '../../src/dsl/model.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer, type State } from '../../src/runtime/index.ts';

const shared = (path: string): string => fileURLToPath(new URL(`../../../shared/${path}`, import.meta.url));

export const mnistFolder = shared('data/mnist');
export const seedFolder = shared('data/seed');
export const hasReference = existsSync(shared('reference')) && existsSync(seedFolder);
export const hasMnist = existsSync(mnistFolder);
/** Ends the title of a test that is left out where its data are not at hand. */
export const whyLeftOut = (present: boolean): string => (present ? '' : ' (left out: no data folder)');

export type Precision = 'f32' | 'f64';

/** Largest relative errors against the float64 reference. */
export const tolerances: Readonly<Record<Precision, number>> = { f64: 1e-9, f32: 2e-3 };

/** Schedules are computed in the precision of the model. */
const rateTolerances: Readonly<Record<Precision, number>> = { f64: 1e-12, f32: 1e-5 };

interface Reference {
  readonly losses: readonly number[];
  readonly lr: readonly number[];
  readonly finalParamL2: Readonly<Record<string, number>>;
}

export const reference = (name: string): Reference =>
  JSON.parse(readFileSync(shared(`reference/${name}.json`), 'utf8'));

export interface Trajectory {
  readonly name: string;
  readonly model: Model;
  /** A data set in the notation of the command line. */
  readonly data: string;
  readonly batch: number;
  readonly init: string;
  readonly dtype: Precision;
  /** Steps to follow; all of the reference unless given. */
  readonly steps?: number;
}

/** Samples of the steps that TypeScript takes as well: it has the same bits, and needs twice (f64) to ten times as long. */
const samplesOfBoth = 48_000;

/**
 * Trains without shuffling from the given weights and holds every loss, and at the end the norms, to the reference. It is
 * WebAssembly that is followed, and TypeScript that has to give the same losses for some steps.
 */
export async function expectTrajectory(trajectory: Trajectory): Promise<void> {
  const { name, model, data, batch, init, dtype } = trajectory;
  const { losses, lr, finalParamL2 } = reference(name);
  const { steps = losses.length } = trajectory;
  const dataset: Dataset = await loadData(data, { dtype });
  const begin = async (target: 'ts' | 'wasm') => {
    const { code, layout } = await compile(model, { dtype, target });
    const weights = readFileSync(shared(`reference/${init}.safetensors`));
    const columns = bindSplit(layout, dataset, dataset.train);
    return { trainer: createTrainer(await instantiate(code), { init: weights }), layout, columns };
  };
  const { trainer, layout, columns } = await begin('wasm');
  const found: number[] = [];
  for await (const { loss, learningRate, step } of trainer.fit(columns, {
    steps,
    batch,
    shuffle: false,
  })) {
    found.push(loss);
    expectClose(loss, losses[step - 1], tolerances[dtype], `loss of step ${step}`);
    expectClose(learningRate, lr[step - 1], rateTolerances[dtype], `rate of step ${step}`);
  }
  expect(found).toHaveLength(steps);
  const inTypeScript = await begin('ts');
  const same: number[] = [];
  const plan = { steps: Math.ceil(samplesOfBoth / batch), batch, shuffle: false };
  for await (const { loss } of inTypeScript.trainer.fit(inTypeScript.columns, plan)) same.push(loss);
  expect(same).toEqual(found.slice(0, plan.steps));
  const names = layout.state.filter(({ role }) => role === 'parameter').map(({ name }) => name);
  expect(names.sort()).toEqual(Object.keys(finalParamL2).sort());
  if (steps === losses.length) expectNorms(trainer.state, finalParamL2, tolerances[dtype]);
}

function expectNorms(state: State, norms: Readonly<Record<string, number>>, tolerance: number): void {
  for (const [name, norm] of Object.entries(norms)) {
    const squares = [...(state[name] ?? [])].map((x) => x * x);
    expectClose(Math.sqrt(squares.reduce((sum, x) => sum + x, 0)), norm, tolerance, `norm of ${name}`);
  }
}

/** Cheaper than `expect` alone, which would be called at every step. */
function expectClose(found: number, expected: number | undefined, tolerance: number, what: string): void {
  const error = Math.abs(found - (expected ?? Number.NaN)) / Math.abs(expected ?? Number.NaN);
  if (!(error <= tolerance)) expect.fail(`${what}: ${found}, expected ${expected}: off by ${error}`);
}

/** The full-batch network of chapter 3, minutes long: each precision has a file, so that they run side by side. */
export const followNetwork = (model: Model, dtype: Precision): Promise<void> =>
  expectTrajectory({
    name: 'nn',
    model,
    data: `mnist:${mnistFolder}`,
    batch: 60_000,
    init: 'init-784-32-10',
    dtype,
  });
