/**
 * Every example of the chapters, stopped in the middle of an epoch and gone on with in WebAssembly, by threads, has the bits of the one that
 * never stopped in TypeScript.
 */

import { expect, it } from 'vitest';
import { instantiate } from '../../src/instantiate.ts';
import { fitWithCheckpoints } from '../../src/runtime/checkpoint/fit.ts';
import {
  type Batch,
  createTrainer,
  type FitOptions,
  type TrainerModule,
  uniform01,
} from '../../src/runtime/index.ts';
import { withThreads } from '../../src/runtime/threads/index.ts';
import { publishCounts } from '../counts.ts';
import { compileExample, examples } from '../golden/modules.ts';
import { seed } from '../properties/seed.ts';
import { memoryDisk } from './memory-disk.ts';
import { folderOn } from './support.ts';

const records = 20;

/** Random inputs of the shapes of the model, and classes in turn. */
function columnsFor({ layout: { inputs } }: TrainerModule): Batch {
  const columns = inputs.map(({ name, shape, classes }, stream) => {
    const length = records * shape.slice(1).reduce<number>((size, dim) => size * Number(dim), 1);
    const values = Float32Array.from({ length }, (_, i) => uniform01(seed, stream, 0, i));
    return [name, classes === undefined ? values : Int32Array.from(values, (_, i) => i % classes)] as const;
  });
  return Object.fromEntries(columns);
}

/** 3 batches in an epoch, the last one partial. */
const fit: FitOptions = { batch: 8, steps: 5 };
const stop = 2;

async function whole(module: TrainerModule): Promise<Uint8Array> {
  const trainer = createTrainer(module, { seed: 3 });
  for await (const _ of trainer.fit(columnsFor(module), fit));
  return trainer.save();
}

async function inTwo(first: TrainerModule, second: TrainerModule): Promise<Uint8Array> {
  const { files } = memoryDisk();
  const before = folderOn(files);
  const begun = createTrainer(first, { seed: 3 });
  for await (const { step } of fitWithCheckpoints(begun, columnsFor(first), fit, { store: before }))
    if (step === stop) break;
  await before.close();
  const trainer = createTrainer(second, { seed: 3 });
  const options = { store: folderOn(files), resume: true };
  let steps = 0;
  for await (const _ of fitWithCheckpoints(trainer, columnsFor(second), {}, options)) steps++;
  expect(steps).toBe(5 - stop);
  return trainer.save();
}

it.each(examples)('%s', async (example) => {
  const [ts, wasm] = await Promise.all([
    compileExample(example),
    compileExample(example, { target: 'wasm' }),
  ]);
  const [plain, compact] = await Promise.all([instantiate(ts.code), instantiate(wasm.code)]);
  const expected = await whole(plain);
  expect(await inTwo(plain, compact)).toEqual(expected);
});

/** Of each kind of state that a training can have. */
const kinds = [
  '03-neural-network/model',
  '07-regularization/dropout',
  '09-optimization/adam',
  '10-normalization/batch-norm',
];

it.each(kinds)('%s, gone on with by two threads and by one', async (example) => {
  const plain = await instantiate((await compileExample(example)).code);
  const { code } = await compileExample(example, { target: 'wasm', threads: 2 });
  const helped = await withThreads(await instantiate(code), 2);
  try {
    const expected = await whole(plain);
    expect(await inTwo(plain, helped)).toEqual(expected);
    expect(await inTwo(helped, plain)).toEqual(expected);
  } finally {
    await helped.close();
  }
});

it('are all of them', () => {
  publishCounts('resumed examples', { examples: examples.length });
  expect(examples.length).toBeGreaterThan(50);
});
