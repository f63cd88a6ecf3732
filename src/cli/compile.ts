/** `chainrule compile`: writes the trainer module of a model. */

import { basename, dirname, extname, join } from 'node:path';
import { grouped } from '../report/numbers.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { writeFile } from './files.ts';
import { precision, target } from './options.ts';
import { colors, print, shortPath } from './output.ts';
import { compileModel } from './session.ts';
import { testPath, trainerTest } from './trainer-test.ts';

/** `model.ts` becomes `model.trainer.ts` beside it. */
export const trainerPath = (model: string): string =>
  join(dirname(model), `${basename(model, extname(model))}.trainer.ts`);

export async function compileCommand({ model, options }: Call): Promise<number> {
  const out = options.get('out');
  const withTest = options.has('with-test');
  if (withTest && out === '-')
    throw usageError(
      'option --with-test needs a file to test, and --out - writes none.',
      'Name a file with --out.',
    );
  const printAfter = options.get('print-after');
  const {
    model: declared,
    compiled,
    compileMs,
  } = await compileModel(model, {
    dtype: precision(options),
    target: target(options),
    verify: options.has('verify'),
    ...(printAfter === undefined ? {} : { printAfter }),
  });
  const { code, layout, listing } = compiled;
  if (listing !== undefined) print(listing.trimEnd());
  if (out === '-') {
    process.stdout.write(code);
    return exitCodes.ok;
  }
  // Who asks for a listing wants to read it; a file is written only when it is named.
  if (printAfter !== undefined && out === undefined) return exitCodes.ok;
  const path = out ?? trainerPath(model);
  writeFile(path, code);
  if (withTest) writeFile(testPath(path), trainerTest(declared.name, model, path));
  if (printAfter !== undefined) return exitCodes.ok;
  const lines = code.split('\n').length - 1;
  print(`wrote ${colors.bold(shortPath(path))}`);
  print(`  ${grouped(lines)} lines, ${grouped(Buffer.byteLength(code))} bytes`);
  print(`  arena of ${grouped(layout.arenaBytes)} bytes for batches of up to ${grouped(layout.maxBatch)}`);
  print(`  compiled in ${compileMs.toFixed(0)} ms`);
  if (withTest) print(`wrote ${colors.bold(shortPath(testPath(path)))}, a test for vitest`);
  return exitCodes.ok;
}
