/** `chainrule lr-range`: the learning-rate range test of Smith, Cyclical learning rates, 2017. */

import { dirname, resolve } from 'node:path';
import { loadModel } from '../load-model.ts';
import { grouped, short } from '../report/numbers.ts';
import type { Call } from './command.ts';
import { exitCodes, interruption, trainingError, usageError } from './failure.ts';
import { makeFolder, readWeights } from './files.ts';
import { findBounds, type RateBounds } from './lr-bounds.ts';
import { rangeSvg, rangeText } from './lr-chart.ts';
import { runSweep, type Sweep, type SweepReading, type SweepResult, withSweep } from './lr-sweep.ts';
import { decimal, precision, wholeNumber } from './options.ts';
import { colors, print, printJson, shortPath } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { createProgress } from './progress.ts';
import { compileLoaded, moduleOf, readData } from './session.ts';
import { checkBatch, dataSpecOf } from './training.ts';

export async function lrRangeCommand({ model: path, options }: Call): Promise<number> {
  const wanted = readOptions(options);
  const { dtype, json, out, force } = wanted;
  const model = await loadModel(path);
  const spec = dataSpecOf(model, options);
  const init = options.get('init');
  const initial = init === undefined ? {} : { init: readWeights(init) };
  const dataset = await readData(spec, dtype, json);
  const { batch = model.options.batch } = wanted;
  const { steps = defaultSteps(dataset.train.count, batch) } = wanted;
  const sweep: Sweep = { ...wanted.range, steps };
  const session = await compileLoaded(withSweep(model, sweep), { dtype });
  checkBatch(session.compiled.layout, wanted.batch);
  makeFolder(dirname(resolve(out)));
  checkOutput(out, force);
  const display = json ? jsonLines() : createProgress(session.compiled.layout.metrics);
  const module = await moduleOf(session);
  const plan = { ...initial, seed: wanted.seed, steps, batch, onStep: display.update };
  const result = await runSweep(module, dataset, plan).finally(display.stop);
  const bounds = boundsOf(result, steps);
  const svg = await rangeSvg(model.name, result.readings, bounds, sweep);
  writeOutput(out, `${svg.trimEnd()}\n<!-- Written by chainrule lr-range. -->\n`, force);
  if (json) printDone(result, bounds, out);
  else await printFindings(result, bounds, sweep, out);
  return result.interrupted ? exitCodes.interrupted : exitCodes.ok;
}

/** Checked before anything is loaded, so that a mistyped number is told at once. */
function readOptions(options: Call['options']) {
  const dtype = precision(options);
  const out = options.get('out') ?? 'lr-range.svg';
  if (!/\.svg$/i.test(out))
    throw usageError(`option --out: expected a file name that ends in .svg, got "${out}".`);
  return {
    dtype,
    out,
    range: readRange(options, dtype),
    steps: wholeNumber(options, 'steps', 10),
    batch: wholeNumber(options, 'batch', 1),
    seed: wholeNumber(options, 'seed', 0, 2 ** 32 - 1) ?? 0,
    json: options.has('json'),
    force: options.has('force'),
  };
}

function readRange(options: Call['options'], dtype: 'f32' | 'f64'): Omit<Sweep, 'steps'> {
  const linear = options.has('linear');
  const min = decimal(options, 'min') ?? 1e-5;
  const max = decimal(options, 'max') ?? 1;
  const stored = dtype === 'f32' ? Math.fround : Number;
  if (linear ? min < 0 : stored(min) <= 0)
    throw usageError(
      `option --min: expected a number ${linear ? 'from 0' : 'above 0'}, got ${min}.`,
      linear ? undefined : 'A sweep by equal ratios cannot start at 0; with --linear it can.',
    );
  if (!Number.isFinite(stored(max))) throw usageError(`option --max: ${max} is too large for ${dtype}.`);
  if (stored(min) >= stored(max))
    throw usageError(
      `option --min: ${min} is not below --max, which is ${max}.`,
      'The sweep goes from low to high.',
    );
  return { min, max, linear };
}

/** One epoch, but enough steps to see a curve and no more than it needs. */
const defaultSteps = (records: number, batch: number): number =>
  Math.min(Math.max(Math.ceil(records / batch), 100), 1000);

function boundsOf({ readings, braked, interrupted }: SweepResult, steps: number): RateBounds {
  if (readings.filter(({ loss }) => Number.isFinite(loss)).length >= 2)
    return findBounds(readings, steps, braked);
  if (interrupted) throw interruption('the sweep was interrupted before there was anything to draw.');
  throw trainingError(
    `the loss is not finite from the beginning, at a learning rate of ${short(readings[0]?.rate ?? 0)}.`,
    'Lower --min; if that does not help, the model or its initial values are at fault.',
  );
}

const jsonLines = () => ({
  update: ({ step, loss, learningRate, accuracy }: { readonly [name: string]: number | undefined }): void =>
    printJson({
      event: 'step',
      step: (step ?? 1) - 1,
      lr: learningRate,
      loss,
      ...(accuracy === undefined ? {} : { accuracy }),
    }),
  stop: (): void => {},
});

function printDone({ readings, interrupted }: SweepResult, bounds: RateBounds, out: string): void {
  const { verdict, turn = null, min = null, max = null } = bounds;
  printJson({ event: 'done', verdict, turn, min, max, steps: readings.length, interrupted, file: out });
}

async function printFindings(
  result: SweepResult,
  bounds: RateBounds,
  sweep: Sweep,
  out: string,
): Promise<void> {
  const { readings, braked, interrupted } = result;
  const last = readings.at(-1);
  const early = braked ? ', where the loss got out of hand' : '';
  const upTo = last === undefined ? '' : ` up to a learning rate of ${short(last.rate)}${early}`;
  print(
    `${interrupted ? 'interrupted after' : 'swept'} ${grouped(readings.length)} of ${grouped(sweep.steps)} steps${upTo}`,
  );
  const text = await rangeText(bounds, sweep, process.stdout.columns || 80);
  if (text !== undefined) print(`\naverage loss against the learning rate\n${text}\n`);
  for (const line of wordsFor(bounds, sweep, readings)) print(line);
  print(`wrote ${shortPath(out)}`);
}

function wordsFor(bounds: RateBounds, sweep: Sweep, readings: readonly SweepReading[]): readonly string[] {
  const { verdict, start, best, turn, min, max } = bounds;
  const { bold } = colors;
  const highest = short(readings.at(-1)?.rate ?? sweep.max);
  const fall = `from ${short(start)} to ${short(best)}`;
  switch (verdict) {
    case 'turned':
      return [
        `The average loss fell ${fall} and turned up at a learning rate of ${short(turn ?? 0)}.`,
        `Proposed bounds: ${bold(`max ${short(max ?? 0)}`)} (0.8 of it) and ${bold(`min ${short(min ?? 0)}`)} (a tenth of max).`,
        'A cyclical or 1cycle schedule moves between them; a fixed rate lies between them too.',
      ];
    case 'falling':
      return [
        `The average loss fell ${fall} and had not turned up at the highest rate, ${highest}: raise --max.`,
      ];
    case 'rising':
      return [
        `The average loss never fell: it rose from ${short(start)} on, already at the lowest rates. Lower --min.`,
      ];
    case 'flat':
      return [
        `The average loss never fell, nor did it rise: it stayed near ${short(start)} up to ${highest}. Raise --max.`,
      ];
  }
}
