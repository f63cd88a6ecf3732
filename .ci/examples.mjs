/** Compiles and trains every example by the command line, as a user does: `node examples.mjs CHECKS [NAME...]`. */

import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [checks, ...chosen] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'chainrule-examples-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const steps = 40;
/** Of the many systems of a chapter: enough to see that what was emitted trains. */
const fewSteps = 3;
/** Losses at either end of a training that are averaged, since single batches differ. */
const ends = 8;

/** Data for examples that `dataFor` cannot choose for. */
const data = new Map([]);

/** Examples that show what the compiler warns of. */
const warnings = new Map([
  ['05-initialization/constant', 'warning[param/symmetric]'],
  ['05-initialization/zeros', 'warning[param/symmetric]'],
]);

let failed = false;
const { main } = await import(pathToFileURL(join(root, 'dist', 'src', 'cli', 'main.js')));
// Every call of the command line listens for closed pipes.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

const folders = readdirSync(join(root, 'examples'));
for (const name of chosen.length > 0 ? chosen : folders) {
  const files = readdirSync(join(root, 'examples', name));
  if (files.includes('model.ts')) await checkExample(name);
  for (const file of files.filter((file) => file.endsWith('.model.ts'))) await checkSystem(name, file);
}
process.exitCode = failed ? 1 : 0;

/** An example of a folder of its own: each command in a process of its own. */
async function checkExample(name) {
  const model = join('examples', name, 'model.ts');
  const trainer = join(folder, `${name}.trainer.ts`);
  await check(`${name}: compile`, () => void chainrule('compile', model, '--verify', '--out', trainer));
  await check(`${name}: compile in f64`, () => {
    chainrule(
      'compile',
      model,
      '--verify',
      '--dtype',
      'f64',
      '--out',
      join(folder, `${name}.f64.trainer.ts`),
    );
  });
  await check(`${name}: train`, async () => {
    const layout = await layoutOf(trainer);
    const batch = String(Math.min(32, layout.maxBatch));
    const spec = data.get(name) ?? dataFor(name, layout);
    const length = ['--batch', batch, '--steps', String(steps)];
    const losses = lossesOf(
      chainrule('train', model, '--data', spec, ...length, '--seed', '1', '--json'),
      steps,
    );
    const [first, last] = [mean(losses.slice(0, ends)), mean(losses.slice(-ends))];
    const said = `loss ${first.toFixed(4)} to ${last.toFixed(4)}`;
    if (!(last < first)) throw new Error(`${said}: it does not fall`);
    return said;
  });
}

/** One of the systems of a chapter. They are many, and starting a process takes longer than what it does here. */
async function checkSystem(chapter, file) {
  const name = `${chapter}/${file.replace(/\.model\.ts$/, '')}`;
  const model = join('examples', chapter, file);
  const warning = warnings.get(name);
  await check(`${name}: compile`, async () => {
    const trainer = join(folder, file.replace('.model.', '.trainer.'));
    await inThisProcess(['compile', model, '--verify', '--out', trainer], warning);
  });
  await check(`${name}: train`, async () => {
    const length = ['--data', 'digits?count=96&test=32', '--batch', '32', '--steps', String(fewSteps)];
    const text = await inThisProcess(['train', model, ...length, '--seed', '1', '--json'], warning);
    return `losses ${lossesOf(text, fewSteps)
      .map((loss) => loss.toFixed(4))
      .join(', ')}`;
  });
}

/** Runs a check, prints how it went, and notes it for the count. */
async function check(name, run) {
  const begin = performance.now();
  let result = 'passed';
  let said;
  try {
    said = await run();
  } catch (error) {
    result = 'failed';
    said = error.message;
  }
  const ms = (performance.now() - begin).toFixed(0);
  console.log(`${result} ${name} (${ms} ms)${said === undefined ? '' : `: ${said}`}`);
  if (checks !== undefined) appendFileSync(checks, `${result}\texamples\t${name}\n`);
  if (result === 'failed') failed = true;
}

/** What the command prints; warnings are for people, and an example gives none. */
function chainrule(...words) {
  const bin = join(root, 'src', 'cli', 'bin.mjs');
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [bin, ...words], {
    cwd: root,
    encoding: 'utf8',
    timeout: 180_000,
    maxBuffer: 2 ** 26,
  });
  if (status === 0 && stderr === '') return stdout;
  throw new Error(`chainrule ${words.join(' ')} ended with ${status ?? error?.message}\n${stderr}`);
}

/** The same without a process of its own. `warning` must be in what it says to people, if there is one. */
async function inThisProcess(words, warning) {
  const said = { stdout: '', stderr: '' };
  const restore = Object.keys(said).map((name) => {
    const stream = process[name];
    const { write } = stream;
    stream.write = (text) => {
      said[name] += text;
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  try {
    await main(words);
  } finally {
    for (const undo of restore) undo();
  }
  const { stdout, stderr } = said;
  const quiet = warning === undefined ? stderr === '' : stderr.includes(warning);
  if (process.exitCode === 0 && quiet) return stdout;
  throw new Error(`chainrule ${words.join(' ')} ended with ${process.exitCode}\n${stderr}`);
}

/** The layout that an emitted trainer exports. */
async function layoutOf(trainer) {
  const { outputText } = ts.transpileModule(readFileSync(trainer, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const file = trainer.replace(/\.ts$/, '.mjs');
  writeFileSync(file, outputText);
  return (await import(pathToFileURL(file))).layout;
}

/** A data set that fits the columns of the model and is at hand everywhere. */
function dataFor(name, { inputs }) {
  const features = inputs.filter(({ role }) => role === 'input');
  const labels = inputs.filter(({ role }) => role === 'label');
  if (features.length !== 1 || labels.length > 1)
    throw new Error(
      `no data fit ${features.length} inputs and ${labels.length} labels: name some in .ci/examples.mjs`,
    );
  const width = features[0].shape.slice(1).reduce((size, dim) => size * dim, 1);
  const classes = labels[0]?.classes ?? 2;
  if (width === 784 && classes <= 10) return 'digits?count=512&test=64';
  if (width === 2 && classes === 2) return 'moons?count=512&test=64';
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, csv(width, classes));
  return `csv:${file}?label=class&test=0.1`;
}

/** Classes apart from each other in every feature, around zero. */
function csv(width, classes) {
  const columns = Array.from({ length: width }, (_, column) => `f${column}`);
  const rows = Array.from({ length: 50 * classes }, (_, row) => {
    const label = row % classes;
    const features = columns.map((_, column) => {
      const centre = Math.cos(1 + label * (column + 1.7));
      return (centre + 0.2 * Math.sin(12.9898 * row + 78.233 * column)).toFixed(4);
    });
    return [...features, `class ${label}`].join(',');
  });
  return [[...columns, 'class'].join(','), ...rows, ''].join('\n');
}

/** The losses of a training that printed what it must: all JSON, steps in order, every loss finite. */
function lossesOf(text, steps) {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const done = lines.pop();
  if (done?.event !== 'done' || done.steps !== steps)
    throw new Error(`the last line is ${JSON.stringify(done)}`);
  if (lines.length !== steps) throw new Error(`${lines.length} lines for ${steps} steps`);
  return lines.map(({ event, step, loss }, at) => {
    if (event !== 'step' || step !== at) throw new Error(`line ${at} is of ${event} ${step}`);
    if (!Number.isFinite(loss)) throw new Error(`the loss of step ${at} is ${loss}`);
    return loss;
  });
}

function mean(numbers) {
  return numbers.reduce((total, x) => total + x, 0) / numbers.length;
}
