/** What the tests of ONNX share: trainers whose every number matters, their export, and data to hold them against others. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportOnnx } from '../../codegen/onnx/export.ts';
import { type CompileOptions, compile } from '../../src/compile.ts';
import type { Model } from '../../src/dsl/model.ts';
import { instantiate } from '../../src/instantiate.ts';
import { rowSize, zeros } from '../../src/runtime/dtypes.ts';
import type { InputLayout, TypedArray } from '../../src/runtime/module.ts';
import { createTrainer } from '../../src/runtime/trainer.ts';
import { createRandom, type Random } from '../fuzz/random.ts';
import { repository } from '../golden/modules.ts';
import type { Columns } from './peers.ts';

/** The models of all examples, as paths from the root. */
export const exampleModels: readonly string[] = readdirSync(join(repository, 'examples'), {
  recursive: true,
  encoding: 'utf8',
})
  .map((path) => `examples/${path.replaceAll('\\', '/')}`)
  .filter((path) => /[/.]model\.ts$/.test(path) && !path.includes('node_modules'))
  .sort();

const fraction = (random: Random): number => (random.below(2 ** 20) / 2 ** 20) * 2 - 1;

/** A trainer that no two numbers of are the same, as after a training. */
export async function exported(model: Model, options: CompileOptions = {}) {
  const { code, graph, layout } = await compile(model, {
    readSource: (file) => readFileSync(file, 'utf8'),
    ...options,
  });
  const trainer = createTrainer(await instantiate(code), { seed: 3 });
  const random = createRandom(5);
  trainer.fitStatistics(flat(dataFor(layout.inputs, 200)));
  for (const { name, role, init } of layout.state) {
    const values = trainer.state[name];
    if (values === undefined || role === 'slot' || init.kind === 'fitted') continue;
    const isStatistic = role === 'statistic';
    // Above 0, for variances.
    for (let i = 0; i < values.length; i++)
      values[i] = isStatistic ? 1.5 + fraction(random) : (values[i] ?? 0) + 0.1 * fraction(random);
  }
  const bytes = exportOnnx(graph, {
    weights: trainer.state,
    version: '0',
    ...(layout.fingerprint === undefined ? {} : { fingerprint: layout.fingerprint }),
  });
  return { trainer, layout, bytes };
}

/** Numbers from -1 to 1 for each input. */
export function dataFor(inputs: readonly InputLayout[], count: number): Columns {
  const random = createRandom(11, count);
  return Object.fromEntries(
    inputs
      .filter(({ role }) => role === 'input')
      .map(({ name, dtype, shape }) => {
        const data = zeros(dtype, count * rowSize(shape)).map(() => fraction(random));
        return [name, { data, shape: shape.map((dim) => (dim === 'batch' ? count : dim)) }];
      }),
  );
}

export const flat = (columns: Columns): Readonly<Record<string, TypedArray>> =>
  Object.fromEntries(Object.entries(columns).map(([name, { data }]) => [name, data]));

/** The largest difference, relative to the size of what is expected where that is above 1. */
export function furthest(found: ArrayLike<number | bigint>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const [x, y] = [Number(found[i]), expected[i] ?? Number.NaN];
    const distance = Object.is(x, y) || x === y ? 0 : Math.abs(x - y) / Math.max(1, Math.abs(y));
    if (!(distance <= most)) most = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
  }
  return most;
}
