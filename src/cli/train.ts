/** `chainrule train`: compiles a model, trains it, and tells how well it does. */

import { withOrigin } from '../diagnose.ts';
import type { Model } from '../dsl/model.ts';
import { grouped, seconds, short } from '../report/numbers.ts';
import type { Progress } from '../runtime/fit.ts';
import type { Metrics } from '../runtime/module.ts';
import { type Checkpoints, openCheckpoints, readCheckpointOptions } from './checkpoints.ts';
import type { Call, Host } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { makeFolder, readWeights } from './files.ts';
import { metricTable } from './metric-table.ts';
import { choice, precision, target, wholeNumber } from './options.ts';
import { print, printJson, shortPath } from './output.ts';
import { compileModel, readData, threadedModuleOf } from './session.ts';
import {
  type Artefacts,
  artefactsIn,
  checkArtefacts,
  checkBatch,
  dataSpecOf,
  runTraining,
  type TrainingResult,
  writeArtefacts,
  writeReport,
} from './training.ts';

export async function trainCommand({ model: path, options }: Call, host: Host): Promise<number> {
  const wanted = readOptions(options);
  const session = await compileModel(path, { dtype: precision(options), ...target(options) });
  const { model, compiled } = session;
  checkBatch(compiled.layout, wanted.batch);
  const spec = dataSpecOf(model, options);
  const init = options.get('init');
  const initial = init === undefined ? {} : { init: readWeights(init) };
  const dataset = await readData(spec, precision(options), wanted.json);
  const { json, force, checkpoint } = wanted;
  // Made before the training: a folder that cannot be made must not cost its result.
  const artefacts = artefactsFor(options.get('out'), model.name, force);
  const checkpoints = checkpoint === undefined ? undefined : await openCheckpoints(checkpoint);
  try {
    const module = await threadedModuleOf(session);
    const result = await runTraining(
      module,
      dataset,
      {
        ...initial,
        ...courseOf(wanted, model, checkpoints),
        checkpoints,
        ...(json ? { onStep: printStep } : {}),
        onEnd(trainer) {
          if (artefacts) writeArtefacts(artefacts, { code: compiled.code, state: trainer.save(), force });
        },
      },
      host,
    ).catch((error: unknown) => {
      throw withOrigin(error, compiled.graph);
    });
    if (result.exitCode !== exitCodes.closedPipe) tellResult(result, wanted, checkpoints);
    if (artefacts) await writeReport(artefacts.report, dataset, result, force);
    if (artefacts && !json && result.exitCode !== exitCodes.closedPipe) printArtefacts(artefacts);
    return result.exitCode;
  } finally {
    await checkpoints?.store.close();
  }
}

function artefactsFor(out: string | undefined, model: string, force: boolean): Artefacts | undefined {
  if (out === undefined) return undefined;
  makeFolder(out);
  const artefacts = artefactsIn(out, model);
  checkArtefacts(artefacts, force);
  return artefacts;
}

function printArtefacts(artefacts: Artefacts): void {
  const [weights, trainer, report] = [artefacts.weights, artefacts.trainer, artefacts.report].map(shortPath);
  print(`wrote ${weights}, ${trainer} and ${report}`);
}

/** What decides the steps: as it is given, or as the training was begun with, or as the model says. */
function courseOf(wanted: Wanted, { options }: Model, checkpoints: Checkpoints | undefined) {
  const { steps, epochs, batch, shuffle, onNonFinite } = wanted;
  const begun = checkpoints?.found?.checkpoint;
  const usual = begun === undefined ? { epochs: epochs ?? options.epochs ?? 1 } : { epochs };
  return {
    seed: wanted.seed ?? begun?.seed ?? 0,
    fit: {
      ...(steps === undefined ? usual : { steps }),
      batch: batch ?? (begun === undefined ? options.batch : undefined),
      // As it is with nothing said, or as the training was begun with.
      ...(shuffle ? {} : { shuffle }),
      onNonFinite,
    },
  };
}

function tellResult(result: TrainingResult, { json }: Wanted, checkpoints: Checkpoints | undefined): void {
  if (json) printDone(result);
  else printSummary(result);
  if (!json && checkpoints !== undefined)
    print(`checkpoint of step ${grouped(result.steps)} in ${shortPath(checkpoints.store.place)}`);
}

type Wanted = ReturnType<typeof readOptions>;

/** Numbers are checked before anything is loaded, so that a mistyped one is told at once. */
function readOptions(options: Call['options']) {
  const epochs = wholeNumber(options, 'epochs', 0);
  const steps = wholeNumber(options, 'steps', 0);
  if (epochs !== undefined && steps !== undefined)
    throw usageError('options --epochs and --steps are both given.', 'Leave one of them out.');
  choice(options, 'dtype', ['f32', 'f64']);
  target(options);
  return {
    epochs,
    steps,
    batch: wholeNumber(options, 'batch', 1),
    seed: wholeNumber(options, 'seed', 0, 2 ** 32 - 1),
    shuffle: !options.has('no-shuffle'),
    json: options.has('json'),
    force: options.has('force'),
    checkpoint: readCheckpointOptions(options),
    onNonFinite: choice(options, 'on-non-finite', ['error', 'skip']) ?? 'error',
  };
}

/** Steps are counted from 0 here, as the first update of a log is step 0. */
function printStep({ step, loss, learningRate, ...rest }: Progress<Metrics>): void {
  const { epoch: _epoch, samplesSeen: _seen, stepsTotal: _total, skipped: _skipped, ...metrics } = rest;
  const fixed = { event: 'step', step: step - 1, loss, lr: learningRate };
  // First for their place, last so that a metric called "lr" or "event" does not take theirs.
  printJson({ ...fixed, ...metrics, ...fixed });
}

function printDone({ steps, seconds: time, skipped, train, test }: TrainingResult): void {
  const skips = skipped > 0 ? { skipped } : {};
  printJson({ event: 'done', steps, seconds: time, ...skips, train, test });
}

export function printSummary(result: TrainingResult): void {
  const { steps, stepsBefore, seconds: time, interrupted, skipped, train, test } = result;
  const made = steps - stepsBefore;
  const pace = time > 0 ? ` (${short(made / time)} steps/s)` : '';
  const before = stepsBefore > 0 ? `, after ${grouped(stepsBefore)} before` : '';
  print(
    `${interrupted ? 'interrupted after' : 'trained'} ${grouped(made)} steps in ${seconds(time)}${pace}${before}`,
  );
  if (skipped > 0) print(`skipped ${grouped(skipped)} steps that gave NaN or infinity`);
  const rows = [['train', train] as const, ...(test === null ? [] : [['test', test] as const])];
  for (const line of metricTable(rows)) print(`  ${line}`);
}
