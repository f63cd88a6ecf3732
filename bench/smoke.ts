/** Times what every user waits for: compiling, and a training step. Medians of a few repetitions, in a minute. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = new URL('../', import.meta.url);
const pathOf = (path: string): string => fileURLToPath(new URL(path, root));

/** Milliseconds, or bytes where there is one value. */
interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'bytes';
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** What it is meant to stay below. */
  readonly budget?: number;
}

/**
 * Machines of a CI are shared: a budget fails only when it is missed by more than this factor, and by the fastest
 * repetition, since what else runs there can make a repetition slower and never faster.
 */
const tolerance = 2;

export async function main(words: readonly string[]): Promise<void> {
  const [option, file] = words;
  if (option !== undefined && (option !== '--json' || file === undefined || words.length > 2)) {
    console.error('Write: node bench/run.mjs [--json FILE]');
    process.exitCode = 2;
    return;
  }
  const figures = await measure();
  const machine = { cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, node: process.version };
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`);
  for (const line of table(figures)) console.log(line);
  if (file !== undefined) writeFileSync(file, `${JSON.stringify({ ...machine, figures }, null, 2)}\n`);
  const failures = figures.flatMap(failuresOf);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

/** The built compiler, with the types of its sources. */
async function compiler() {
  if (!existsSync(pathOf('dist/src/compile.js')))
    throw new Error('dist is not built; node .ci/setup.mjs builds it.');
  const built = (path: string): string => new URL(`dist/src/${path}`, root).href;
  const { compile }: typeof import('../src/compile.ts') = await import(built('compile.js'));
  const { loadModel }: typeof import('../src/load-model.ts') = await import(built('load-model.js'));
  const { instantiate }: typeof import('../src/instantiate.ts') = await import(built('instantiate.js'));
  const { loadData }: typeof import('../src/data/spec.ts') = await import(built('data/spec.js'));
  const { createTrainer }: typeof import('../src/runtime/index.ts') = await import(built('runtime/index.js'));
  const { bindSplit }: typeof import('../src/bind.ts') = await import(built('bind.js'));
  return { compile, loadModel, instantiate, loadData, createTrainer, bindSplit };
}

type Compiler = Awaited<ReturnType<typeof compiler>>;

async function measure(): Promise<readonly Figure[]> {
  const parts = await compiler();
  const network = 'examples/03-neural-network/model.ts';
  // Loads the printer of TypeScript, which is a matter of the disk.
  const { code } = await compileFile(parts, 'bench/moons.ts', 'f32');
  if (code.length === 0) throw new Error('the compiler gives no code.');
  const small = await timeCompile(parts, 'compile 03-neural-network', network, 15, 150);
  const large = await timeCompile(parts, 'compile a chain of 10,000 ops', 'bench/chain.ts', 5, 2_000);
  const steps: Figure[] = [];
  for (const dtype of ['f32', 'f64'] as const) {
    steps.push(
      await timeSteps(parts, 'examples/digits/model.ts', dtype, { batch: 64, steps: 10 }),
      await timeSteps(parts, 'bench/moons.ts', dtype, { batch: 32, steps: 2_000 }),
    );
  }
  const emitted = (await compileFile(parts, network, 'f32')).code;
  return [
    small,
    large,
    ...steps,
    size('03-neural-network trainer', Buffer.byteLength(emitted)),
    size('03-neural-network trainer, gzip', gzipSync(emitted, { level: 9 }).length),
  ];
}

async function compileFile({ compile, loadModel }: Compiler, model: string, dtype: 'f32' | 'f64') {
  const readSource = (file: string): string => readFileSync(file, 'utf8');
  return compile(await loadModel(pathOf(model)), { dtype, readSource });
}

/** From the model to the text; the model is loaded before. */
async function timeCompile(
  { compile, loadModel }: Compiler,
  name: string,
  path: string,
  repetitions: number,
  budget: number,
): Promise<Figure> {
  const model = await loadModel(pathOf(path));
  const readSource = (file: string): string => readFileSync(file, 'utf8');
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const begin = performance.now();
    await compile(model, { readSource });
    times.push(performance.now() - begin);
  }
  return { ...figure(name, times), budget };
}

const repetitions = 15;

/** Milliseconds per step of the emitted module alone, without the training loop around it. */
async function timeSteps(
  parts: Compiler,
  path: string,
  dtype: 'f32' | 'f64',
  { batch, steps }: { readonly batch: number; readonly steps: number },
): Promise<Figure> {
  const { code, layout } = await compileFile(parts, path, dtype);
  const dataset = await parts.loadData(
    `${layout.inputs[0]?.shape[1] === 784 ? 'digits' : 'moons'}?count=${batch}`,
    {
      dtype,
    },
  );
  const module = await parts.instantiate(code);
  const columns = parts.bindSplit(layout, dataset, dataset.train);
  const program = module.create();
  // The values that a training starts with: arithmetic on zeros can be faster or slower.
  const { state } = parts.createTrainer(module, { seed: 1 });
  for (const [name, values] of Object.entries(program.state)) values.set(state[name] ?? []);
  let t = 0;
  let loss = 0;
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) loss = program.step(columns, batch, t++, 1).loss ?? Number.NaN;
  };
  run(2 * steps);
  const times = Array.from({ length: repetitions }, () => {
    const begin = performance.now();
    run(steps);
    return (performance.now() - begin) / steps;
  });
  const name = `step of ${layout.model}, batch ${batch}, ${dtype}`;
  return figure(name, Number.isFinite(loss) ? times : [Number.NaN]);
}

function figure(name: string, times: readonly number[]): Figure {
  const sorted = [...times].sort((a, b) => a - b);
  const { length } = sorted;
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  const median = (at(Math.floor((length - 1) / 2)) + at(Math.floor(length / 2))) / 2;
  return { name, unit: 'ms', median, min: at(0), max: at(length - 1) };
}

const size = (name: string, bytes: number): Figure => ({
  name,
  unit: 'bytes',
  median: bytes,
  min: bytes,
  max: bytes,
});

function table(figures: readonly Figure[]): readonly string[] {
  const header = ['', 'median', 'min', 'max', 'budget'];
  const rows = figures.map(({ name, unit, median, min, max, budget }) => [
    `${name} (${unit})`,
    ...[median, min, max].map((x) => shown(x, unit)),
    budget === undefined ? '' : shown(budget, unit),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  return [header, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

const shown = (x: number, unit: Figure['unit']): string => (unit === 'bytes' ? `${x}` : x.toPrecision(3));

function failuresOf({ name, median, min, max, budget }: Figure): readonly string[] {
  if (![median, min, max].every((x) => Number.isFinite(x) && x > 0)) return [`${name}: there is no figure.`];
  if (budget === undefined || min <= tolerance * budget) return [];
  return [`${name}: ${shown(min, 'ms')} ms is more than ${tolerance} times the budget of ${budget} ms.`];
}
