/** `chainrule compile`: writes the trainer module of a model. */

import { basename, dirname, extname, join } from 'node:path';
import { explainSchedule } from '../explain-schedule.ts';
import { grouped } from '../report/numbers.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { writeFile } from './files.ts';
import { precision, target } from './options.ts';
import { colors, print, shortPath } from './output.ts';
import { compileModel } from './session.ts';
import { testPath, trainerTest } from './trainer-test.ts';
import { trainerWorker, workerPath } from './trainer-worker.ts';

/** `model.ts` becomes `model.trainer.ts` beside it. */
export const trainerPath = (model: string): string =>
  join(dirname(model), `${basename(model, extname(model))}.trainer.ts`);

export async function compileCommand({ model, options }: Call): Promise<number> {
  const out = options.get('out');
  const withTest = options.has('with-test');
  const withWorker = options.has('with-worker');
  if (out === '-' && withTest) throw needsFile('with-test', 'test');
  if (out === '-' && withWorker) throw needsFile('with-worker', 'serve');
  const printAfter = options.get('print-after');
  const {
    model: declared,
    compiled,
    compileMs,
  } = await compileModel(model, {
    dtype: precision(options),
    ...target(options),
    verify: options.has('verify'),
    ...(printAfter === undefined ? {} : { printAfter }),
  });
  const { code, layout, listing } = compiled;
  if (listing !== undefined) print(listing.trimEnd());
  if (out === '-') {
    process.stdout.write(code);
    return exitCodes.ok;
  }
  if (options.has('explain-schedule')) {
    print(explainSchedule(compiled.loops, compiled.sharing));
    if (out === undefined) return exitCodes.ok;
  }
  // Who asks for a listing wants to read it; a file is written only when it is named.
  if (printAfter !== undefined && out === undefined) return exitCodes.ok;
  const path = out ?? trainerPath(model);
  writeFile(path, code);
  if (withTest) writeFile(testPath(path), trainerTest(declared.name, model, path));
  if (withWorker) writeFile(workerPath(path), trainerWorker(declared.name, path));
  if (printAfter !== undefined) return exitCodes.ok;
  const lines = code.split('\n').length - 1;
  print(`wrote ${colors.bold(shortPath(path))}`);
  print(`  ${grouped(lines)} lines, ${grouped(Buffer.byteLength(code))} bytes`);
  print(`  arena of ${grouped(layout.arenaBytes)} bytes for batches of up to ${grouped(layout.maxBatch)}`);
  if (compiled.because !== undefined) print(`  target ${compiled.target}: ${compiled.because}`);
  if (compiled.sharing !== undefined) print(`  up to ${compiled.threads} threads: ${compiled.sharing}`);
  print(`  compiled in ${compileMs.toFixed(0)} ms`);
  if (withTest) print(`wrote ${colors.bold(shortPath(testPath(path)))}, a test for vitest`);
  if (withWorker) print(`wrote ${colors.bold(shortPath(workerPath(path)))}, the file of a worker`);
  return exitCodes.ok;
}

const needsFile = (option: string, to: string): Error =>
  usageError(`option --${option} needs a file to ${to}, and --out - writes none.`, 'Name a file with --out.');
