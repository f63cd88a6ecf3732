/** Every contender that runs in Node, by the name of its adapter. */

import type { CaseData } from './data.ts';
import type { Spec } from './protocol.ts';

export interface Contender {
  readonly version: string;
  /** Back to the initial weights and to the first step. */
  readonly reset: () => void | Promise<void>;
  /** Forward, backward, update. */
  readonly step: () => void;
  /** The loss of the last step, once it is known for certain that the step is done. */
  readonly loss: () => number | Promise<number>;
  readonly close?: () => void | Promise<void>;
  /** Of one step, for what trains no network. */
  readonly flops?: number;
}

/** The data are read when they are asked for. */
export type Setup = (spec: Spec, data: () => CaseData) => Promise<Contender>;

/** Loaded when it is needed: each process holds one contender and nothing of the others. */
const ours =
  (name: keyof typeof import('./adapters/ours.ts')): Setup =>
  async (spec, data) =>
    (await import('./adapters/ours.ts'))[name](spec, data);

export const setups: Readonly<Record<string, Setup>> = {
  ts: ours('ts'),
  wasm: ours('wasm'),
  'wasm relaxed': ours('wasmRelaxed'),
  'wasm trainer': ours('wasmTrainer'),
  'tfjs cpu': async (spec, data) => (await import('./adapters/tfjs.ts')).tfjsCpu(spec, data),
  'tfjs wasm': async (spec, data) => (await import('./adapters/tfjs.ts')).tfjsWasm(spec, data),
  'jax-js': async (spec, data) => (await import('./adapters/jax-js.ts')).jaxJs(spec, data),
  ConvNetJS: async (spec, data) => (await import('./adapters/convnetjs.ts')).convNetJs(spec, data),
  'wasm peak': async () => (await import('./adapters/wasm-peak.ts')).wasmPeak(false),
  'wasm relaxed peak': async () => (await import('./adapters/wasm-peak.ts')).wasmPeak(true),
};
