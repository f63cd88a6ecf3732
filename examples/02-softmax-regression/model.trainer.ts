/**
 * softmax-regression: a training step, compiled by chainrule. Change the model, not this file.
 *
 * f32 arithmetic, 1 to 150 samples (n), 9 equations, an arena of 6112 bytes.
 * Read it in the order of computation; step, evaluate and predict at the end put the parts together.
 */

/** What the trainer holds, for `chainrule/runtime` and for files. */
export const layout = {
  model: 'softmax-regression', dtype: 'f32', maxBatch: 150,
  arenaBytes: 6112, fingerprint: '5f8f00df5cd7178e',
  inputs: [
    { name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 4] },
    { name: 'y', role: 'label', dtype: 'i32', shape: ['batch'], classes: 3 },
  ],
  state: [
    { name: 'w', role: 'parameter', dtype: 'f32', shape: [4, 3], init: { kind: 'constant', value: 0 } },
    { name: 'b', role: 'parameter', dtype: 'f32', shape: [3], init: { kind: 'constant', value: 0 } },
  ],
  outputs: [{ name: 'probabilities', dtype: 'f32', shape: ['batch', 3] }],
  metrics: ['loss', 'learningRate', 'accuracy'],
  evaluation: ['loss', 'accuracy'],
} as const;
/** One array per column, row-major, at least as many rows as samples are given. */
export type Batch = { readonly x: Float32Array; readonly y: Int32Array };
export type Metrics = { loss: number; learningRate: number; accuracy: number };
export type Evaluation = { loss: number; accuracy: number };
export type Outputs = { readonly probabilities: Float32Array };
/** Rounds to float32. */
const f32 = Math.fround;
const word = new Int32Array(1), single = new Float32Array(word.buffer);
const floatOf = (x: number): number => ((word[0] = x), single[0]); // the float32 with these bits
const bitsOf = (x: number): number => ((single[0] = x), word[0]); // the bits of a float32
const learningRate = f32(0.1);
/** Views into one buffer and the functions over them; nothing is allocated after this. */
export function create(arena: ArrayBuffer = new ArrayBuffer(layout.arenaBytes)) {
  // state
  const w = new Float32Array(arena, 0, 12); // [4, 3]
  const b = new Float32Array(arena, 48, 3); // [3]
  // values on the way; some share memory because they are never needed at once
  const z = new Float32Array(arena, 64, 450); // [batch, 3]
  const pDifference = new Float32Array(arena, 64, 450); // [batch, 3]
  const pExponential = new Float32Array(arena, 1872, 450); // [batch, 3]
  const pSum = new Float32Array(arena, 3680, 150); // [batch]
  const p = new Float32Array(arena, 1872, 450); // [batch, 3]
  const loss = new Float32Array(arena, 4288, 1); // []
  const accuracy = new Float32Array(arena, 64, 1); // []
  const dZ = new Float32Array(arena, 4304, 450); // [batch, 3]
  const dW = new Float32Array(arena, 80, 12); // [4, 3]
  const dB = new Float32Array(arena, 128, 3); // [3]

  function forward(n: number, x: Float32Array): void {
    // z = x @ w + b  : f32[batch, 3]  (model.ts:13)
    for (let i = 0; i < n; i++) {
      z.fill(0, i * 3, i * 3 + 3);
      for (let k = 0; k < 4; k++) for (let j = 0; j < 3; j++) z[i * 3 + j] += f32(x[i * 4 + k] * w[k * 3 + j]);
      for (let j = 0; j < 3; j++) z[i * 3 + j] += b[j];
    }
    // pDifference = z - max[1](z)  : f32[batch, 3]
    // pExponential = exp(pDifference)  : f32[batch, 3]
    // pSum = sum[1](pExponential)  : f32[batch]
    // p = pExponential / pSum  : f32[batch, 3]  (model.ts:15)
    for (let i = 0; i < n; i++) {
      let max = -Infinity;
      for (let j = 0; j < 3; j++) max = Math.max(max, z[i * 3 + j]);
      for (let j = 0; j < 3; j++) pDifference[i * 3 + j] = z[i * 3 + j] - max;
      for (let j = 0; j < 3; j++) pExponential[i * 3 + j] = exp(pDifference[i * 3 + j]);
      let sum = 0;
      for (let j = 0; j < 3; j++) sum = f32(sum + pExponential[i * 3 + j]);
      pSum[i] = sum;
      for (let j = 0; j < 3; j++) p[i * 3 + j] = pExponential[i * 3 + j] / pSum[i];
    }
  }

  function measure(n: number, y: Int32Array): void {
    // loss = -(sum[0](sum[1](select(onehot(y), pDifference - ln(pSum), 0))) / m)  : f32[]  (model.ts:17)
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const row = log(pSum[i]);
      let sum2 = 0;
      for (let j = 0; j < 3; j++) sum2 = f32(sum2 + (y[i] === j ? f32(pDifference[i * 3 + j] - row) : 0));
      sum = f32(sum + sum2);
    }
    loss[0] = -f32(sum / n);
    // accuracy = sum[0](argmax[1](p) == y) / m  : f32[]  (model.ts:18)
    let sum2 = 0;
    for (let i = 0; i < n; i++) {
      let largest = -Infinity, best = 0;
      for (let j = 0; j < 3; j++) {
        const candidate = p[i * 3 + j];
        if (largest < candidate) {
          largest = candidate;
          best = j;
        }
      }
      sum2 = f32(sum2 + (best === y[i] ? 1 : 0));
    }
    accuracy[0] = sum2 / n;
  }

  function backward(n: number, x: Float32Array, y: Int32Array): void {
    // dZ = (p - onehot(y)) / m  : f32[batch, 3]
    //   by the rule of logSumExp in  loss = -(sum[0](sum[1](onehot(y) * (z - logsumexp[1](z)))) / m)  (model.ts:15)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 3; j++) dZ[i * 3 + j] = f32(p[i * 3 + j] - (y[i] === j ? 1 : 0)) / n;
    }
    // dW = x^T @ dZ  : f32[4, 3]  by the rule of matmul in  z = x @ w + b  (model.ts:13)
    dW.fill(0);
    for (let k = 0; k < n - (n % 4); k += 4) for (let i = 0; i < 4; i++) {
      const p2 = x[k * 4 + i], p3 = x[(k + 1) * 4 + i], p4 = x[(k + 2) * 4 + i], p5 = x[(k + 3) * 4 + i];
      for (let j = 0; j < 3; j++) {
        const u1 = f32(f32(f32(dW[i * 3 + j] + f32(p2 * dZ[k * 3 + j])) + f32(p3 * dZ[(k + 1) * 3 + j])) + f32(p4 * dZ[(k + 2) * 3 + j]));
        dW[i * 3 + j] = u1 + f32(p5 * dZ[(k + 3) * 3 + j]);
      }
    }
    for (let k = n - (n % 4); k < n; k++) {
      for (let i = 0; i < 4; i++) for (let j = 0; j < 3; j++) dW[i * 3 + j] += f32(x[k * 4 + i] * dZ[k * 3 + j]);
    }
    // dB = sum[0](dZ)  : f32[3]  by the rule of broadcast in  z = x @ w + b  (model.ts:13)
    dB.fill(0);
    for (let j = 0; j < n; j++) for (let i = 0; i < 3; i++) dB[i] += dZ[j * 3 + i];
  }

  function update(): void {
    // w = w - learningRate * dW  : f32[4, 3]
    for (let i = 0; i < 12; i++) w[i] = w[i] - f32(learningRate * dW[i]);
    // b = b - learningRate * dB  : f32[3]
    for (let i = 0; i < 3; i++) b[i] = b[i] - f32(learningRate * dB[i]);
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
    return { probabilities: p };
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
