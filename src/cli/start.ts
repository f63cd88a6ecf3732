/** `chainrule start`, which `npm start` runs: the first example trained, and where to look next. */

import { join } from 'node:path';
import { grouped } from '../report/numbers.ts';
import type { Host } from './command.ts';
import { packageFolder, packageVersion } from './files.ts';
import { colors, print, shortPath } from './output.ts';
import { compileModel, moduleOf, readData } from './session.ts';
import { printSummary } from './train.ts';
import { artefactsIn, runTraining, writeArtefacts, writeReport } from './training.ts';

export async function startCommand(host: Host): Promise<number> {
  const { bold, dim } = colors;
  const path = join(packageFolder(), 'examples', 'digits', 'model.ts');
  print(bold(`chainrule ${packageVersion()}`));
  print('A neural network in, a training step that you can read out.\n');

  const session = await compileModel(path, {});
  const { model, compiled, compileMs } = session;
  const { data = 'digits', batch, epochs = 1 } = model.options;
  print(`compiled ${shortPath(path)} in ${compileMs.toFixed(0)} ms`);
  const dataset = await readData(data, 'f32', false);
  const count = grouped(dataset.train.count);
  print(`training on ${count} samples of ${dataset.name}: ${epochs} epochs in batches of ${batch}`);
  const result = await runTraining(
    await moduleOf(session),
    dataset,
    { seed: 0, fit: { epochs, batch } },
    host,
  );
  const artefacts = artefactsIn(join(packageFolder(), 'out', 'start'), model.name);
  // The folder is the project's own.
  const force = true;
  writeArtefacts(artefacts, { code: compiled.code, state: result.trainer.save(), force });
  printSummary(result);
  await writeReport(artefacts.report, dataset, result, force);
  const accuracy = result.test?.accuracy;
  if (accuracy !== undefined) print(`\n${bold(`test accuracy ${(100 * accuracy).toFixed(2)} %`)}`);

  const { trainer, weights, report } = artefacts;
  print(`\nLook at
  ${shortPath(path)}   ${dim('the model')}
  ${shortPath(trainer)}   ${dim('what it compiled to: forward, backward and update, without imports')}
  ${shortPath(weights)}   ${dim('what it learnt')}
  ${shortPath(report)}   ${dim('how it learnt and what it gets wrong: open it in a browser')}

Try next
  npx chainrule train ${shortPath(path)} --epochs 2 --seed 1
  npx chainrule train ${shortPath(path)} --target wasm
  npx chainrule predict ${shortPath(path)} --weights ${shortPath(weights)} --data digits
  npx chainrule --help`);
  return result.exitCode;
}
