/** `chainrule export --to onnx`: what a model predicts, with its weights, for onnxruntime and others. */

import { basename, dirname, extname, join } from 'node:path';
import { exportOnnx, onnxOpset } from '../../codegen/onnx/export.ts';
import { grouped } from '../report/numbers.ts';
import { checkFitted } from '../runtime/fitted.ts';
import { createTrainer } from '../runtime/trainer.ts';
import type { Call } from './command.ts';
import { exitCodes } from './failure.ts';
import { packageVersion, readWeights } from './files.ts';
import { precision, wholeNumber } from './options.ts';
import { colors, print, shortPath } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { compileModel, moduleOf } from './session.ts';

/** `model.ts` becomes `model.onnx` beside it. */
const onnxPath = (model: string): string => join(dirname(model), `${basename(model, extname(model))}.onnx`);

export async function exportOnnxCommand({ model: path, options }: Call): Promise<number> {
  const seed = wholeNumber(options, 'seed', 0, 2 ** 32 - 1) ?? 0;
  const out = options.get('out') ?? onnxPath(path);
  const force = options.has('force');
  const session = await compileModel(path, { dtype: precision(options) });
  const { graph, layout } = session.compiled;
  const weights = options.get('weights');
  if (out !== '-') checkOutput(out, force);
  const trainer = createTrainer(await moduleOf(session), { seed });
  if (weights !== undefined) trainer.load(readWeights(weights), { parametersOnly: true });
  checkFitted(layout, trainer.state);
  const bytes = exportOnnx(graph, {
    weights: trainer.state,
    version: packageVersion(),
    ...(layout.fingerprint === undefined ? {} : { fingerprint: layout.fingerprint }),
  });
  if (out === '-') {
    process.stdout.write(bytes);
    return exitCodes.ok;
  }
  writeOutput(out, bytes, force);
  print(`wrote ${colors.bold(shortPath(out))}`);
  print(`  ${grouped(bytes.length)} bytes, opset ${onnxOpset}, for batches of any size`);
  if (weights === undefined)
    print(`  with initial weights (seed ${seed}): --weights FILE takes trained ones`);
  return exitCodes.ok;
}
