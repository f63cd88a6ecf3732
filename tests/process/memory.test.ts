/** A training takes its memory at the start: 1,000 steps make no array and leave the heap as it is. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { transpile } from '../../codegen/ts/transpile.ts';
import { type CompileOptions, compile } from '../../src/compile.ts';
import {
  adam,
  batchNorm,
  clipByNorm,
  dense,
  dropout,
  gradientDescent,
  halvingOnPlateau,
  type Model,
  meanSquaredError,
  model,
  nesterov,
  relu,
  softmaxCrossEntropy,
  tanh,
} from '../../src/index.ts';
import { type Built, build } from './built.ts';
import { node } from './children.ts';

const classifier = model(
  'classifier',
  (m) => {
    const hidden = dropout(relu(batchNorm(dense(m.input('x', ['batch', 6]), 16, { bias: false }))), {
      keep: 0.8,
    });
    return { loss: softmaxCrossEntropy(dense(hidden, 3), m.label('y', { classes: 3 })) };
  },
  { batch: 8, optimizer: clipByNorm(adam({ learningRate: 0.01 }), 1) },
);

const regression = model(
  'regression',
  (m) => {
    const out = dense(tanh(dense(m.input('x', ['batch', 6]), 8)), 1);
    return {
      loss: meanSquaredError(out, m.label('y', ['batch', 1])),
      metrics: { size: out.square().mean() },
    };
  },
  {
    batch: 8,
    optimizer: nesterov({ learningRate: halvingOnPlateau({ initial: 0.01, patience: 50 }) }),
  },
);

const linear = model(
  'linear',
  (m) => ({ loss: meanSquaredError(dense(m.input('x', ['batch', 6]), 1), m.label('y', ['batch', 1])) }),
  { batch: 8, optimizer: gradientDescent({ learningRate: 0.01 }) },
);

/** Counts every buffer that is made, by whatever constructor, from before the modules are loaded. */
const program = (built: Built, file: string): string => `
let made = 0;
for (const name of ['ArrayBuffer', 'SharedArrayBuffer', 'Float32Array', 'Float64Array', 'Int32Array', 'Uint32Array', 'Uint8Array', 'DataView']) {
  globalThis[name] = new Proxy(globalThis[name], {
    construct(target, values, proxy) { made++; return Reflect.construct(target, values, target); },
  });
}
const { createTrainer } = await import(${built.url('src/runtime/index.ts')});
const module = await import('./${file}');
const steps = 1000;
const count = 37;
const f = module.layout.dtype === 'f32' ? Float32Array : Float64Array;
const x = f.from({ length: 6 * count }, (_, i) => Math.sin(i * i));
const y = module.layout.inputs[1].dtype === 'i32' ? Int32Array.from({ length: count }, (_, i) => i % 3) : f.from({ length: count }, (_, i) => i % 3);
const observe = async (run) => {
  await run(200);
  gc(); gc();
  const before = { made, ...process.memoryUsage() };
  await run(steps);
  const after = { made, ...process.memoryUsage() };
  gc(); gc();
  return {
    made: after.made - before.made,
    arrayBuffers: after.arrayBuffers - before.arrayBuffers,
    heap: process.memoryUsage().heapUsed - before.heapUsed,
  };
};
const program = module.create();
let t = 0;
const batch = { x: x.subarray(0, 48), y: y.subarray(0, 8) };
const step = await observe((n) => { for (let i = 0; i < n; i++) program.step(batch, 8, t++, 1); });
const fit = async (options) => {
  const trainer = createTrainer(module, { seed: 1 });
  const run = trainer.fit({ x, y }, { steps: 1200, batch: 8, ...options })[Symbol.asyncIterator]();
  return observe(async (n) => { for (let i = 0; i < n; i++) await run.next(); });
};
const created = made;
module.create();
console.log(JSON.stringify({
  step, shuffled: await fit({}), ordered: await fit({ shuffle: false }), unguarded: await fit({ onNonFinite: 'continue' }),
  seen: made > created && t === 1200,
}));
`;

let built: Built;
beforeAll(() => {
  built = build();
}, 60_000);
afterAll(() => built.remove());

const models: readonly (readonly [string, Model, CompileOptions])[] = [
  ['a classifier with dropout, batch normalization, clipping and Adam', classifier, {}],
  ['a regression with a look-ahead and a rate that follows the loss', regression, { dtype: 'f64' }],
  ['a line', linear, {}],
  ['the classifier in WebAssembly', classifier, { target: 'wasm' }],
  ['the line in WebAssembly for threads', linear, { target: 'wasm', threads: 2 }],
];

it.each(models)(
  '1,000 steps of %s make no array, in the step and in fit, and grow the heap by less than 1 MB',
  async (_, declared, options) => {
    built.program('trainer.js', transpile((await compile(declared, options)).code));
    const main = built.program('main.js', program(built, 'trainer.js'));
    const { seen, ...found } = JSON.parse(await node([main], { flags: ['--expose-gc'] }));
    expect(seen).toBe(true);
    expect(Object.keys(found)).toEqual(['step', 'shuffled', 'ordered', 'unguarded']);
    for (const [way, { made, arrayBuffers, heap }] of Object.entries<Readonly<Record<string, number>>>(
      found,
    )) {
      expect({ way, arrayBuffers }).toEqual({ way, arrayBuffers: 0 });
      expect({ way, made }).toEqual({ way, made: 0 });
      expect(heap, way).toBeLessThan(2 ** 20);
    }
  },
);
