/** Small networks that meet every kind of edge: WebAssembly has the bits of TypeScript after some steps. */

import { describe, expect, it } from 'vitest';
import type { WasmOptions } from '../../codegen/wasm/module.ts';
import type { Program } from '../../ir/program.ts';
import type { Abilities } from '../../passes/schedule.ts';
import type { Model } from '../../src/dsl/model.ts';
import { trace } from '../../src/dsl/trace.ts';
import {
  adam,
  dense,
  dropout,
  gelu,
  gradientDescent,
  model,
  relu,
  softmaxCrossEntropy,
  tanh,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { graphPasses } from '../../src/pipeline.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { asTypeScript, asWasm, bitsOf } from './training.ts';

const batch = 11;

/** 13 inputs, 19 hidden units, 3 classes: two tiles of columns and a part of one, and nothing is a multiple of four. */
const network = (activation: typeof relu, masked = false): Model =>
  model(
    'network',
    (m) => {
      const x = m.input('x', ['batch', 13]);
      const hidden = activation(dense(x, 19));
      const logits = dense(masked ? dropout(hidden, { keep: 0.5 }) : hidden, 3);
      return { loss: softmaxCrossEntropy(logits, m.label('y', { classes: 3 })) };
    },
    { batch, optimizer: masked ? adam({ learningRate: 0.01 }) : gradientDescent({ learningRate: 0.1 }) },
  );

const programOf = (declared: Model): Program =>
  graphPasses.reduce((program, pass) => pass.run(program), trace(declared, { float: 'f32' }).program);

/** All state, and the predictions' loss, after steps on batches of several sizes. */
async function trained(code: string): Promise<string> {
  const trainer = createTrainer(await instantiate(code), { seed: 2 });
  const records = (count: number) => ({
    x: Float32Array.from({ length: count * 13 }, (_, i) => Math.sin(i * i)),
    y: Int32Array.from({ length: count }, (_, i) => i % 3),
  });
  for (const count of [11, 1, 4, 5, 8, 10]) trainer.step(records(count));
  return `${bitsOf(trainer.state)}\n${JSON.stringify(trainer.evaluate(records(11)))}`;
}

async function expectSameBits(declared: Model, cut?: Abilities['cut'], options?: WasmOptions): Promise<void> {
  const program = programOf(declared);
  expect(await trained(asWasm(program, cut, options))).toBe(await trained(asTypeScript(program)));
}

const tilesOf = (tileRows: number): Abilities['cut'] => ({ cacheBytes: 0, tileRows });
const shared = (tiles: number): WasmOptions => ({ threads: 2, grain: { work: 1, rows: 1, tiles } });

describe('WebAssembly has the bits of TypeScript', () => {
  it('for products with rows, columns and terms left over', () => expectSameBits(network(relu)));
  it('for functions in lanes', () => expectSameBits(network(tanh)));
  it('for functions of functions in lanes', () => expectSameBits(network(gelu)));
  it('in tiles of four samples and a last one of three', () => expectSameBits(network(relu), tilesOf(4)));
  it('in tiles of one sample', () => expectSameBits(network(tanh), tilesOf(1)));
  it('for random masks in tiles', () => expectSameBits(network(relu, true), tilesOf(4)));
  it('in parts of loops', () => expectSameBits(network(relu, true), undefined, shared(2)));
  it('in parts of loops of each tile', () => expectSameBits(network(relu), tilesOf(4), shared(100)));
  it('in tiles that threads share', () => expectSameBits(network(relu, true), tilesOf(2), shared(2)));
});
