/** Hosts that lack something: the same bits in another way, or an error that says what is missing, and checkpoints stay whole. */

import { expect, it, onTestFinished, vi } from 'vitest';
import { openFolder } from '../../src/checkpoint/folder.ts';
import { compile } from '../../src/compile.ts';
import { accuracy, adam, dense, dropout, model, relu, softmaxCrossEntropy } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { fitWithCheckpoints } from '../../src/runtime/checkpoint/fit.ts';
import { createTrainer, type TrainerModule } from '../../src/runtime/index.ts';
import { memoryDisk } from '../checkpoint/memory-disk.ts';
import { folderOn, machineOf } from '../checkpoint/support.ts';

const net = model(
  'net',
  (m) => {
    const x = m.input('x', ['batch', 6]);
    const y = m.label('y', { classes: 3 });
    const logits = dense(dropout(relu(dense(x, 16)), { keep: 0.9 }), 3);
    return { loss: softmaxCrossEntropy(logits, y), metrics: { accuracy: accuracy(logits, y) } };
  },
  { batch: 8, optimizer: adam({ learningRate: 0.01 }) },
);

const data = {
  x: Float32Array.from({ length: 120 }, (_, i) => Math.sin(i * i)),
  y: Int32Array.from({ length: 20 }, (_, i) => i % 3),
};

async function trained(module: TrainerModule): Promise<Uint8Array> {
  const trainer = createTrainer(module, { seed: 1 });
  for await (const _ of trainer.fit(data, { steps: 10 }));
  return trainer.save();
}

/** A host that has everything of WebAssembly but what is given. */
function withWebAssembly(changes: object): void {
  const usual: object = Reflect.get(globalThis, 'WebAssembly');
  vi.stubGlobal('WebAssembly', Object.assign(Object.create(usual), changes));
  onTestFinished(() => void vi.unstubAllGlobals());
}

it('case 48: without WebAssembly SIMD the target auto is TypeScript, with the same bits', async () => {
  const usual = await compile(net, { target: 'auto' });
  expect(usual.target).toBe('wasm');
  const expected = await trained(await instantiate(usual.code));
  withWebAssembly({ validate: () => false });
  const other = await compile(net, { target: 'auto' });
  expect(other.target).toBe('ts');
  expect(other.because).toBe('this host has no WebAssembly SIMD');
  expect(await trained(await instantiate(other.code))).toEqual(expected);
});

it('case 48: a trainer in WebAssembly on a host without SIMD says so, and what to do', async () => {
  const module = await instantiate((await compile(net, { target: 'wasm' })).code);
  withWebAssembly({ validate: () => false });
  expect(() => createTrainer(module)).toThrow(
    'This host has no WebAssembly SIMD. Compile the model with --target ts.',
  );
});

it('case 48: where memory is refused, its size is told, the checkpoint stays whole, and TypeScript goes on from it', async () => {
  const { files } = memoryDisk();
  const first = openFolder('/ck', machineOf(files));
  const wasm = await instantiate((await compile(net, { target: 'wasm' })).code);
  const fit = { steps: 10 };
  for await (const { step } of fitWithCheckpoints(createTrainer(wasm, { seed: 1 }), data, fit, {
    store: first,
  }))
    if (step === 4) break;
  await first.close();
  withWebAssembly({
    Memory: function Memory(): never {
      throw new RangeError('could not allocate memory');
    },
  });
  expect(() => createTrainer(wasm, { seed: 1 })).toThrow(
    /refuses the \d+ pages of 64 KiB .* smaller batches/,
  );
  const plain = await instantiate((await compile(net)).code);
  const trainer = createTrainer(plain, { seed: 1 });
  for await (const _ of fitWithCheckpoints(trainer, data, {}, { store: folderOn(files), resume: true }));
  expect(trainer.save()).toEqual(await trained(plain));
});
