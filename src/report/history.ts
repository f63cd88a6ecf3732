/** What a training reports step by step, kept as curves of bounded size. */

import type { Progress } from '../runtime/fit.ts';
import type { Metrics } from '../runtime/module.ts';
import { betaOver, createAverage } from './average.ts';
import { createDecimator, type Point } from './decimate.ts';

export interface Curve {
  readonly name: string;
  /** The value of each step, or the extremes of neighbouring steps. */
  readonly raw: readonly Point[];
  /** The exponentially weighted average of all values, likewise. */
  readonly average: readonly Point[];
  /** Steps whose value was NaN or infinite; they are in no curve. */
  readonly notFinite: number;
}

export interface History {
  add(progress: Progress<Metrics>): void;
  curves(): readonly Curve[];
  /** The weight of the past in the averages; undefined before the first step. */
  beta(): number | undefined;
}

/** The most points of a curve: more than a page has pixels for. */
export const curvePoints = 1500;

/** Metrics are those of the layout; steps are counted from 1. */
export function createHistory(metrics: readonly string[]): History {
  const recorders = metrics.map((name) => ({ name, ...createRecorder() }));
  let beta: number | undefined;
  return {
    add(progress) {
      beta ??= betaOver(averagedSteps(progress.stepsTotal - progress.step + 1));
      for (const { name, add } of recorders) add(progress.step, progress[name] ?? Number.NaN, beta);
    },
    curves: () => recorders.map(({ name, curve }) => ({ name, ...curve() })),
    beta: () => beta,
  };
}

/** A fortieth of the training: short enough to follow it, long enough to be read; a plan may be cut short. */
const averagedSteps = (steps: number): number => Math.min(Math.max(Math.round(steps / 40), 10), 500);

interface Recorder {
  readonly add: (step: number, value: number, beta: number) => void;
  readonly curve: () => Omit<Curve, 'name'>;
}

function createRecorder(): Recorder {
  const raw = createDecimator(curvePoints);
  const averages = createDecimator(curvePoints);
  let average: ((x: number) => number) | undefined;
  let notFinite = 0;
  return {
    add(step, value, beta) {
      if (!Number.isFinite(value)) {
        notFinite++;
        return;
      }
      average ??= createAverage(beta);
      raw.add(step, value);
      averages.add(step, average(value));
    },
    curve: () => ({ raw: raw.points(), average: averages.points(), notFinite }),
  };
}
