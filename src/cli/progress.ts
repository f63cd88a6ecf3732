/** Shows how far a training is: a bar on a terminal, else a line now and then. Written to stderr. */

import { Presets, SingleBar } from 'cli-progress';
import { clock, grouped, metric, short } from '../report/numbers.ts';
import type { Progress } from '../runtime/fit.ts';
import type { Metrics } from '../runtime/module.ts';
import { errorColors, isCapable, printError, shown } from './output.ts';
import { plain } from './plain.ts';

export interface ProgressDisplay {
  update(progress: Progress<Metrics>): void;
  /** Says something in between. */
  tell(say: () => void): void;
  stop(): void;
}

export const silent: ProgressDisplay = { update: () => {}, tell: (say) => say(), stop: () => {} };

/** A display for the metrics of the model, which are the ones of its layout. */
export function createProgress(metricNames: readonly string[]): ProgressDisplay {
  const names = metricNames.filter((name) => name !== 'loss' && name !== 'learningRate').slice(0, 2);
  return isCapable(process.stderr) ? bar(names) : lines(names);
}

/** Metrics of single batches jump; the mean over about the last twenty can be read. */
function smoother(names: readonly string[]): (progress: Progress<Metrics>) => string {
  const means = new Map<string, number>();
  return (progress) => {
    for (const name of ['loss', ...names]) {
      const value = progress[name] ?? Number.NaN;
      const mean = means.get(name) ?? value;
      means.set(name, mean + (value - mean) / 20);
    }
    return [...means].map(([name, value]) => `${plain(name)} ${metric(name, value)}`).join('  ');
  };
}

/** Speed of this run and the seconds left at that speed. */
function pace(): (progress: Progress<Metrics>) => { readonly rate: number; readonly left: number } {
  const begin = performance.now();
  let first: number | undefined;
  return ({ step, stepsTotal }) => {
    first ??= step - 1;
    const rate = (step - first) / Math.max((performance.now() - begin) / 1000, 1e-6);
    return { rate, left: (stepsTotal - step) / rate };
  };
}

function bar(names: readonly string[]): ProgressDisplay {
  const { cyan } = errorColors;
  const smooth = smoother(names);
  const measure = pace();
  const view = new SingleBar(
    {
      format: `${shown(cyan('{bar}'))} {value}/{total}  {rate} steps/s  {left} left  {metrics}`,
      // What stands right of the bar takes about 70 columns, and a line that is too long would be cut off.
      barsize: Math.max(8, Math.min(30, (process.stderr.columns || 80) - 70)),
      hideCursor: true,
      stopOnComplete: false,
      // Ctrl-C is the training's: it ends after the step and still saves.
      gracefulExit: false,
      fps: 10,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(progress) {
      const { rate, left } = measure(progress);
      const { step, stepsTotal } = progress;
      const payload = { rate: short(rate), left: clock(left), metrics: smooth(progress) };
      if (!started) view.start(stepsTotal, step, payload);
      else view.update(step, payload);
      started = true;
    },
    tell(say) {
      // The bar is drawn anew below what was said.
      if (started) view.stop();
      started = false;
      say();
    },
    stop() {
      if (started) view.stop();
    },
  };
}

const silenceMs = 2000;

function lines(names: readonly string[]): ProgressDisplay {
  const smooth = smoother(names);
  const measure = pace();
  let last = performance.now();
  return {
    update(progress) {
      const metrics = smooth(progress);
      const { rate, left } = measure(progress);
      const now = performance.now();
      const { step, stepsTotal, epoch } = progress;
      if (now - last < silenceMs && step < stepsTotal) return;
      last = now;
      const place = `step ${grouped(step)}/${grouped(stepsTotal)}  epoch ${epoch}`;
      printError(`${place}  ${short(rate)} steps/s  ${clock(left)} left  ${metrics}`);
    },
    tell: (say) => say(),
    stop: () => {},
  };
}
