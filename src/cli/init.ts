/** `chainrule init`: a new project in which a page of Vite trains a model of its own. */

import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compile } from '../compile.ts';
import { loadModel } from '../load-model.ts';
import { createDeclarations } from '../vite/declarations.ts';
import type { Call } from './command.ts';
import { exitCodes, outputExists } from './failure.ts';
import { colors, print, shortPath } from './output.ts';
import { writeOutput } from './output-file.ts';
import { projectFiles } from './project-files.ts';

export async function initCommand({ model: folder, options }: Call): Promise<number> {
  const force = options.has('force');
  if (!force && existsSync(folder) && readdirSync(folder).length > 0)
    throw outputExists(`${shortPath(folder)} is not empty`);
  const files = projectFiles(packageName(basename(resolve(folder))));
  for (const [path, text] of files) writeOutput(join(folder, path), text, force);
  // The plugin keeps this file, and editors want it before the page is opened for the first time.
  const model = join(folder, 'src', 'model.ts');
  const { graph } = await compile(await loadModel(model));
  createDeclarations(join(folder, 'src', 'trainers.d.ts')).declare(resolve(model), graph);
  print(`made ${colors.bold(shortPath(folder))}: ${files.size + 1} files`);
  print('Next:');
  for (const line of [`cd ${shortPath(folder)}`, 'npm install', 'npm run dev']) print(`  ${line}`);
  print('src/model.ts is the model; a change of it is compiled while the page is open.');
  return exitCodes.ok;
}

/** What npm takes for a name of a package. */
const packageName = (folder: string): string =>
  folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|[._-]+$/g, '')
    .slice(0, 100) || 'page';
