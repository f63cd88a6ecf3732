/** `chainrule inspect`: a page on which a model is seen from all sides, written to a file or opened in the browser. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reasonOf } from '../data/files.ts';
import { inspect } from '../inspection/inspect.ts';
import type { Inspection } from '../inspection/inspection.ts';
import { inspectionPage, type Viewer } from '../inspection/page.ts';
import { loadModel } from '../load-model.ts';
import { grouped } from '../report/numbers.ts';
import type { Call } from './command.ts';
import { exitCodes, incomplete, usageError } from './failure.ts';
import { packageFolder, readSource } from './files.ts';
import { choice, precision } from './options.ts';
import { colors, print, printWarnings, shortPath } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';

export async function inspectCommand({ model: path, options }: Call): Promise<number> {
  const out = options.get('out');
  if (out !== undefined && out !== '-' && extname(out).toLowerCase() !== '.html')
    throw usageError(`option --out: expected a file name that ends in .html, got "${out}".`);
  const force = options.has('force');
  if (out !== undefined && out !== '-') checkOutput(out, force);
  const { inspection, compiled } = await inspect(await loadModel(path), {
    dtype: precision(options),
    target: choice(options, 'target', ['ts', 'wasm']) ?? 'ts',
    readSource,
  });
  printWarnings(compiled.warnings);
  const page = inspectionPage(inspection, readViewer());
  if (out === '-') {
    process.stdout.write(page);
    return exitCodes.ok;
  }
  const file = out ?? join(mkdtempSync(join(tmpdir(), 'chainrule-inspect-')), pageName(path));
  writeOutput(file, page, force);
  print(`wrote ${colors.bold(shortPath(file))}`);
  print(`  ${summary(inspection)}`);
  if (out === undefined && !(await openInBrowser(file)))
    print('  Open it in a browser, or name a file with --out.');
  return exitCodes.ok;
}

const pageName = (model: string): string => `${basename(model, extname(model))}.html`;

const summary = ({ stages, schedule, memory }: Inspection): string =>
  `${stages.length} stages, ${schedule.blocks.length} blocks, an arena of ${grouped(memory.arenaBytes)} bytes`;

/** What shows inspections is built with the package. */
function readViewer(): Viewer {
  const read = (name: string): string => {
    const file = join(packageFolder(), 'dist', 'inspector', name);
    try {
      return readFileSync(file, 'utf8');
    } catch (thrown) {
      throw incomplete(`${shortPath(file)} cannot be read: ${reasonOf(thrown)}.`);
    }
  };
  return { script: read('inspector.js'), style: read('inspector.css'), licenses: read('licenses.md') };
}

/** The program that opens addresses, and what it is given; `BROWSER` names another one. */
function opener(url: string): readonly [string, readonly string[]] {
  const named = process.env.BROWSER;
  if (named) return [named, [url]];
  if (process.platform === 'darwin') return ['open', [url]];
  if (process.platform === 'win32') return ['explorer', [url]];
  return ['xdg-open', [url]];
}

/** Whether the browser was told; where there is none, that is no failure. */
function openInBrowser(file: string): Promise<boolean> {
  const [command, words] = opener(pathToFileURL(resolve(file)).href);
  return new Promise((done) => {
    const child = spawn(command, words, { stdio: 'ignore', detached: true });
    child.once('error', () => done(false));
    child.once('spawn', () => {
      child.unref();
      done(true);
    });
  });
}
