/** `chainrule import`: an ONNX network as a model in TypeScript, with its weights beside it. */

import { basename, dirname, extname, join } from 'node:path';
import { readBytes } from '../data/files.ts';
import { importOnnx } from '../onnx/import.ts';
import { losses } from '../onnx/loss.ts';
import { grouped } from '../report/numbers.ts';
import { InputError } from '../runtime/errors.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { choice } from './options.ts';
import { colors, print, printError, shortPath } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';

/** A file name without what tells its kind: `net.model.ts` and `net.onnx` are of `net`. */
const stemOf = (path: string): string => basename(path, extname(path)).replace(/\.model$/, '');

export async function importCommand({ model: path, options }: Call): Promise<number> {
  const loss = choice(options, 'loss', losses);
  const out = options.get('out') ?? join(dirname(path), `${stemOf(path)}.model.ts`);
  if (out === '-')
    throw usageError(
      'import writes two files, and --out - none.',
      'Name the model with --out: net.model.ts.',
    );
  const weightsPath = join(dirname(out), `${stemOf(out)}.weights.safetensors`);
  const force = options.has('force');
  for (const file of [out, weightsPath]) checkOutput(file, force);
  const bytes = readBytes(path, 'Name a file in the ONNX format.');
  const weightsFile = basename(weightsPath);
  const { model, weights, parameters, remarks } = read(path, () =>
    importOnnx(bytes, { name: nameFor(stemOf(out)), weightsFile, loss }),
  );
  writeOutput(out, model, force);
  writeOutput(weightsPath, weights, force);
  for (const remark of remarks) printError(`note: ${remark}`);
  const lines = model.split('\n').length - 1;
  print(`wrote ${colors.bold(shortPath(out))}, ${grouped(lines)} lines`);
  print(
    `wrote ${colors.bold(shortPath(weightsPath))}, ${parameters} arrays, ${grouped(weights.length)} bytes`,
  );
  print(`  train it further: chainrule train ${shortPath(out)} --init ${shortPath(weightsPath)} --data SPEC`);
  return exitCodes.ok;
}

/** A model has a name of 1 to 256 characters. */
const nameFor = (stem: string): string => stem.slice(0, 256) || 'imported';

/** Errors of a file say which. */
function read<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof InputError) || thrown.at !== undefined) throw thrown;
    const { code, message, help, offset } = thrown;
    throw new InputError({ code, message, help, offset, at: path });
  }
}
