/** Threads change the time that a step takes, and not a bit of what it gives. */

import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { emitWasmModule, type WasmOptions } from '../../codegen/wasm/module.ts';
import { compile, dense, gradientDescent, model, relu, softmaxCrossEntropy } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer, type TrainerModule } from '../../src/runtime/index.ts';
import { type ThreadedModule, type Threads, withThreads } from '../../src/runtime/threads/index.ts';
import { publishCounts } from '../counts.ts';
import { samples } from '../graphs/run.ts';
import { seed } from '../properties/seed.ts';
import { asTypeScript, asWasm, bitsOf, optimized, planned, trained } from './training.ts';

const models = 40;
const steps = 100;
/** As fine as can be, so that small models are shared as well. */
const grain = { work: 1, rows: 1, tiles: 2 };
const cut = { cacheBytes: 0, tileRows: 2 };
const options: WasmOptions = { threads: 3, grain };

async function threaded(code: string, threads: number): Promise<ThreadedModule & Threads> {
  const module = await withThreads(await instantiate(code), threads);
  onTestFinished(() => module.close());
  return module;
}

describe('threads', () => {
  it(`of ${models} random models give the bits of one thread`, { timeout: 600_000 }, async () => {
    let shared = 0;
    for (const sample of fc.sample(samples, { numRuns: models, seed })) {
      const program = optimized(sample);
      const wanted = trained(sample, program, (await instantiate(asTypeScript(program))).create(), steps);
      for (const code of [asWasm(program, undefined, options), asWasm(program, cut, options)]) {
        for (const threads of [1, 2, 3]) {
          const module = await threaded(code, threads);
          const running = module.create();
          await module.ready();
          expect(trained(sample, program, running, steps), `${threads} threads`).toBe(wanted);
          await module.close();
        }
      }
      const { sharing } = emitWasmModule(planned(program, { tiles: true, cut }), options);
      if (sharing?.startsWith('each makes')) shared++;
    }
    publishCounts('threads', { models, 'with tiles of their own': shared });
    expect(shared).toBeGreaterThan(0);
  });

  it('train a network alike, with batches of any size', async () => {
    const { code, sharing } = await compile(network(2000), { target: 'wasm', threads: 4 });
    expect(sharing).toMatch(/^each makes some of the \d+ tiles/);
    const trainedOn = (module: TrainerModule): string => {
      const trainer = createTrainer(module, { seed: 1 });
      for (const count of [1, 2, 3, 47, 48, 49, 255, 256, 257, 511, 1999, 2000]) trainer.step(records(count));
      const { x, y } = records(2000);
      return (
        bitsOf(trainer.state) + bitsOf(trainer.predict({ x })) + JSON.stringify(trainer.evaluate({ x, y }))
      );
    };
    const wanted = trainedOn(await instantiate((await compile(network(2000))).code));
    for (const threads of [1, 2, 3, 4]) {
      const module = await threaded(code, threads);
      expect(trainedOn(module), `${threads} threads`).toBe(wanted);
    }
  });

  it('do what there is to do while the one that began sleeps', async () => {
    const { code } = await compile(network(64), { target: 'wasm', threads: 2 });
    // Here `join` takes no part.
    const idle = code.replace(
      'run.join;',
      '() => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);',
    );
    expect(idle).not.toBe(code);
    const afterOne = async (module: TrainerModule, ready?: () => Promise<void>): Promise<string> => {
      const trainer = createTrainer(module, { seed: 1 });
      await ready?.();
      trainer.step(records(64));
      return bitsOf(trainer.state);
    };
    const wanted = await afterOne(await instantiate(code));
    const module = await threaded(idle, 2);
    expect(await afterOne(module, module.ready)).toBe(wanted);
  });
});

const network = (batch: number) =>
  model(
    'network',
    (m) => {
      const hidden = relu(dense(m.input('x', ['batch', 40]), 64));
      return { loss: softmaxCrossEntropy(dense(hidden, 5), m.label('y', { classes: 5 })) };
    },
    { batch, optimizer: gradientDescent({ learningRate: 0.1 }) },
  );

const records = (count: number) => ({
  x: Float32Array.from({ length: count * 40 }, (_, i) => Math.sin(i * i)),
  y: Int32Array.from({ length: count }, (_, i) => i % 5),
});

const tiny = model(
  'tiny',
  (m) => ({ loss: softmaxCrossEntropy(dense(m.input('x', ['batch', 3]), 2), m.label('y', { classes: 2 })) }),
  { batch: 8, optimizer: gradientDescent({ learningRate: 0.1 }) },
);

describe('where threads cannot be had', () => {
  const compiled = async (threads?: number): Promise<TrainerModule> => {
    return instantiate((await compile(tiny, { target: 'wasm', ...(threads ? { threads } : {}) })).code);
  };

  it('a trainer for one thread is refused, with what to do', async () => {
    await expect(withThreads(await compiled(), 2)).rejects.toMatchObject({
      code: 'train/option',
      message: 'The trainer has room for one thread, not for 2.',
      help: 'Compile the model with --target wasm --threads N.',
    });
  });

  it.each([0, 1.5, 4, Number.NaN])('%s threads of 3 are refused', async (threads) => {
    await expect(withThreads(await compiled(3), threads)).rejects.toMatchObject({ code: 'train/option' });
  });

  it('one thread does all, and a note says why', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const module = await withThreads(await compiled(3));
    expect(module).toMatchObject({ threads: 1, note: expect.stringMatching(/Cross-Origin-Opener-Policy/) });
  });

  it('the compiler refuses threads for TypeScript and numbers that are none', async () => {
    await expect(compile(tiny, { threads: 2 })).rejects.toMatchObject({
      diagnostic: { code: 'model/option' },
    });
    await expect(compile(tiny, { target: 'wasm', threads: 0 })).rejects.toThrow(/threads/);
  });
});

describe('the memory of a program', () => {
  const large = model(
    'large',
    (m) => ({
      loss: softmaxCrossEntropy(dense(m.input('x', ['batch', 1000]), 2), m.label('y', { classes: 2 })),
    }),
    { batch: 2_000_000, optimizer: gradientDescent({ learningRate: 0.1 }) },
  );

  it('has room for a tile where the columns of a batch are too large', async () => {
    const { code } = await compile(large, { target: 'wasm' });
    expect(Number(/export const pages = (\d+);/.exec(code)?.[1])).toBeLessThan(100);
    expect(code).not.toContain('const columns');
  });

  it('is refused where threads need more of it than WebAssembly has', async () => {
    await expect(compile(large, { target: 'wasm', threads: 2 })).rejects.toThrow(
      /option batch: expected one that fits 4 GiB of WebAssembly, got one that takes \d+ pages/,
    );
  });
});

describe('a host', () => {
  const code = async (): Promise<string> => {
    return (await compile(tiny, { target: 'wasm' })).code;
  };

  it('without SIMD is told to compile for TypeScript', async () => {
    const module = await instantiate(await code());
    vi.stubGlobal('WebAssembly', { ...withMemory(), validate: () => false });
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(() => module.create()).toThrow(
      'This host has no WebAssembly SIMD. Compile the model with --target ts.',
    );
  });

  it('that refuses memory is told how much is needed', async () => {
    const module = await instantiate(await code());
    vi.stubGlobal('WebAssembly', {
      Memory: function Memory(): never {
        throw new RangeError('could not allocate memory');
      },
    });
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(() => module.create()).toThrow(/refuses the \d+ pages of 64 KiB .* smaller batches/);
  });
});

const withMemory = () => ({
  Memory: function Memory(): { buffer: ArrayBuffer } {
    return { buffer: new ArrayBuffer(2 ** 17) };
  },
});
