/** A hand-written trainer module: linear regression with squared error, momentum and a decaying rate. */

import type { InitSpec, Layout, Program, StateLayout, TrainerModule } from '../../src/runtime/index.ts';

export interface LinearBatch {
  readonly x: Float32Array;
  readonly y: Float32Array;
}
export interface LinearMetrics {
  readonly loss: number;
  readonly learningRate: number;
  readonly error: number;
}
export interface LinearEvaluation {
  readonly loss: number;
  readonly error: number;
}
export interface LinearOutputs {
  readonly prediction: Float32Array;
}
type LinearModule = TrainerModule<LinearBatch, LinearMetrics, LinearEvaluation, LinearOutputs>;

const zero: InitSpec = { kind: 'constant', value: 0 };

function state(dtype: 'f32' | 'f64'): readonly StateLayout[] {
  return [
    { name: 'w', role: 'parameter', dtype, shape: [2], init: { kind: 'normal', mean: 0, std: 0.5 } },
    { name: 'b', role: 'parameter', dtype, shape: [], init: { kind: 'uniform', low: -1, high: 1 } },
    { name: 'w.velocity', role: 'slot', dtype, shape: [2], init: zero },
    { name: 'b.velocity', role: 'slot', dtype, shape: [], init: zero },
  ];
}

export function linearLayout(dtype: 'f32' | 'f64' = 'f32', maxBatch = 4): Layout {
  return {
    model: 'linear',
    dtype,
    maxBatch,
    arenaBytes: 6 * 8,
    inputs: [
      { name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 2] },
      { name: 'y', role: 'label', dtype: 'f32', shape: ['batch'] },
    ],
    state: state(dtype),
    outputs: [{ name: 'prediction', dtype: 'f32', shape: ['batch'] }],
    metrics: ['loss', 'learningRate', 'error'],
    evaluation: ['loss', 'error'],
  };
}

const at = (array: { readonly [i: number]: number }, i: number) => array[i] ?? Number.NaN;

/** `onStep` sees the arguments of every step. */
export function linear(
  layout: Layout = linearLayout(),
  onStep: (batch: LinearBatch, count: number, t: number, seed: number) => void = () => {},
): LinearModule {
  return { layout, create: () => createProgram(layout, onStep) };
}

function createProgram(
  layout: Layout,
  onStep: (batch: LinearBatch, count: number, t: number, seed: number) => void,
): Program<LinearBatch, LinearMetrics, LinearEvaluation, LinearOutputs> {
  const array = (length: number) =>
    layout.dtype === 'f32' ? new Float32Array(length) : new Float64Array(length);
  const [w, b, vw, vb] = [array(2), array(1), array(2), array(1)];
  const prediction = new Float32Array(layout.maxBatch);
  // As an emitted program does: one object, overwritten by every call.
  const metrics = { loss: 0, learningRate: 0, error: 0 };
  const predictRow = (x: Float32Array, row: number) =>
    at(w, 0) * at(x, 2 * row) + at(w, 1) * at(x, 2 * row + 1) + at(b, 0);

  function measure({ x, y }: LinearBatch, count: number): void {
    metrics.loss = 0;
    metrics.error = 0;
    for (let row = 0; row < count; row++) {
      const off = predictRow(x, row) - at(y, row);
      metrics.loss += (off * off) / count;
      metrics.error += Math.abs(off) / count;
    }
  }
  return {
    state: { w, b, 'w.velocity': vw, 'b.velocity': vb },
    step(batch, count, t, seed) {
      onStep(batch, count, t, seed);
      measure(batch, count);
      metrics.learningRate = 0.1 / (1 + 0.01 * t);
      const gradient = [0, 0, 0];
      for (let row = 0; row < count; row++) {
        const off = (2 * (predictRow(batch.x, row) - at(batch.y, row))) / count;
        gradient[0] = at(gradient, 0) + off * at(batch.x, 2 * row);
        gradient[1] = at(gradient, 1) + off * at(batch.x, 2 * row + 1);
        gradient[2] = at(gradient, 2) + off;
      }
      for (let i = 0; i < 3; i++) {
        const [values, velocity, j] = i < 2 ? [w, vw, i] : [b, vb, 0];
        velocity[j] = 0.5 * at(velocity, j) + at(gradient, i);
        values[j] = at(values, j) - metrics.learningRate * at(velocity, j);
      }
      return metrics;
    },
    evaluate(batch, count) {
      measure(batch, count);
      return metrics;
    },
    predict(batch, count) {
      for (let row = 0; row < count; row++) prediction[row] = predictRow(batch.x, row);
      return { prediction };
    },
  };
}

/** `count` records of y = 2·x₀ − x₁ + 0.5. */
export function lineData(count: number): { readonly x: Float32Array; readonly y: Float32Array } {
  const x = Float32Array.from({ length: 2 * count }, (_, i) => ((i * 37) % 21) / 10 - 1);
  const y = Float32Array.from({ length: count }, (_, i) => 2 * at(x, 2 * i) - at(x, 2 * i + 1) + 0.5);
  return { x, y };
}
