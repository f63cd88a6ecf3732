/** `chainrule compile`: writes the trainer module of a model. */

import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { transpile } from '../../codegen/ts/transpile.ts';
import type { Compiled } from '../compile.ts';
import { explainSchedule } from '../explain-schedule.ts';
import { grouped } from '../report/numbers.ts';
import { sourceMapOf } from '../source-map.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { readSource } from './files.ts';
import { precision, target } from './options.ts';
import { colors, print, shortPath } from './output.ts';
import { checkOutput, withMark, writeOutput } from './output-file.ts';
import { compileModel } from './session.ts';
import { testPath, trainerTest } from './trainer-test.ts';
import { trainerWorker, workerPath } from './trainer-worker.ts';

/** `model.ts` becomes `model.trainer.ts` beside it. */
export const trainerPath = (model: string): string =>
  join(dirname(model), `${basename(model, extname(model))}.trainer.ts`);

/** `model.trainer.ts` has its WebAssembly in `model.trainer.wasm`, and that as text in `model.trainer.wat`. */
const besideTrainer = (path: string, extension: 'wasm' | 'wat'): string =>
  join(dirname(path), `${basename(path, extname(path))}.${extension}`);

export async function compileCommand({ model, options }: Call): Promise<number> {
  const out = options.get('out');
  for (const [option, to] of filesBeside) if (out === '-' && options.has(option)) throw needsFile(option, to);
  const printAfter = options.get('print-after');
  const path = out === undefined || out === '-' ? trainerPath(model) : out;
  const {
    model: declared,
    compiled,
    compileMs,
  } = await compileModel(model, {
    dtype: precision(options),
    ...target(options),
    verify: options.has('verify'),
    ...(printAfter === undefined ? {} : { printAfter }),
    ...(options.has('wasm-file') ? { wasmFile: basename(besideTrainer(path, 'wasm')) } : {}),
  });
  for (const option of ['wasm-file', 'wat'])
    if (options.has(option) && compiled.wasm === undefined)
      throw usageError(`option --${option} is about WebAssembly.`, `Write --target wasm --${option}.`);
  if (options.has('source-map') && compiled.provenance === undefined)
    throw usageError('option --source-map is about TypeScript.', 'Leave --target wasm out.');
  if (compiled.listing !== undefined) print(compiled.listing.trimEnd());
  if (out === '-') {
    process.stdout.write(compiled.code);
    return exitCodes.ok;
  }
  if (options.has('explain-schedule')) {
    print(explainSchedule(compiled.loops, compiled.sharing));
    if (out === undefined) return exitCodes.ok;
  }
  // Who asks for a listing wants to read it; a file is written only when it is named.
  if (printAfter !== undefined && out === undefined) return exitCodes.ok;
  const written = writeFiles(path, declared.name, model, compiled, options);
  if (printAfter !== undefined) return exitCodes.ok;
  printTrainer(path, compiled, compileMs);
  for (const [file, what] of written) print(`wrote ${colors.bold(shortPath(file))}, ${what}`);
  return exitCodes.ok;
}

/** The trainer, and what is asked for beside it: each of those with what it is. */
function writeFiles(
  path: string,
  name: string,
  model: string,
  compiled: Compiled,
  options: Call['options'],
): readonly (readonly [string, string])[] {
  const { wasm, wat, threads } = compiled;
  const beside: (readonly [string, string | Uint8Array, string])[] = [];
  if (options.has('wasm-file') && wasm)
    beside.push([
      besideTrainer(path, 'wasm'),
      withMark(wasm),
      `${grouped(wasm.length)} bytes that the trainer loads`,
    ]);
  if (options.has('wat') && wat)
    beside.push([
      besideTrainer(path, 'wat'),
      `${wat().trimEnd()}\n;; Written by chainrule compile --wat.\n`,
      'the WebAssembly as text',
    ]);
  if (options.has('source-map') && compiled.provenance)
    beside.push([`${path}.map`, mapOf(path, compiled), 'which leads from its lines to those of the model']);
  if (options.has('with-test'))
    beside.push([testPath(path), trainerTest(name, model, path), 'a test for vitest']);
  if (options.has('with-worker'))
    beside.push([workerPath(path), trainerWorker(name, path, threads), 'the file of a worker']);
  const force = options.has('force');
  // All or none: a trainer without the file that it loads would be of no use.
  for (const file of [path, ...beside.map(([one]) => one)]) checkOutput(file, force);
  writeOutput(path, trainerText(path, compiled, options), force);
  for (const [file, content] of beside) writeOutput(file, content, force);
  return beside.map(([file, , what]) => [file, what] as const);
}

/** JavaScript for a file that is called so: types are blanked out, and all else stays in its line and column. */
function trainerText(path: string, { code }: Compiled, options: Call['options']): string {
  const text = /\.m?js$/.test(path) ? transpile(code) : code;
  return options.has('source-map')
    ? `${text}//# sourceMappingURL=${encodeURIComponent(`${basename(path)}.map`)}\n`
    : text;
}

function mapOf(path: string, { code, provenance }: Compiled): string {
  const folder = dirname(resolve(path));
  const map = sourceMapOf(code, provenance?.() ?? [], {
    file: basename(path),
    sourceOf: (file) => relative(folder, file).split(sep).map(encodeURIComponent).join('/'),
    readSource,
  });
  // Maps may have fields of their own; this one says whose file it is.
  return `${JSON.stringify({ ...JSON.parse(map), x_chainrule: 'Written by chainrule' })}\n`;
}

function printTrainer(path: string, { code, layout, ...compiled }: Compiled, compileMs: number): void {
  const lines = code.split('\n').length - 1;
  print(`wrote ${colors.bold(shortPath(path))}`);
  print(`  ${grouped(lines)} lines, ${grouped(Buffer.byteLength(code))} bytes`);
  print(`  arena of ${grouped(layout.arenaBytes)} bytes for batches of up to ${grouped(layout.maxBatch)}`);
  if (compiled.because !== undefined) print(`  target ${compiled.target}: ${compiled.because}`);
  if (compiled.sharing !== undefined) print(`  up to ${compiled.threads} threads: ${compiled.sharing}`);
  print(`  compiled in ${compileMs.toFixed(0)} ms`);
}

/** Options that write a file beside the trainer, and what for. */
const filesBeside = [
  ['with-test', 'test'],
  ['with-worker', 'serve'],
  ['wasm-file', 'load it'],
  ['wat', 'stand beside'],
  ['source-map', 'lead from'],
] as const;

const needsFile = (option: string, to: string): Error =>
  usageError(`option --${option} needs a file to ${to}, and --out - writes none.`, 'Name a file with --out.');
