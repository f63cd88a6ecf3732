/** `chainrule convert`: weights from one kind of file to another. */

import { extname } from 'node:path';
import { npzOf } from '../data/numpy.ts';
import { decodeSafetensors, encodeSafetensors } from '../runtime/safetensors.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { readWeights } from './files.ts';
import { required } from './options.ts';
import { colors, print, shortPath } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';

/** What is written, by the end of the file's name. */
const writers: Readonly<Record<string, (safetensors: Uint8Array) => Uint8Array>> = {
  '.npz': npzOf,
  // Whose tensors these are is kept, and that the file is ours, so that it may be written over.
  '.safetensors': (bytes) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    return encodeSafetensors(tensors, new Map([...metadata, ['format', 'chainrule']]));
  },
};

export async function convertCommand({ model: path, options }: Call): Promise<number> {
  const out = required(options, 'convert', 'out', 'FILE');
  const kind = extname(out).toLowerCase();
  const write = Object.hasOwn(writers, kind) ? writers[kind] : undefined;
  if (write === undefined)
    throw usageError(
      `option --out: expected a file name that ends in ${Object.keys(writers).join(' or ')}, got "${out}".`,
    );
  const force = options.has('force');
  checkOutput(out, force);
  const weights = readWeights(path);
  writeOutput(out, write(weights), force);
  print(`wrote ${colors.bold(shortPath(out))}: ${decodeSafetensors(weights).tensors.size} arrays`);
  return exitCodes.ok;
}
