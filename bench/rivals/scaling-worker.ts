/** Measures how the time of a step, its memory and the time of compiling grow, and prints what it finds. */

import type { TrainerModule } from '../../src/runtime/module.ts';
import { flopsOf } from './cases.ts';
import { chainOf, networkOf, timeCompiling } from './compile-times.ts';
import { type Compiler, compiler, type Target } from './compiler.ts';
import { medianOf } from './numbers.ts';
import { mark } from './protocol.ts';
import type { Finding, Point } from './scaling.ts';

const tell = (finding: Finding): void => console.log(`${mark}${JSON.stringify(finding)}`);

interface Network {
  readonly along: Point['along'];
  readonly size: number;
  readonly layers: readonly number[];
  readonly batch: number;
}

const batches = [1, 10, 100, 1_000, 6_000, 60_000];
const widths = [16, 32, 64, 128, 256, 512];
const depths = [1, 2, 4, 8, 16];

const networks: readonly Network[] = [
  ...batches.map((batch): Network => ({ along: 'batch', size: batch, layers: [784, 32, 10], batch })),
  ...widths.map((width): Network => ({ along: 'width', size: width, layers: [784, width, 10], batch: 128 })),
  ...depths.map((depth): Network => {
    return { along: 'depth', size: depth, layers: [128, ...Array(depth).fill(128), 10], batch: 128 };
  }),
];

const chains = [10, 100, 1_000, 10_000];
/** The smallest network there is a goal for: that of the seed. */
const twoLayers = { layers: [784, 32, 10], batch: 6_000 } as const;

export async function work([speed]: readonly string[]): Promise<void> {
  const isQuick = speed === 'quick';
  const parts = await compiler();
  for (const target of ['ts', 'wasm'] as const) {
    try {
      const repetitions = isQuick ? 3 : 7;
      const network = networkOf(parts, twoLayers);
      const ms = medianOf(await timeCompiling(parts, network, target, repetitions));
      tell({ kind: 'compile', time: { what: 'two layers', ops: null, target, ms } });
      for (const ops of chains) {
        const times = await timeCompiling(parts, chainOf(parts, ops), target, repetitions);
        tell({ kind: 'compile', time: { what: 'chain', ops, target, ms: medianOf(times) } });
      }
      for (const network of networks)
        tell({ kind: 'point', point: await measure(parts, network, target, isQuick) });
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      tell({ kind: 'missing', reason: `${target}: ${reason}` });
    }
  }
}

async function measure(parts: Compiler, network: Network, target: Target, isQuick: boolean): Promise<Point> {
  const { along, size, batch } = network;
  const { code, layout } = await parts.compile(networkOf(parts, network), { target });
  const module = await parts.instantiate(code);
  const point = { along, size, target, arena_bytes: layout.arenaBytes, memory_bytes: memoryOf(module) };
  // A step of 60,000 samples takes seconds: in a hurry, its memory has to do.
  if (isQuick && batch > 10_000) return { ...point, ms: null, gflops: null };
  const ms = await timeSteps(parts, module, network, isQuick ? 0.1 : 0.3);
  return { ...point, ms, gflops: flopsOf(network) / ms / 1e6 };
}

/** The median over single steps, or over as many as the clock can tell apart. */
async function timeSteps(
  parts: Compiler,
  module: TrainerModule,
  { layers, batch }: Network,
  seconds: number,
): Promise<number> {
  const { state } = parts.runtime.createTrainer(module, { seed: 1 });
  const program = module.create();
  for (const [name, values] of Object.entries(program.state)) values.set(state[name] ?? []);
  const x = Float32Array.from({ length: batch * (layers[0] ?? 1) }, (_, i) => ((i * 7) % 64) / 32 - 1);
  const y = Int32Array.from({ length: batch }, (_, i) => i % 10);
  let t = 0;
  const time = (count: number): number => {
    const begin = performance.now();
    for (let i = 0; i < count; i++) program.step({ x, y }, batch, t++, 1);
    return (performance.now() - begin) / count;
  };
  // Engines translate what runs often a second time; what takes seconds has been translated within its first step.
  let last = 0;
  for (let warmed = 0; warmed < 2500 * seconds; warmed += last) last = time(1);
  const count = Math.max(1, Math.ceil(1 / last));
  const times: number[] = [];
  const begin = performance.now();
  const spent = (): number => (performance.now() - begin) / 1000;
  // Three at least, so that one that was disturbed is not the median; but nobody waits for three of several seconds.
  do times.push(time(count));
  while (spent() < seconds || (times.length < 3 && spent() < 2));
  return medianOf(times);
}

/** All the memory that a program takes: WebAssembly counts in pages, and copies the rows of a batch, or of a tile, into them. */
const memoryOf = (module: TrainerModule): number =>
  'pages' in module && typeof module.pages === 'number' ? module.pages * 65_536 : module.layout.arenaBytes;
