/** `chainrule train`: compiles a model, trains it, and tells how well it does. */

import { withOrigin } from '../diagnose.ts';
import { grouped, seconds, short } from '../report/numbers.ts';
import type { Progress } from '../runtime/fit.ts';
import type { Metrics } from '../runtime/module.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { makeFolder, readWeights } from './files.ts';
import { metricTable } from './metric-table.ts';
import { choice, precision, target, wholeNumber } from './options.ts';
import { print, printJson, shortPath } from './output.ts';
import { compileModel, readData, threadedModuleOf } from './session.ts';
import {
  type AnyTrainer,
  artefactsIn,
  checkBatch,
  dataSpecOf,
  runTraining,
  type TrainingResult,
  writeArtefacts,
  writeReport,
} from './training.ts';

export async function trainCommand({ model: path, options }: Call): Promise<number> {
  const wanted = readOptions(options);
  const session = await compileModel(path, { dtype: precision(options), ...target(options) });
  const { model, compiled } = session;
  checkBatch(compiled.layout, wanted.batch);
  const spec = dataSpecOf(model, options);
  const init = options.get('init');
  const initial = init === undefined ? {} : { init: readWeights(init) };
  const dataset = await readData(spec, precision(options), wanted.json);
  const out = options.get('out');
  // Made before the training: a folder that cannot be made must not cost its result.
  if (out !== undefined) makeFolder(out);
  const artefacts = out === undefined ? undefined : artefactsIn(out, model.name);
  const keep = (trainer: AnyTrainer): void => {
    if (artefacts) writeArtefacts(artefacts, compiled.code, trainer.save());
  };
  const module = await threadedModuleOf(session);
  const { batch = model.options.batch, epochs, steps } = wanted;
  const length = steps === undefined ? { epochs: epochs ?? model.options.epochs ?? 1 } : { steps };
  const result = await runTraining(module, dataset, {
    ...initial,
    seed: wanted.seed,
    fit: { ...length, batch, shuffle: wanted.shuffle, onNonFinite: wanted.onNonFinite },
    ...(wanted.json ? { onStep: printStep } : {}),
    onFailure: keep,
  }).catch((error: unknown) => {
    throw withOrigin(error, compiled.graph);
  });
  keep(result.trainer);
  if (wanted.json) printDone(result);
  else printSummary(result);
  if (artefacts) await writeReport(artefacts.report, dataset, result);
  if (artefacts && !wanted.json) {
    const [weights, trainer, report] = [artefacts.weights, artefacts.trainer, artefacts.report].map(
      shortPath,
    );
    print(`wrote ${weights}, ${trainer} and ${report}`);
  }
  return result.interrupted ? exitCodes.interrupted : exitCodes.ok;
}

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
    seed: wholeNumber(options, 'seed', 0, 2 ** 32 - 1) ?? 0,
    shuffle: !options.has('no-shuffle'),
    json: options.has('json'),
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
  const { steps, seconds: time, interrupted, skipped, train, test } = result;
  const pace = time > 0 ? ` (${short(steps / time)} steps/s)` : '';
  print(
    `${interrupted ? 'interrupted after' : 'trained'} ${grouped(steps)} steps in ${seconds(time)}${pace}`,
  );
  if (skipped > 0) print(`skipped ${grouped(skipped)} steps that gave NaN or infinity`);
  const rows = [['train', train] as const, ...(test === null ? [] : [['test', test] as const])];
  for (const line of metricTable(rows)) print(`  ${line}`);
}
