/**
 * gelu-tanh: a training step, compiled by chainrule. Change the model, not this file.
 *
 * f32 arithmetic, 1 to 6000 samples (n), 17 equations, an arena of 5453824 bytes.
 * Read it in the order of computation; step, evaluate and predict at the end put the parts together.
 */

/** What the trainer holds, for `chainrule/runtime` and for files. */
export const layout = {
  model: 'gelu-tanh', dtype: 'f32', maxBatch: 6000, arenaBytes: 5453824,
  fingerprint: '8a814257abda2888',
  inputs: [
    { name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 784] },
    { name: 'y', role: 'label', dtype: 'i32', shape: ['batch'], classes: 10 },
  ],
  state: [
    { name: 'w1', role: 'parameter', dtype: 'f32', shape: [784, 32], init: { kind: 'normal', mean: 0, std: 0.050507627227610534 } },
    { name: 'b1', role: 'parameter', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 0 } },
    { name: 'w2', role: 'parameter', dtype: 'f32', shape: [32, 10], init: { kind: 'normal', mean: 0, std: 0.25 } },
    { name: 'b2', role: 'parameter', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 0 } },
  ],
  outputs: [{ name: 'probabilities', dtype: 'f32', shape: ['batch', 10] }],
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
  const w1 = new Float32Array(arena, 0, 25088); // [784, 32]
  const b1 = new Float32Array(arena, 100352, 32); // [32]
  const w2 = new Float32Array(arena, 100480, 320); // [32, 10]
  const b2 = new Float32Array(arena, 101760, 10); // [10]
  // values on the way; some share memory because they are never needed at once
  const z1 = new Float32Array(arena, 101808, 192000); // [batch, 32]
  const a1Product = new Float32Array(arena, 869808, 192000); // [batch, 32]
  const a1Product2 = new Float32Array(arena, 1637808, 192000); // [batch, 32]
  const a1Tanh = new Float32Array(arena, 2405808, 192000); // [batch, 32]
  const a1Total = new Float32Array(arena, 3173808, 192000); // [batch, 32]
  const a1 = new Float32Array(arena, 3941808, 192000); // [batch, 32]
  const z2 = new Float32Array(arena, 4709808, 60000); // [batch, 10]
  const difference = new Float32Array(arena, 4949808, 60000); // [batch, 10]
  const exponential = new Float32Array(arena, 5189808, 60000); // [batch, 10]
  const sum = new Float32Array(arena, 5429808, 6000); // [batch]
  const loss = new Float32Array(arena, 5453808, 1); // []
  const accuracy = new Float32Array(arena, 4949808, 1); // []
  const probabilities = new Float32Array(arena, 5189808, 60000); // [batch, 10]
  const dZ2 = new Float32Array(arena, 4709808, 60000); // [batch, 10]
  const dW2 = new Float32Array(arena, 4949824, 320); // [32, 10]
  const dB2 = new Float32Array(arena, 3941808, 10); // [10]
  const dZ1 = new Float32Array(arena, 2405808, 192000); // [batch, 32]
  const dW1 = new Float32Array(arena, 101808, 25088); // [784, 32]
  const dB1 = new Float32Array(arena, 202160, 32); // [32]

  function forward(n: number, x: Float32Array): void {
    // z1 = x @ w1 + b1  : f32[batch, 32]  (gelu-tanh.model.ts:11)
    for (let i = 0; i < n; i++) {
      z1.fill(0, i * 32, i * 32 + 32);
      for (let k = 0; k < 784; k += 4) {
        const p = x[i * 784 + k], p2 = x[i * 784 + k + 1], p3 = x[i * 784 + k + 2], p4 = x[i * 784 + k + 3];
        for (let j = 0; j < 32; j++) {
          const u1 = f32(f32(f32(z1[i * 32 + j] + f32(p * w1[k * 32 + j])) + f32(p2 * w1[(k + 1) * 32 + j])) + f32(p3 * w1[(k + 2) * 32 + j]));
          z1[i * 32 + j] = u1 + f32(p4 * w1[(k + 3) * 32 + j]);
        }
      }
      for (let j = 0; j < 32; j++) z1[i * 32 + j] += b1[j];
    }
    // a1Product = z1 * 0.5  : f32[batch, 32]
    // a1Product2 = z1 * z1  : f32[batch, 32]
    // a1Tanh = tanh((z1 + a1Product2 * z1 * 0.044715) * 0.7978845608028654)  : f32[batch, 32]
    // a1Total = a1Tanh + 1  : f32[batch, 32]
    // a1 = a1Product * a1Total  : f32[batch, 32]  (gelu-tanh.model.ts:12)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 32; j++) a1Product[i * 32 + j] = z1[i * 32 + j] * 0.5;
      for (let j = 0; j < 32; j++) a1Product2[i * 32 + j] = z1[i * 32 + j] * z1[i * 32 + j];
      for (let j = 0; j < 32; j++) {
        const u2 = f32(z1[i * 32 + j] + f32(f32(a1Product2[i * 32 + j] * z1[i * 32 + j]) * f32(0.044715)));
        a1Tanh[i * 32 + j] = tanh(f32(u2 * f32(0.7978845608028654)));
      }
      for (let j = 0; j < 32; j++) a1Total[i * 32 + j] = a1Tanh[i * 32 + j] + 1;
      for (let j = 0; j < 32; j++) a1[i * 32 + j] = a1Product[i * 32 + j] * a1Total[i * 32 + j];
    }
    // z2 = a1 @ w2 + b2  : f32[batch, 10]  (gelu-tanh.model.ts:13)
    for (let i = 0; i < n; i++) {
      z2.fill(0, i * 10, i * 10 + 10);
      for (let k = 0; k < 32; k += 4) {
        const p = a1[i * 32 + k], p2 = a1[i * 32 + k + 1], p3 = a1[i * 32 + k + 2], p4 = a1[i * 32 + k + 3];
        for (let j = 0; j < 10; j++) {
          const u3 = f32(f32(f32(z2[i * 10 + j] + f32(p * w2[k * 10 + j])) + f32(p2 * w2[(k + 1) * 10 + j])) + f32(p3 * w2[(k + 2) * 10 + j]));
          z2[i * 10 + j] = u3 + f32(p4 * w2[(k + 3) * 10 + j]);
        }
      }
      for (let j = 0; j < 10; j++) z2[i * 10 + j] += b2[j];
    }
    // difference = z2 - max[1](z2)  : f32[batch, 10]
    // exponential = exp(difference)  : f32[batch, 10]
    // sum = sum[1](exponential)  : f32[batch]  (gelu-tanh.model.ts:16)
    for (let i = 0; i < n; i++) {
      let max = -Infinity;
      for (let j = 0; j < 10; j++) max = Math.max(max, z2[i * 10 + j]);
      for (let j = 0; j < 10; j++) difference[i * 10 + j] = z2[i * 10 + j] - max;
      for (let j = 0; j < 10; j++) exponential[i * 10 + j] = exp(difference[i * 10 + j]);
      let sum2 = 0;
      for (let j = 0; j < 10; j++) sum2 = f32(sum2 + exponential[i * 10 + j]);
      sum[i] = sum2;
    }
  }

  function measure(n: number, y: Int32Array): void {
    // loss = -(sum[0](sum[1](select(onehot(y), difference - ln(sum), 0))) / m)  : f32[]  (gelu-tanh.model.ts:16)
    let sum2 = 0;
    for (let i = 0; i < n; i++) {
      const row = log(sum[i]);
      let sum3 = 0;
      for (let j = 0; j < 10; j++) sum3 = f32(sum3 + (y[i] === j ? f32(difference[i * 10 + j] - row) : 0));
      sum2 = f32(sum2 + sum3);
    }
    loss[0] = -f32(sum2 / n);
    // accuracy = sum[0](argmax[1](z2) == y) / m  : f32[]  (gelu-tanh.model.ts:17)
    let sum3 = 0;
    for (let i = 0; i < n; i++) {
      let largest = -Infinity, best = 0;
      for (let j = 0; j < 10; j++) {
        const candidate = z2[i * 10 + j];
        if (largest < candidate) {
          largest = candidate;
          best = j;
        }
      }
      sum3 = f32(sum3 + (best === y[i] ? 1 : 0));
    }
    accuracy[0] = sum3 / n;
  }

  function forward2(n: number): void {
    // probabilities = exponential / sum  : f32[batch, 10]  (gelu-tanh.model.ts:18)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) probabilities[i * 10 + j] = exponential[i * 10 + j] / sum[i];
    }
  }

  function backward(n: number, x: Float32Array, y: Int32Array): void {
    // dZ2 = (probabilities - onehot(y)) / m  : f32[batch, 10]
    //   by the rule of logSumExp in  loss = -(sum[0](sum[1](onehot(y) * (z2 - logsumexp[1](z2)))) / m)  (gelu-tanh.model.ts:16)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) dZ2[i * 10 + j] = f32(probabilities[i * 10 + j] - (y[i] === j ? 1 : 0)) / n;
    }
    // dW2 = a1^T @ dZ2  : f32[32, 10]  by the rule of matmul in  z2 = a1 @ w2 + b2  (gelu-tanh.model.ts:13)
    dW2.fill(0);
    for (let k = 0; k < n - (n % 4); k += 4) for (let i = 0; i < 32; i++) {
      const p = a1[k * 32 + i], p2 = a1[(k + 1) * 32 + i], p3 = a1[(k + 2) * 32 + i], p4 = a1[(k + 3) * 32 + i];
      for (let j = 0; j < 10; j++) {
        const u1 = f32(f32(dW2[i * 10 + j] + f32(p * dZ2[k * 10 + j])) + f32(p2 * dZ2[(k + 1) * 10 + j]));
        dW2[i * 10 + j] = f32(u1 + f32(p3 * dZ2[(k + 2) * 10 + j])) + f32(p4 * dZ2[(k + 3) * 10 + j]);
      }
    }
    for (let k = n - (n % 4); k < n; k++) for (let i = 0; i < 32; i++) {
      for (let j = 0; j < 10; j++) dW2[i * 10 + j] += f32(a1[k * 32 + i] * dZ2[k * 10 + j]);
    }
    // dB2 = sum[0](dZ2)  : f32[10]  by the rule of broadcast in  z2 = a1 @ w2 + b2  (gelu-tanh.model.ts:13)
    dB2.fill(0);
    for (let j = 0; j < n; j++) for (let i = 0; i < 10; i++) dB2[i] += dZ2[j * 10 + i];
    // dZ1 = dZ2 @ w2^T * a1Product * (1 - a1Tanh * a1Tanh) * 0.7978845608028654 + dZ2 @ ... * a1Product * (1 - a1Tanh * a1Tanh) *...  : f32[batch, 32]
    //   by the rule of mul in  a1 = z1 * 0.5 * (tanh((z1 + z1 * z1 * z1 * 0.044715) * 0.7978845608028654) + 1)  (gelu-tanh.model.ts:12)
    for (let i = 0; i < n; i++) for (let j = 0; j < 32; j++) {
      let sum2 = 0;
      for (let k = 0; k < 10; k++) sum2 = f32(sum2 + f32(dZ2[i * 10 + k] * w2[j * 10 + k]));
      const u2 = f32(f32(sum2 * a1Product[i * 32 + j]) * f32(1 - f32(a1Tanh[i * 32 + j] * a1Tanh[i * 32 + j])));
      const t2 = f32(u2 * f32(0.7978845608028654)), t3 = f32(t2 * f32(0.044715));
      const u3 = f32(f32(t2 + f32(t3 * a1Product2[i * 32 + j])) + f32(2 * f32(f32(t3 * z1[i * 32 + j]) * z1[i * 32 + j])));
      dZ1[i * 32 + j] = u3 + f32(f32(sum2 * a1Total[i * 32 + j]) * 0.5);
    }
    // dW1 = x^T @ dZ1  : f32[784, 32]  by the rule of matmul in  z1 = x @ w1 + b1  (gelu-tanh.model.ts:11)
    dW1.fill(0);
    for (let k = 0; k < n - (n % 4); k += 4) for (let i = 0; i < 784; i++) {
      const p = x[k * 784 + i], p2 = x[(k + 1) * 784 + i], p3 = x[(k + 2) * 784 + i], p4 = x[(k + 3) * 784 + i];
      for (let j = 0; j < 32; j++) {
        const u4 = f32(f32(dW1[i * 32 + j] + f32(p * dZ1[k * 32 + j])) + f32(p2 * dZ1[(k + 1) * 32 + j]));
        dW1[i * 32 + j] = f32(u4 + f32(p3 * dZ1[(k + 2) * 32 + j])) + f32(p4 * dZ1[(k + 3) * 32 + j]);
      }
    }
    for (let k = n - (n % 4); k < n; k++) for (let i = 0; i < 784; i++) {
      for (let j = 0; j < 32; j++) dW1[i * 32 + j] += f32(x[k * 784 + i] * dZ1[k * 32 + j]);
    }
    // dB1 = sum[0](dZ1)  : f32[32]  by the rule of broadcast in  z1 = x @ w1 + b1  (gelu-tanh.model.ts:11)
    dB1.fill(0);
    for (let j = 0; j < n; j++) for (let i = 0; i < 32; i++) dB1[i] += dZ1[j * 32 + i];
  }

  function update(): void {
    // w1 = w1 - learningRate * dW1  : f32[784, 32]
    for (let i = 0; i < 25088; i++) w1[i] = w1[i] - f32(learningRate * dW1[i]);
    // b1 = b1 - learningRate * dB1  : f32[32]
    for (let i = 0; i < 32; i++) b1[i] = b1[i] - f32(learningRate * dB1[i]);
    // w2 = w2 - learningRate * dW2  : f32[32, 10]
    for (let i = 0; i < 320; i++) w2[i] = w2[i] - f32(learningRate * dW2[i]);
    // b2 = b2 - learningRate * dB2  : f32[10]
    for (let i = 0; i < 10; i++) b2[i] = b2[i] - f32(learningRate * dB2[i]);
  }

  const state = { w1, b1, w2, b2 };
  const metrics: Metrics = { loss: 0, learningRate: 0, accuracy: 0 };
  const evaluation: Evaluation = { loss: 0, accuracy: 0 };

  /** One step of training on n samples; t counts the steps from 0. The metrics are those before the update. */
  function step(batch: Batch, n: number): Metrics {
    const { x, y } = batch;
    forward(n, x);
    measure(n, y);
    forward2(n);
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
    forward2(n);
    return { probabilities };
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

/** Hyperbolic tangent: an odd polynomial near 0, by way of e^2x elsewhere. */
function tanh(x: number): number {
  const v1 = Math.abs(x);
  const v2 = f32(x * x);
  const v3 = f32(1 - f32(2 / f32(exp(f32(v1 + v1)) + 1)));
  const v4 = f32(f32(f32(f32(f32(-0.00571703656) * v2) + f32(0.020650579003)) * v2) + f32(-0.053743495261));
  const v5 = f32(v2 * f32(f32(f32(f32(v4 * v2) + f32(0.133314912485)) * v2) + f32(-0.333332839236)));
  return v1 < 0.625 ? f32(x + f32(x * v5)) : x < 0 ? -v3 : v3;
}
