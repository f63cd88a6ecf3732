/** An emitted trainer with the runtime beside it, alone in a folder: under strict flags, and without new memory. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { repository } from '../cli/run.ts';
import { node, standalone } from './children.ts';

const model = 'examples/digits/model.ts';

/** Sixty-four images of a pattern that differs between the classes. */
const columns = (): { x: Float32Array; y: Int32Array } => ({
  x: Float32Array.from({ length: 64 * 784 }, (_, i) => ((i * (1 + (Math.floor(i / 784) % 10))) % 17) / 17),
  y: Int32Array.from({ length: 64 }, (_, i) => i % 10),
});

const start = `
import { createTrainer } from './runtime/index.js';
import * as module from './trainer.js';
const columns = ${columns.toString()};
`;

/** The losses of five steps, after which everything else that the runtime offers is used once. */
const strictProgram = `${start}
const refused = [() => new Function('return 1')(), () => ({}).__proto__].map((use) => {
  try {
    use();
    return 'allowed';
  } catch (error) {
    return error.name;
  }
});
const data = columns();
const trainer = createTrainer(module, { seed: 1 });
const losses = [];
for await (const { loss } of trainer.fit(data, { steps: 4, batch: 64 })) losses.push(loss);
losses.push(trainer.step(data).loss);
const again = createTrainer(module);
again.load(trainer.save());
const same = again.evaluate(data).loss === trainer.evaluate(data).loss;
const predicted = trainer.predict({ x: data.x }).probabilities.length;
console.log(JSON.stringify({ refused, losses, same, predicted }));
`;

it('trains where code from strings and __proto__ are refused, to the same losses', async () => {
  const folder = await standalone(model, strictProgram);
  const flags = ['--disallow-code-generation-from-strings', '--disable-proto=throw'];
  const result = JSON.parse(await node([join(folder, 'main.js')], { flags, cwd: folder }));

  const { code } = await compile(await loadModel(join(repository, model)));
  const trainer = createTrainer(await instantiate(code), { seed: 1 });
  const losses: number[] = [];
  for await (const { loss } of trainer.fit(columns(), { steps: 4, batch: 64 })) losses.push(loss);
  losses.push(trainer.step(columns()).loss ?? Number.NaN);
  expect(result).toEqual({ refused: ['EvalError', 'Error'], losses, same: true, predicted: 640 });
});

/** Counts the arrays that are made, from before the modules are loaded. */
const memoryProgram = `
let made = 0;
for (const name of ['ArrayBuffer', 'Float32Array', 'Float64Array', 'Int32Array', 'Uint32Array', 'Uint8Array']) {
  globalThis[name] = new Proxy(globalThis[name], {
    construct(target, values) {
      made++;
      return Reflect.construct(target, values);
    },
  });
}
const { createTrainer } = await import('./runtime/index.js');
const module = await import('./trainer.js');
const columns = ${columns.toString()};
const data = columns();
const steps = 1000;
const observe = async (run) => {
  gc();
  gc();
  const before = { made, ...process.memoryUsage() };
  await run();
  const after = { made, ...process.memoryUsage() };
  gc();
  gc();
  const settled = process.memoryUsage();
  return {
    made: after.made - before.made,
    arrayBuffers: after.arrayBuffers - before.arrayBuffers,
    heap: settled.heapUsed - before.heapUsed,
  };
};

const created = made;
const program = module.create();
const madeByCreate = made - created;
let t = 0;
const step = () => program.step(data, 16, t++, 1);
for (let i = 0; i < 50; i++) step();
const plain = await observe(() => {
  while (t < 50 + steps) step();
});

// A training has a fixed order and its stage; the steps after the first add nothing to them.
const trainer = createTrainer(module, { seed: 1 });
const run = trainer.fit(data, { steps: steps + 50, batch: 16, shuffle: true });
let last;
for (let i = 0; i < 50; i++) last = await run.next();
const fitted = await observe(async () => {
  for (let i = 0; i < steps; i++) last = await run.next();
});
console.log(JSON.stringify({ madeByCreate, plain, fitted, steps: t, last: last.value.step }));
`;

it('makes no array and holds no more memory in 1,000 steps', async () => {
  const folder = await standalone(model, memoryProgram);
  const output = await node([join(folder, 'main.js')], { flags: ['--expose-gc'], cwd: folder });
  const { madeByCreate, plain, fitted, steps, last } = JSON.parse(output);
  expect({ steps, last }).toEqual({ steps: 1050, last: 1050 });
  // The counter sees the emitted module: its views are made once.
  expect(madeByCreate).toBeGreaterThan(5);
  expect(plain).toMatchObject({ made: 0, arrayBuffers: 0 });
  expect(fitted).toMatchObject({ made: 0, arrayBuffers: 0 });
  expect(plain.heap).toBeLessThan(2 ** 20);
  expect(fitted.heap).toBeLessThan(2 ** 20);
}, 180_000);
