/**
 * logistic-regression: a training step, compiled by chainrule. Change the model, not this file.
 *
 * f32 arithmetic, 1 to 1000 samples (n), 9 equations, an arena of 12048 bytes.
 * Read it in the order of computation; step, evaluate and predict at the end put the parts together.
 */

/** What the trainer holds, for `chainrule/runtime` and for files. */
export const layout = {
  model: 'logistic-regression', dtype: 'f32', maxBatch: 1000,
  arenaBytes: 12048, fingerprint: '07f67f6d1e2e129d',
  inputs: [{ name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 2] }, { name: 'y', role: 'label', dtype: 'f32', shape: ['batch', 1] }],
  state: [
    { name: 'w', role: 'parameter', dtype: 'f32', shape: [2, 1], init: { kind: 'constant', value: 0 } },
    { name: 'b', role: 'parameter', dtype: 'f32', shape: [1], init: { kind: 'constant', value: 0 } },
  ],
  outputs: [{ name: 'probability', dtype: 'f32', shape: ['batch', 1] }],
  metrics: ['loss', 'learningRate', 'accuracy'],
  evaluation: ['loss', 'accuracy'],
} as const;
/** One array per column, row-major, at least as many rows as samples are given. */
export type Batch = { readonly x: Float32Array; readonly y: Float32Array };
export type Metrics = { loss: number; learningRate: number; accuracy: number };
export type Evaluation = { loss: number; accuracy: number };
export type Outputs = { readonly probability: Float32Array };
/** Rounds to float32. */
const f32 = Math.fround;
const word = new Int32Array(1), single = new Float32Array(word.buffer);
const floatOf = (x: number): number => ((word[0] = x), single[0]); // the float32 with these bits
const bitsOf = (x: number): number => ((single[0] = x), word[0]); // the bits of a float32
const learningRate = f32(0.1);
/** Views into one buffer and the functions over them; nothing is allocated after this. */
export function create(arena: ArrayBuffer = new ArrayBuffer(layout.arenaBytes)) {
  // state
  const w = new Float32Array(arena, 0, 2); // [2, 1]
  const b = new Float32Array(arena, 16, 1); // [1]
  // values on the way; some share memory because they are never needed at once
  const z = new Float32Array(arena, 32, 1000); // [batch, 1]
  const p = new Float32Array(arena, 4032, 1000); // [batch, 1]
  const loss = new Float32Array(arena, 8032, 1); // []
  const accuracy = new Float32Array(arena, 32, 1); // []
  const dZQuotient = new Float32Array(arena, 48, 1); // []
  const dZ = new Float32Array(arena, 8048, 1000); // [batch, 1]
  const dW = new Float32Array(arena, 48, 2); // [2, 1]
  const dB = new Float32Array(arena, 64, 1); // [1]

  function forward(n: number, x: Float32Array): void {
    // z = x @ w + b  : f32[batch, 1]  (model.ts:14)
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < 2; k++) sum = f32(sum + f32(x[i * 2 + k] * w[k]));
      z[i] = sum + b[0];
    }
    // p = sigmoid(z)  : f32[batch, 1]  (model.ts:15)
    for (let i = 0; i < n; i++) p[i] = sigmoid(z[i]);
  }

  function measure(n: number, y: Float32Array): void {
    // loss = sum[0](softplus(z) - y * z) / m  : f32[]  (model.ts:21)
    let sum = 0;
    for (let i = 0; i < n; i++) sum = f32(sum + f32(softplus(z[i]) - f32(y[i] * z[i])));
    loss[0] = sum / n;
    // accuracy = sum[0](0.5 < p == y) / m  : f32[]  (model.ts:22)
    let sum2 = 0;
    for (let i = 0; i < n; i++) sum2 = f32(sum2 + ((0.5 < p[i] ? 1 : 0) === y[i] ? 1 : 0));
    accuracy[0] = sum2 / n;
  }

  function backward(n: number, x: Float32Array, y: Float32Array): void {
    // dZQuotient = 1 / m  : f32[]
    // dZ = dZQuotient * (p - y)  : f32[batch, 1]
    //   by the rule of softplus in  loss = sum[0](softplus(z) - y * z) / m  (model.ts:19)
    dZQuotient[0] = 1 / n;
    for (let i = 0; i < n; i++) dZ[i] = dZQuotient[0] * f32(p[i] - y[i]);
    // dW = x^T @ dZ  : f32[2, 1]  by the rule of matmul in  z = x @ w + b  (model.ts:14)
    for (let i = 0; i < 2; i++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum = f32(sum + f32(x[k * 2 + i] * dZ[k]));
      dW[i] = sum;
    }
    // dB = sum[0](dZ)  : f32[1]  by the rule of broadcast in  z = x @ w + b  (model.ts:14)
    let sum = 0;
    for (let j = 0; j < n; j++) sum = f32(sum + dZ[j]);
    dB[0] = sum;
  }

  function update(): void {
    // w = w - learningRate * dW  : f32[2, 1]
    for (let i = 0; i < 2; i++) w[i] = w[i] - f32(learningRate * dW[i]);
    // b = b - learningRate * dB  : f32[1]
    b[0] = b[0] - f32(learningRate * dB[0]);
  }

  const state = { w, b };
  const metrics: Metrics = { loss: 0, learningRate: 0, accuracy: 0 };
  const evaluation: Evaluation = { loss: 0, accuracy: 0 };

  /** One step of training on n samples; t counts the steps from 0. The metrics are those before the update. */
  function step(batch: Batch, n: number): Metrics {
    const { x, y } = batch;
    forward(n, x);
    measure(n, y);
    backward(n, x, y);
    update();
    metrics.loss = loss[0];
    metrics.learningRate = learningRate;
    metrics.accuracy = accuracy[0];
    return metrics;
  }

  /** Loss and metrics of n samples as the model stands. */
  function evaluate(batch: Batch, n: number): Evaluation {
    const { x, y } = batch;
    forward(n, x);
    measure(n, y);
    evaluation.loss = loss[0];
    evaluation.accuracy = accuracy[0];
    return evaluation;
  }

  /** Outputs for n samples: the first n rows of each array. */
  function predict(batch: Pick<Batch, 'x'>, n: number): Outputs {
    const { x } = batch;
    forward(n, x);
    return { probability: p };
  }

  return { state, step, evaluate, predict };
}

/** e^x, at most 1 unit in the last place off: e^x = 2^k e^r with |r| <= ln(2) / 2. */
function exp(x: number): number {
  const v1 = Math.min(Math.max(x, -104), 89);
  const v2 = Math.floor(f32(f32(v1 * f32(1.4426950408889634)) + 0.5));
  const v3 = f32(f32(v1 - f32(v2 * 0.693359375)) - f32(v2 * f32(-0.00021219444)));
  const v4 = Math.floor(f32(v2 * 0.5));
  const v5 = f32(f32(f32(f32(f32(0.001395047682) * v3) + f32(0.008368882434)) * v3) + f32(0.041666206014));
  const v6 = f32(f32(v3 * v3) * f32(f32(f32(f32(v5 * v3) + f32(0.166665188967)) * v3) + f32(0.500000009512)));
  return f32(f32(f32(f32(v6 + v3) + 1) * floatOf((((v4 | 0) + 127) | 0) << 23)) * floatOf((((f32(v2 - v4) | 0) + 127) | 0) << 23));
}

/** 1 / (1 + e^-x). */
function sigmoid(x: number): number {
  const v1 = exp(-Math.abs(x));
  return f32((x < 0 ? v1 : 1) / f32(1 + v1));
}

/** Natural logarithm, at most 1 unit in the last place off: ln x = e ln 2 + ln(1 + f). */
function log(x: number): number {
  const v1 = x < 1.1754943508222875e-38;
  const v2 = bitsOf(v1 ? f32(x * 8388608) : x);
  const v3 = ((v2 - 1060439283) | 0) >> 23;
  const v4 = f32(floatOf((v2 - (v3 << 23)) | 0) - 1);
  const v5 = f32(f32(v4 * v4) * 0.5);
  const v6 = f32(v4 / f32(v4 + 2));
  const v7 = f32(v6 * v6);
  const v8 = f32(f32(v3) - (v1 ? 23 : 0));
  const v9 = f32(f32(f32(f32(f32(0.235821542434) * v7) + f32(0.285373083632)) * v7) + f32(0.400003351943));
  const v10 = f32(f32(v6 * f32(v5 + f32(v7 * f32(f32(v9 * v7) + f32(0.666666656454))))) + f32(v8 * f32(-0.00021219444)));
  const v11 = x === 0 ? -Infinity : x === Infinity ? x : f32(f32(v4 - f32(v5 - v10)) + f32(v8 * 0.693359375));
  return 0 <= x ? v11 : Number.NaN;
}

/** ln(1 + e^x), without overflow. */
function softplus(x: number): number {
  const v1 = exp(-Math.abs(x));
  const v2 = f32(1 + v1);
  return f32(Math.max(x, 0) + (v2 === 1 ? v1 : f32(f32(log(v2) * v1) / f32(v2 - 1))));
}
