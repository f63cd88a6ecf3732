/**
 * batch-norm: a training step, compiled by chainrule. Change the model, not this file.
 *
 * f32 arithmetic, 1 to 6000 samples (n), 67 equations, an arena of 25362320 bytes.
 * Read it in the order of computation; step, evaluate and predict at the end put the parts together.
 */

/** What the trainer holds, for `chainrule/runtime` and for files. */
export const layout = {
  model: 'batch-norm', dtype: 'f32', maxBatch: 6000, arenaBytes: 25362320,
  fingerprint: '357254da7e16bf23',
  inputs: [
    { name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 784] },
    { name: 'y', role: 'label', dtype: 'i32', shape: ['batch'], classes: 10 },
  ],
  state: [
    { name: 'w1', role: 'parameter', dtype: 'f32', shape: [784, 32], init: { kind: 'normal', mean: 0, std: 0.050507627227610534 } },
    { name: 'g1', role: 'parameter', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 1 } },
    { name: 'b1', role: 'parameter', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 0 } },
    { name: 'mean1', role: 'statistic', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 0 } },
    { name: 'variance1', role: 'statistic', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 1 } },
    { name: 'w2', role: 'parameter', dtype: 'f32', shape: [32, 10], init: { kind: 'normal', mean: 0, std: 0.25 } },
    { name: 'g2', role: 'parameter', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 1 } },
    { name: 'b2', role: 'parameter', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 0 } },
    { name: 'mean2', role: 'statistic', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 0 } },
    { name: 'variance2', role: 'statistic', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 1 } },
    { name: 'w1.m', role: 'slot', dtype: 'f32', shape: [784, 32], init: { kind: 'constant', value: 0 } },
    { name: 'w1.v', role: 'slot', dtype: 'f32', shape: [784, 32], init: { kind: 'constant', value: 0 } },
    { name: 'g1.m', role: 'slot', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 0 } },
    { name: 'g1.v', role: 'slot', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 0 } },
    { name: 'b1.m', role: 'slot', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 0 } },
    { name: 'b1.v', role: 'slot', dtype: 'f32', shape: [32], init: { kind: 'constant', value: 0 } },
    { name: 'w2.m', role: 'slot', dtype: 'f32', shape: [32, 10], init: { kind: 'constant', value: 0 } },
    { name: 'w2.v', role: 'slot', dtype: 'f32', shape: [32, 10], init: { kind: 'constant', value: 0 } },
    { name: 'g2.m', role: 'slot', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 0 } },
    { name: 'g2.v', role: 'slot', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 0 } },
    { name: 'b2.m', role: 'slot', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 0 } },
    { name: 'b2.v', role: 'slot', dtype: 'f32', shape: [10], init: { kind: 'constant', value: 0 } },
  ],
  outputs: [{ name: 'probabilities', dtype: 'f32', shape: ['batch', 10] }],
  metrics: ['loss', 'learningRate', 'momentum', 'accuracy'],
  evaluation: ['loss', 'accuracy'],
} as const;
/** One array per column, row-major, at least as many rows as samples are given. */
export type Batch = { readonly x: Float32Array; readonly y: Int32Array };
export type Metrics = { loss: number; learningRate: number; momentum: number; accuracy: number };
export type Evaluation = { loss: number; accuracy: number };
export type Outputs = { readonly probabilities: Float32Array };
/** Rounds to float32. */
const f32 = Math.fround;
const word = new Int32Array(1), single = new Float32Array(word.buffer);
const floatOf = (x: number): number => ((word[0] = x), single[0]); // the float32 with these bits
const bitsOf = (x: number): number => ((single[0] = x), word[0]); // the bits of a float32
const momentum = f32(0.9);
const beta2 = f32(0.999);
const epsilon = f32(1e-8);
/** Views into one buffer and the functions over them; nothing is allocated after this. */
export function create(arena: ArrayBuffer = new ArrayBuffer(layout.arenaBytes)) {
  // state
  const w1 = new Float32Array(arena, 0, 25088); // [784, 32]
  const g1 = new Float32Array(arena, 100352, 32); // [32]
  const b1 = new Float32Array(arena, 100480, 32); // [32]
  const mean1 = new Float32Array(arena, 100608, 32); // [32]
  const variance1 = new Float32Array(arena, 100736, 32); // [32]
  const w2 = new Float32Array(arena, 100864, 320); // [32, 10]
  const g2 = new Float32Array(arena, 102144, 10); // [10]
  const b2 = new Float32Array(arena, 102192, 10); // [10]
  const mean2 = new Float32Array(arena, 102240, 10); // [10]
  const variance2 = new Float32Array(arena, 102288, 10); // [10]
  const w1_m = new Float32Array(arena, 102336, 25088); // [784, 32]
  const w1_v = new Float32Array(arena, 202688, 25088); // [784, 32]
  const g1_m = new Float32Array(arena, 303040, 32); // [32]
  const g1_v = new Float32Array(arena, 303168, 32); // [32]
  const b1_m = new Float32Array(arena, 303296, 32); // [32]
  const b1_v = new Float32Array(arena, 303424, 32); // [32]
  const w2_m = new Float32Array(arena, 303552, 320); // [32, 10]
  const w2_v = new Float32Array(arena, 304832, 320); // [32, 10]
  const g2_m = new Float32Array(arena, 306112, 10); // [10]
  const g2_v = new Float32Array(arena, 306160, 10); // [10]
  const b2_m = new Float32Array(arena, 306208, 10); // [10]
  const b2_v = new Float32Array(arena, 306256, 10); // [10]
  // values on the way; some share memory because they are never needed at once
  const keep = new Float32Array(arena, 306304, 1); // []
  const mask = new Uint8Array(arena, 306320, 4704000); // [batch, 784]
  const seen = new Float32Array(arena, 5010320, 4704000); // [batch, 784]
  const z1 = new Float32Array(arena, 306304, 192000); // [batch, 32]
  const batchMean1 = new Float32Array(arena, 1074304, 32); // [32]
  const centred1 = new Float32Array(arena, 306304, 192000); // [batch, 32]
  const batchVariance1 = new Float32Array(arena, 1074432, 32); // [32]
  const deviation1 = new Float32Array(arena, 1074560, 32); // [32]
  const normalized1 = new Float32Array(arena, 1074688, 192000); // [batch, 32]
  const scaled1 = new Float32Array(arena, 1842688, 192000); // [batch, 32]
  const a1 = new Float32Array(arena, 2610688, 192000); // [batch, 32]
  const z2 = new Float32Array(arena, 3378688, 60000); // [batch, 10]
  const batchMean2 = new Float32Array(arena, 3618688, 10); // [10]
  const centred2 = new Float32Array(arena, 3378688, 60000); // [batch, 10]
  const batchVariance2 = new Float32Array(arena, 3618736, 10); // [10]
  const deviation2 = new Float32Array(arena, 3618784, 10); // [10]
  const normalized2 = new Float32Array(arena, 3618832, 60000); // [batch, 10]
  const scaled2 = new Float32Array(arena, 3858832, 60000); // [batch, 10]
  const lossDifference = new Float32Array(arena, 4098832, 60000); // [batch, 10]
  const lossExponential = new Float32Array(arena, 4338832, 60000); // [batch, 10]
  const lossSum = new Float32Array(arena, 4578832, 6000); // [batch]
  const loss = new Float32Array(arena, 4602832, 1); // []
  const accuracy = new Float32Array(arena, 4098832, 1); // []
  const dScaled2 = new Float32Array(arena, 4338832, 60000); // [batch, 10]
  const dG2 = new Float32Array(arena, 3858832, 10); // [10]
  const dB2 = new Float32Array(arena, 3858880, 10); // [10]
  const dNormalized2 = new Float32Array(arena, 4338832, 60000); // [batch, 10]
  const dZ2Quotient = new Float32Array(arena, 4602848, 60000); // [batch, 10]
  const dZ2Quotient2 = new Float32Array(arena, 3858928, 10); // [10]
  const dZ2Product = new Float32Array(arena, 3378688, 60000); // [batch, 10]
  const dZ2Quotient3 = new Float32Array(arena, 3858976, 10); // [10]
  const dZ2 = new Float32Array(arena, 23826320, 60000); // [batch, 10]
  const dW2 = new Float32Array(arena, 3378688, 320); // [32, 10]
  const dScaled1 = new Float32Array(arena, 1842688, 192000); // [batch, 32]
  const dG1 = new Float32Array(arena, 2610688, 32); // [32]
  const dB1 = new Float32Array(arena, 2610816, 32); // [32]
  const dNormalized1 = new Float32Array(arena, 1842688, 192000); // [batch, 32]
  const dZ1Quotient = new Float32Array(arena, 23826320, 192000); // [batch, 32]
  const dZ1Quotient2 = new Float32Array(arena, 2610944, 32); // [32]
  const dZ1Product = new Float32Array(arena, 306304, 192000); // [batch, 32]
  const dZ1Quotient3 = new Float32Array(arena, 2611072, 32); // [32]
  const dZ1 = new Float32Array(arena, 24594320, 192000); // [batch, 32]
  const dW1 = new Float32Array(arena, 306304, 25088); // [784, 32]
  const count = new Float32Array(arena, 306304, 1); // []
  const learningRate = new Float32Array(arena, 306320, 1); // []
  const correction2 = new Float32Array(arena, 306336, 1); // []
  const correction1 = new Float32Array(arena, 306304, 1); // []
  const z1Inference = new Float32Array(arena, 306336, 192000); // [batch, 32]
  const z1InferenceSqrt = new Float32Array(arena, 1074336, 32); // [32]
  const z1Inference2 = new Float32Array(arena, 306336, 192000); // [batch, 32]
  const a1Inference = new Float32Array(arena, 306336, 192000); // [batch, 32]
  const z2Inference = new Float32Array(arena, 1074336, 60000); // [batch, 10]
  const z2InferenceSqrt = new Float32Array(arena, 306336, 10); // [10]
  const z2Inference2 = new Float32Array(arena, 1074336, 60000); // [batch, 10]
  const difference = new Float32Array(arena, 306336, 60000); // [batch, 10]
  const exponential = new Float32Array(arena, 546336, 60000); // [batch, 10]
  const sum = new Float32Array(arena, 786336, 6000); // [batch]
  const lossInference = new Float32Array(arena, 306304, 1); // []
  const accuracyInference = new Float32Array(arena, 306336, 1); // []
  const probabilities = new Float32Array(arena, 546336, 60000); // [batch, 10]

  function forwardTraining(n: number, t: number, seed: number, x: Float32Array): void {
    // keep = max(select(step < 200, 1, 0.8), 5.960464477539063e-8)  : f32[]  (batch-norm.model.ts:31)
    keep[0] = Math.max(f32(t) < 200 ? 1 : f32(0.8), 5.960464477539063e-8);
    // mask = uniform(seed, step) < keep  : bool[batch, 784]  (batch-norm.model.ts:31)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 784; j++) mask[i * 784 + j] = uniform(seed, 0, t, i * 784 + j) < keep[0] ? 1 : 0;
    }
    // seen = select(mask, x / keep, 0)  : f32[batch, 784]  (batch-norm.model.ts:31)
    for (let i = 0; i < n * 784; i++) seen[i] = mask[i] !== 0 ? f32(x[i] / keep[0]) : 0;
    // z1 = seen @ w1  : f32[batch, 32]  (batch-norm.model.ts:33)
    for (let i = 0; i < n; i++) {
      z1.fill(0, i * 32, i * 32 + 32);
      for (let k = 0; k < 784; k += 4) {
        const p = seen[i * 784 + k], p2 = seen[i * 784 + k + 1], p3 = seen[i * 784 + k + 2];
        const p4 = seen[i * 784 + k + 3];
        for (let j = 0; j < 32; j++) {
          const u1 = f32(f32(f32(z1[i * 32 + j] + f32(p * w1[k * 32 + j])) + f32(p2 * w1[(k + 1) * 32 + j])) + f32(p3 * w1[(k + 2) * 32 + j]));
          z1[i * 32 + j] = u1 + f32(p4 * w1[(k + 3) * 32 + j]);
        }
      }
    }
    // batchMean1 = sum[0](z1) / m  : f32[32]  (batch-norm.model.ts:33)
    batchMean1.fill(0);
    for (let j = 0; j < n; j++) for (let i = 0; i < 32; i++) batchMean1[i] += z1[j * 32 + i];
    for (let i = 0; i < 32; i++) batchMean1[i] = batchMean1[i] / n;
    // centred1 = z1 - batchMean1  : f32[batch, 32]  (batch-norm.model.ts:33)
    for (let i = 0; i < n; i++) for (let j = 0; j < 32; j++) centred1[i * 32 + j] = z1[i * 32 + j] - batchMean1[j];
    // batchVariance1 = sum[0](centred1 * centred1) / m  : f32[32]  (batch-norm.model.ts:33)
    batchVariance1.fill(0);
    for (let j = 0; j < n - (n % 4); j += 4) for (let i = 0; i < 32; i++) {
      const u2 = f32(f32(batchVariance1[i] + f32(centred1[j * 32 + i] * centred1[j * 32 + i])) + f32(centred1[(j + 1) * 32 + i] * centred1[(j + 1) * 32 + i]));
      batchVariance1[i] = f32(u2 + f32(centred1[(j + 2) * 32 + i] * centred1[(j + 2) * 32 + i])) + f32(centred1[(j + 3) * 32 + i] * centred1[(j + 3) * 32 + i]);
    }
    for (let j = n - (n % 4); j < n; j++) {
      for (let i = 0; i < 32; i++) batchVariance1[i] += f32(centred1[j * 32 + i] * centred1[j * 32 + i]);
    }
    for (let i = 0; i < 32; i++) batchVariance1[i] = batchVariance1[i] / n;
    // deviation1 = sqrt(batchVariance1 + 0.00001)  : f32[32]  (batch-norm.model.ts:33)
    for (let i = 0; i < 32; i++) deviation1[i] = Math.sqrt(f32(batchVariance1[i] + f32(0.00001)));
    // normalized1 = centred1 / deviation1  : f32[batch, 32]  (batch-norm.model.ts:33)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 32; j++) normalized1[i * 32 + j] = centred1[i * 32 + j] / deviation1[j];
    }
    // scaled1 = normalized1 * g1 + b1  : f32[batch, 32]  (batch-norm.model.ts:33)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 32; j++) scaled1[i * 32 + j] = f32(normalized1[i * 32 + j] * g1[j]) + b1[j];
    }
    // a1 = select(0 < scaled1, scaled1, scaled1 * 0.01)  : f32[batch, 32]  (batch-norm.model.ts:34)
    for (let i = 0; i < n * 32; i++) a1[i] = 0 < scaled1[i] ? scaled1[i] : f32(scaled1[i] * f32(0.01));
    // z2 = a1 @ w2  : f32[batch, 10]  (batch-norm.model.ts:35)
    for (let i = 0; i < n; i++) {
      z2.fill(0, i * 10, i * 10 + 10);
      for (let k = 0; k < 32; k += 4) {
        const p = a1[i * 32 + k], p2 = a1[i * 32 + k + 1], p3 = a1[i * 32 + k + 2], p4 = a1[i * 32 + k + 3];
        for (let j = 0; j < 10; j++) {
          const u3 = f32(f32(f32(z2[i * 10 + j] + f32(p * w2[k * 10 + j])) + f32(p2 * w2[(k + 1) * 10 + j])) + f32(p3 * w2[(k + 2) * 10 + j]));
          z2[i * 10 + j] = u3 + f32(p4 * w2[(k + 3) * 10 + j]);
        }
      }
    }
    // batchMean2 = sum[0](z2) / m  : f32[10]  (batch-norm.model.ts:35)
    batchMean2.fill(0);
    for (let j = 0; j < n; j++) for (let i = 0; i < 10; i++) batchMean2[i] += z2[j * 10 + i];
    for (let i = 0; i < 10; i++) batchMean2[i] = batchMean2[i] / n;
    // centred2 = z2 - batchMean2  : f32[batch, 10]  (batch-norm.model.ts:35)
    for (let i = 0; i < n; i++) for (let j = 0; j < 10; j++) centred2[i * 10 + j] = z2[i * 10 + j] - batchMean2[j];
    // batchVariance2 = sum[0](centred2 * centred2) / m  : f32[10]  (batch-norm.model.ts:35)
    batchVariance2.fill(0);
    for (let j = 0; j < n - (n % 4); j += 4) for (let i = 0; i < 10; i++) {
      const u4 = f32(f32(batchVariance2[i] + f32(centred2[j * 10 + i] * centred2[j * 10 + i])) + f32(centred2[(j + 1) * 10 + i] * centred2[(j + 1) * 10 + i]));
      batchVariance2[i] = f32(u4 + f32(centred2[(j + 2) * 10 + i] * centred2[(j + 2) * 10 + i])) + f32(centred2[(j + 3) * 10 + i] * centred2[(j + 3) * 10 + i]);
    }
    for (let j = n - (n % 4); j < n; j++) {
      for (let i = 0; i < 10; i++) batchVariance2[i] += f32(centred2[j * 10 + i] * centred2[j * 10 + i]);
    }
    for (let i = 0; i < 10; i++) batchVariance2[i] = batchVariance2[i] / n;
    // deviation2 = sqrt(batchVariance2 + 0.00001)  : f32[10]  (batch-norm.model.ts:35)
    for (let i = 0; i < 10; i++) deviation2[i] = Math.sqrt(f32(batchVariance2[i] + f32(0.00001)));
  }

  function forwardTraining2(n: number, y: Int32Array): void {
    // normalized2 = centred2 / deviation2  : f32[batch, 10]  (batch-norm.model.ts:35)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) normalized2[i * 10 + j] = centred2[i * 10 + j] / deviation2[j];
    }
    // scaled2 = normalized2 * g2 + b2  : f32[batch, 10]  (batch-norm.model.ts:35)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) scaled2[i * 10 + j] = f32(normalized2[i * 10 + j] * g2[j]) + b2[j];
    }
    // lossDifference = scaled2 - max[1](scaled2)  : f32[batch, 10]
    // lossExponential = exp(lossDifference)  : f32[batch, 10]
    // lossSum = sum[1](lossExponential)  : f32[batch]
    // loss = -(sum[0](sum[1](select(onehot(y), lossDifference - ln(lossSum), 0))) / m)  : f32[]  (batch-norm.model.ts:38)
    let sum2 = 0;
    for (let i = 0; i < n; i++) {
      let max = -Infinity;
      for (let j = 0; j < 10; j++) max = Math.max(max, scaled2[i * 10 + j]);
      for (let j = 0; j < 10; j++) lossDifference[i * 10 + j] = scaled2[i * 10 + j] - max;
      for (let j = 0; j < 10; j++) lossExponential[i * 10 + j] = exp(lossDifference[i * 10 + j]);
      let sum3 = 0;
      for (let j = 0; j < 10; j++) sum3 = f32(sum3 + lossExponential[i * 10 + j]);
      lossSum[i] = sum3;
      const row = log(lossSum[i]);
      let sum4 = 0;
      for (let j = 0; j < 10; j++) sum4 = f32(sum4 + (y[i] === j ? f32(lossDifference[i * 10 + j] - row) : 0));
      sum2 = f32(sum2 + sum4);
    }
    loss[0] = -f32(sum2 / n);
    // accuracy = sum[0](argmax[1](scaled2) == y) / m  : f32[]  (batch-norm.model.ts:39)
    let sum3 = 0;
    for (let i = 0; i < n; i++) {
      let largest = -Infinity, best = 0;
      for (let j = 0; j < 10; j++) {
        const candidate = scaled2[i * 10 + j];
        if (largest < candidate) {
          largest = candidate;
          best = j;
        }
      }
      sum3 = f32(sum3 + (best === y[i] ? 1 : 0));
    }
    accuracy[0] = sum3 / n;
  }

  function backward(n: number, y: Int32Array): void {
    // dScaled2 = (lossExponential / lossSum - onehot(y)) / m  : f32[batch, 10]
    //   by the rule of logSumExp in  loss = -(sum[0](sum[1](onehot(y) * (scaled2 - logsumexp[1](scaled2)))) / m)  (batch-norm.model.ts:38)
    for (let i = 0; i < n; i++) for (let j = 0; j < 10; j++) {
      dScaled2[i * 10 + j] = f32(f32(lossExponential[i * 10 + j] / lossSum[i]) - (y[i] === j ? 1 : 0)) / n;
    }
    // dG2 = sum[0](dScaled2 * normalized2)  : f32[10]
    //   by the rule of broadcast in  scaled2 = normalized2 * g2 + b2  (batch-norm.model.ts:35)
    dG2.fill(0);
    for (let j = 0; j < n - (n % 4); j += 4) for (let i = 0; i < 10; i++) {
      const u1 = f32(f32(dG2[i] + f32(dScaled2[j * 10 + i] * normalized2[j * 10 + i])) + f32(dScaled2[(j + 1) * 10 + i] * normalized2[(j + 1) * 10 + i]));
      dG2[i] = f32(u1 + f32(dScaled2[(j + 2) * 10 + i] * normalized2[(j + 2) * 10 + i])) + f32(dScaled2[(j + 3) * 10 + i] * normalized2[(j + 3) * 10 + i]);
    }
    for (let j = n - (n % 4); j < n; j++) {
      for (let i = 0; i < 10; i++) dG2[i] += f32(dScaled2[j * 10 + i] * normalized2[j * 10 + i]);
    }
    // dB2 = sum[0](dScaled2)  : f32[10]
    //   by the rule of broadcast in  scaled2 = normalized2 * g2 + b2  (batch-norm.model.ts:35)
    dB2.fill(0);
    for (let j = 0; j < n; j++) for (let i = 0; i < 10; i++) dB2[i] += dScaled2[j * 10 + i];
    // dNormalized2 = dScaled2 * g2  : f32[batch, 10]
    //   by the rule of mul in  scaled2 = normalized2 * g2 + b2  (batch-norm.model.ts:35)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) dNormalized2[i * 10 + j] = dScaled2[i * 10 + j] * g2[j];
    }
    // dZ2Quotient = dNormalized2 / deviation2  : f32[batch, 10]
    // dZ2Quotient2 = sum[0](dNormalized2 * normalized2 / deviation2) / (2 * deviation2) / m  : f32[10]
    // dZ2Product = centred2 * dZ2Quotient2 * 2  : f32[batch, 10]
    // dZ2Quotient3 = sum[0](dZ2Product - dZ2Quotient) / m  : f32[10]
    // dZ2 = dZ2Quotient - dZ2Product + dZ2Quotient3  : f32[batch, 10]
    //   by the rule of sum in  batchMean2 = sum[0](z2) / m  (batch-norm.model.ts:35)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) dZ2Quotient[i * 10 + j] = dNormalized2[i * 10 + j] / deviation2[j];
    }
    for (let i = 0; i < 10; i++) {
      let sum2 = 0;
      for (let j = 0; j < n; j++) {
        const u2 = f32(sum2 + f32(f32(dNormalized2[j * 10 + i] * normalized2[j * 10 + i]) / deviation2[i]));
        sum2 = u2;
      }
      dZ2Quotient2[i] = f32(sum2 / f32(2 * deviation2[i])) / n;
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) dZ2Product[i * 10 + j] = f32(centred2[i * 10 + j] * dZ2Quotient2[j]) * 2;
    }
    for (let i = 0; i < 10; i++) {
      let sum3 = 0;
      for (let j = 0; j < n; j++) sum3 = f32(sum3 + f32(dZ2Product[j * 10 + i] - dZ2Quotient[j * 10 + i]));
      dZ2Quotient3[i] = sum3 / n;
    }
    for (let i = 0; i < n; i++) for (let j = 0; j < 10; j++) {
      dZ2[i * 10 + j] = f32(dZ2Quotient[i * 10 + j] - dZ2Product[i * 10 + j]) + dZ2Quotient3[j];
    }
    // dW2 = a1^T @ dZ2  : f32[32, 10]  by the rule of matmul in  z2 = a1 @ w2  (batch-norm.model.ts:35)
    dW2.fill(0);
    for (let k = 0; k < n - (n % 4); k += 4) for (let i = 0; i < 32; i++) {
      const p = a1[k * 32 + i], p2 = a1[(k + 1) * 32 + i], p3 = a1[(k + 2) * 32 + i], p4 = a1[(k + 3) * 32 + i];
      for (let j = 0; j < 10; j++) {
        const u3 = f32(f32(dW2[i * 10 + j] + f32(p * dZ2[k * 10 + j])) + f32(p2 * dZ2[(k + 1) * 10 + j]));
        dW2[i * 10 + j] = f32(u3 + f32(p3 * dZ2[(k + 2) * 10 + j])) + f32(p4 * dZ2[(k + 3) * 10 + j]);
      }
    }
    for (let k = n - (n % 4); k < n; k++) for (let i = 0; i < 32; i++) {
      for (let j = 0; j < 10; j++) dW2[i * 10 + j] += f32(a1[k * 32 + i] * dZ2[k * 10 + j]);
    }
    // dScaled1 = select(0 < scaled1, dZ2 @ w2^T, dZ2 @ w2^T * 0.01)  : f32[batch, 32]
    //   by the rule of mul in  a1 = select(0 < scaled1, scaled1, scaled1 * 0.01)  (batch-norm.model.ts:34)
    for (let i = 0; i < n; i++) for (let j = 0; j < 32; j++) {
      let sum2 = 0;
      for (let k = 0; k < 10; k++) sum2 = f32(sum2 + f32(dZ2[i * 10 + k] * w2[j * 10 + k]));
      dScaled1[i * 32 + j] = 0 < scaled1[i * 32 + j] ? sum2 : f32(sum2 * f32(0.01));
    }
    // dG1 = sum[0](dScaled1 * normalized1)  : f32[32]
    //   by the rule of broadcast in  scaled1 = normalized1 * g1 + b1  (batch-norm.model.ts:33)
    dG1.fill(0);
    for (let j = 0; j < n - (n % 4); j += 4) for (let i = 0; i < 32; i++) {
      const u4 = f32(f32(dG1[i] + f32(dScaled1[j * 32 + i] * normalized1[j * 32 + i])) + f32(dScaled1[(j + 1) * 32 + i] * normalized1[(j + 1) * 32 + i]));
      dG1[i] = f32(u4 + f32(dScaled1[(j + 2) * 32 + i] * normalized1[(j + 2) * 32 + i])) + f32(dScaled1[(j + 3) * 32 + i] * normalized1[(j + 3) * 32 + i]);
    }
    for (let j = n - (n % 4); j < n; j++) {
      for (let i = 0; i < 32; i++) dG1[i] += f32(dScaled1[j * 32 + i] * normalized1[j * 32 + i]);
    }
    // dB1 = sum[0](dScaled1)  : f32[32]
    //   by the rule of broadcast in  scaled1 = normalized1 * g1 + b1  (batch-norm.model.ts:33)
    dB1.fill(0);
    for (let j = 0; j < n; j++) for (let i = 0; i < 32; i++) dB1[i] += dScaled1[j * 32 + i];
    // dNormalized1 = dScaled1 * g1  : f32[batch, 32]
    //   by the rule of mul in  scaled1 = normalized1 * g1 + b1  (batch-norm.model.ts:33)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 32; j++) dNormalized1[i * 32 + j] = dScaled1[i * 32 + j] * g1[j];
    }
    // dZ1Quotient = dNormalized1 / deviation1  : f32[batch, 32]
    // dZ1Quotient2 = sum[0](dNormalized1 * normalized1 / deviation1) / (2 * deviation1) / m  : f32[32]
    // dZ1Product = centred1 * dZ1Quotient2 * 2  : f32[batch, 32]
    // dZ1Quotient3 = sum[0](dZ1Product - dZ1Quotient) / m  : f32[32]
    // dZ1 = dZ1Quotient - dZ1Product + dZ1Quotient3  : f32[batch, 32]
    //   by the rule of sum in  batchMean1 = sum[0](z1) / m  (batch-norm.model.ts:33)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 32; j++) dZ1Quotient[i * 32 + j] = dNormalized1[i * 32 + j] / deviation1[j];
    }
    for (let i = 0; i < 32; i++) {
      let sum2 = 0;
      for (let j = 0; j < n; j++) {
        const u5 = f32(sum2 + f32(f32(dNormalized1[j * 32 + i] * normalized1[j * 32 + i]) / deviation1[i]));
        sum2 = u5;
      }
      dZ1Quotient2[i] = f32(sum2 / f32(2 * deviation1[i])) / n;
    }
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 32; j++) dZ1Product[i * 32 + j] = f32(centred1[i * 32 + j] * dZ1Quotient2[j]) * 2;
    }
    for (let i = 0; i < 32; i++) {
      let sum3 = 0;
      for (let j = 0; j < n; j++) sum3 = f32(sum3 + f32(dZ1Product[j * 32 + i] - dZ1Quotient[j * 32 + i]));
      dZ1Quotient3[i] = sum3 / n;
    }
    for (let i = 0; i < n; i++) for (let j = 0; j < 32; j++) {
      dZ1[i * 32 + j] = f32(dZ1Quotient[i * 32 + j] - dZ1Product[i * 32 + j]) + dZ1Quotient3[j];
    }
    // dW1 = seen^T @ dZ1  : f32[784, 32]  by the rule of matmul in  z1 = seen @ w1  (batch-norm.model.ts:33)
    dW1.fill(0);
    for (let k = 0; k < n - (n % 4); k += 4) for (let i = 0; i < 784; i++) {
      const p = seen[k * 784 + i], p2 = seen[(k + 1) * 784 + i], p3 = seen[(k + 2) * 784 + i];
      const p4 = seen[(k + 3) * 784 + i];
      for (let j = 0; j < 32; j++) {
        const u6 = f32(f32(dW1[i * 32 + j] + f32(p * dZ1[k * 32 + j])) + f32(p2 * dZ1[(k + 1) * 32 + j]));
        dW1[i * 32 + j] = f32(u6 + f32(p3 * dZ1[(k + 2) * 32 + j])) + f32(p4 * dZ1[(k + 3) * 32 + j]);
      }
    }
    for (let k = n - (n % 4); k < n; k++) for (let i = 0; i < 784; i++) {
      for (let j = 0; j < 32; j++) dW1[i * 32 + j] += f32(seen[k * 784 + i] * dZ1[k * 32 + j]);
    }
  }

  function update(t: number): void {
    // mean1 = mean1 + (batchMean1 - mean1) * 0.09999999999999998  : f32[32]
    for (let i = 0; i < 32; i++) {
      mean1[i] = mean1[i] + f32(f32(batchMean1[i] - mean1[i]) * f32(0.09999999999999998));
    }
    // variance1 = variance1 + (batchVariance1 - variance1) * 0.09999999999999998  : f32[32]
    for (let i = 0; i < 32; i++) {
      variance1[i] = variance1[i] + f32(f32(batchVariance1[i] - variance1[i]) * f32(0.09999999999999998));
    }
    // mean2 = mean2 + (batchMean2 - mean2) * 0.09999999999999998  : f32[10]
    for (let i = 0; i < 10; i++) {
      mean2[i] = mean2[i] + f32(f32(batchMean2[i] - mean2[i]) * f32(0.09999999999999998));
    }
    // variance2 = variance2 + (batchVariance2 - variance2) * 0.09999999999999998  : f32[10]
    for (let i = 0; i < 10; i++) {
      variance2[i] = variance2[i] + f32(f32(batchVariance2[i] - variance2[i]) * f32(0.09999999999999998));
    }
    // w1_m = w1_m * momentum + dW1 * (1 - momentum)  : f32[784, 32]
    for (let i = 0; i < 25088; i++) w1_m[i] = f32(w1_m[i] * momentum) + f32(dW1[i] * f32(1 - momentum));
    // w1_v = w1_v * beta2 + dW1 * dW1 * (1 - beta2)  : f32[784, 32]
    for (let i = 0; i < 25088; i++) w1_v[i] = f32(w1_v[i] * beta2) + f32(f32(dW1[i] * dW1[i]) * f32(1 - beta2));
    // count = step + 1  : f32[]
    count[0] = f32(t) + 1;
    // learningRate = select(step < 200, 0.01, (cos(min(max(... - ..., 0) / 1300, 1) * 3.141592653589793) + 1) * 0.005)  : f32[]
    const t2 = f32(t);
    const u1 = cos(f32(Math.min(f32(Math.max(f32(t2 - 200), 0) / 1300), 1) * f32(3.141592653589793)));
    learningRate[0] = t2 < 200 ? f32(0.01) : f32(f32(u1 + 1) * f32(0.005));
    // correction2 = -expm1(count * -0.0010005003335835344)  : f32[]
    correction2[0] = -expm1(f32(count[0] * f32(-0.0010005003335835344)));
    // correction1 = -expm1(count * -0.10536051565782628)  : f32[]
    correction1[0] = -expm1(f32(count[0] * f32(-0.10536051565782628)));
    // w1 = w1 - learningRate * w1_m / correction1 / (sqrt(w1_v / correction2) + epsilon)  : f32[784, 32]
    for (let i = 0; i < 25088; i++) {
      const u2 = f32(f32(learningRate[0] * f32(w1_m[i] / correction1[0])) / f32(f32(Math.sqrt(f32(w1_v[i] / correction2[0]))) + epsilon));
      w1[i] = w1[i] - u2;
    }
    // g1_m = g1_m * momentum + dG1 * (1 - momentum)  : f32[32]
    for (let i = 0; i < 32; i++) g1_m[i] = f32(g1_m[i] * momentum) + f32(dG1[i] * f32(1 - momentum));
    // g1_v = g1_v * beta2 + dG1 * dG1 * (1 - beta2)  : f32[32]
    for (let i = 0; i < 32; i++) g1_v[i] = f32(g1_v[i] * beta2) + f32(f32(dG1[i] * dG1[i]) * f32(1 - beta2));
    // g1 = g1 - learningRate * g1_m / correction1 / (sqrt(g1_v / correction2) + epsilon)  : f32[32]
    for (let i = 0; i < 32; i++) {
      const u3 = f32(f32(learningRate[0] * f32(g1_m[i] / correction1[0])) / f32(f32(Math.sqrt(f32(g1_v[i] / correction2[0]))) + epsilon));
      g1[i] = g1[i] - u3;
    }
    // b1_m = b1_m * momentum + dB1 * (1 - momentum)  : f32[32]
    for (let i = 0; i < 32; i++) b1_m[i] = f32(b1_m[i] * momentum) + f32(dB1[i] * f32(1 - momentum));
    // b1_v = b1_v * beta2 + dB1 * dB1 * (1 - beta2)  : f32[32]
    for (let i = 0; i < 32; i++) b1_v[i] = f32(b1_v[i] * beta2) + f32(f32(dB1[i] * dB1[i]) * f32(1 - beta2));
  }

  function update2(): void {
    // b1 = b1 - learningRate * b1_m / correction1 / (sqrt(b1_v / correction2) + epsilon)  : f32[32]
    for (let i = 0; i < 32; i++) {
      const u1 = f32(f32(learningRate[0] * f32(b1_m[i] / correction1[0])) / f32(f32(Math.sqrt(f32(b1_v[i] / correction2[0]))) + epsilon));
      b1[i] = b1[i] - u1;
    }
    // w2_m = w2_m * momentum + dW2 * (1 - momentum)  : f32[32, 10]
    for (let i = 0; i < 320; i++) w2_m[i] = f32(w2_m[i] * momentum) + f32(dW2[i] * f32(1 - momentum));
    // w2_v = w2_v * beta2 + dW2 * dW2 * (1 - beta2)  : f32[32, 10]
    for (let i = 0; i < 320; i++) w2_v[i] = f32(w2_v[i] * beta2) + f32(f32(dW2[i] * dW2[i]) * f32(1 - beta2));
    // w2 = w2 - learningRate * w2_m / correction1 / (sqrt(w2_v / correction2) + epsilon)  : f32[32, 10]
    for (let i = 0; i < 320; i++) {
      const u2 = f32(f32(learningRate[0] * f32(w2_m[i] / correction1[0])) / f32(f32(Math.sqrt(f32(w2_v[i] / correction2[0]))) + epsilon));
      w2[i] = w2[i] - u2;
    }
    // g2_m = g2_m * momentum + dG2 * (1 - momentum)  : f32[10]
    for (let i = 0; i < 10; i++) g2_m[i] = f32(g2_m[i] * momentum) + f32(dG2[i] * f32(1 - momentum));
    // g2_v = g2_v * beta2 + dG2 * dG2 * (1 - beta2)  : f32[10]
    for (let i = 0; i < 10; i++) g2_v[i] = f32(g2_v[i] * beta2) + f32(f32(dG2[i] * dG2[i]) * f32(1 - beta2));
    // g2 = g2 - learningRate * g2_m / correction1 / (sqrt(g2_v / correction2) + epsilon)  : f32[10]
    for (let i = 0; i < 10; i++) {
      const u3 = f32(f32(learningRate[0] * f32(g2_m[i] / correction1[0])) / f32(f32(Math.sqrt(f32(g2_v[i] / correction2[0]))) + epsilon));
      g2[i] = g2[i] - u3;
    }
    // b2_m = b2_m * momentum + dB2 * (1 - momentum)  : f32[10]
    for (let i = 0; i < 10; i++) b2_m[i] = f32(b2_m[i] * momentum) + f32(dB2[i] * f32(1 - momentum));
    // b2_v = b2_v * beta2 + dB2 * dB2 * (1 - beta2)  : f32[10]
    for (let i = 0; i < 10; i++) b2_v[i] = f32(b2_v[i] * beta2) + f32(f32(dB2[i] * dB2[i]) * f32(1 - beta2));
    // b2 = b2 - learningRate * b2_m / correction1 / (sqrt(b2_v / correction2) + epsilon)  : f32[10]
    for (let i = 0; i < 10; i++) {
      const u4 = f32(f32(learningRate[0] * f32(b2_m[i] / correction1[0])) / f32(f32(Math.sqrt(f32(b2_v[i] / correction2[0]))) + epsilon));
      b2[i] = b2[i] - u4;
    }
  }

  function forwardInference(n: number, x: Float32Array): void {
    // z1Inference = x @ w1  : f32[batch, 32]  (batch-norm.model.ts:33)
    for (let i = 0; i < n; i++) {
      z1Inference.fill(0, i * 32, i * 32 + 32);
      for (let k = 0; k < 784; k += 4) {
        const p = x[i * 784 + k], p2 = x[i * 784 + k + 1], p3 = x[i * 784 + k + 2], p4 = x[i * 784 + k + 3];
        for (let j = 0; j < 32; j++) {
          const u1 = f32(f32(z1Inference[i * 32 + j] + f32(p * w1[k * 32 + j])) + f32(p2 * w1[(k + 1) * 32 + j]));
          z1Inference[i * 32 + j] = f32(u1 + f32(p3 * w1[(k + 2) * 32 + j])) + f32(p4 * w1[(k + 3) * 32 + j]);
        }
      }
    }
    // z1InferenceSqrt = sqrt(variance1 + 0.00001)  : f32[32]
    // z1Inference2 = (z1Inference - mean1) / z1InferenceSqrt * g1 + b1  : f32[batch, 32]  (batch-norm.model.ts:33)
    for (let i = 0; i < 32; i++) z1InferenceSqrt[i] = Math.sqrt(f32(variance1[i] + f32(0.00001)));
    for (let i = 0; i < n; i++) for (let j = 0; j < 32; j++) {
      z1Inference2[i * 32 + j] = f32(f32(f32(z1Inference[i * 32 + j] - mean1[j]) / z1InferenceSqrt[j]) * g1[j]) + b1[j];
    }
    // a1Inference = select(0 < z1Inference2, z1Inference2, z1Inference2 * 0.01)  : f32[batch, 32]  (batch-norm.model.ts:34)
    for (let i = 0; i < n * 32; i++) {
      a1Inference[i] = 0 < z1Inference2[i] ? z1Inference2[i] : f32(z1Inference2[i] * f32(0.01));
    }
    // z2Inference = a1Inference @ w2  : f32[batch, 10]  (batch-norm.model.ts:35)
    for (let i = 0; i < n; i++) {
      z2Inference.fill(0, i * 10, i * 10 + 10);
      for (let k = 0; k < 32; k += 4) {
        const p = a1Inference[i * 32 + k], p2 = a1Inference[i * 32 + k + 1], p3 = a1Inference[i * 32 + k + 2];
        const p4 = a1Inference[i * 32 + k + 3];
        for (let j = 0; j < 10; j++) {
          const u2 = f32(f32(z2Inference[i * 10 + j] + f32(p * w2[k * 10 + j])) + f32(p2 * w2[(k + 1) * 10 + j]));
          z2Inference[i * 10 + j] = f32(u2 + f32(p3 * w2[(k + 2) * 10 + j])) + f32(p4 * w2[(k + 3) * 10 + j]);
        }
      }
    }
    // z2InferenceSqrt = sqrt(variance2 + 0.00001)  : f32[10]
    // z2Inference2 = (z2Inference - mean2) / z2InferenceSqrt * g2 + b2  : f32[batch, 10]  (batch-norm.model.ts:35)
    for (let i = 0; i < 10; i++) z2InferenceSqrt[i] = Math.sqrt(f32(variance2[i] + f32(0.00001)));
    for (let i = 0; i < n; i++) for (let j = 0; j < 10; j++) {
      z2Inference2[i * 10 + j] = f32(f32(f32(z2Inference[i * 10 + j] - mean2[j]) / z2InferenceSqrt[j]) * g2[j]) + b2[j];
    }
    // difference = z2Inference2 - max[1](z2Inference2)  : f32[batch, 10]
    // exponential = exp(difference)  : f32[batch, 10]
    // sum = sum[1](exponential)  : f32[batch]  (batch-norm.model.ts:38)
    for (let i = 0; i < n; i++) {
      let max = -Infinity;
      for (let j = 0; j < 10; j++) max = Math.max(max, z2Inference2[i * 10 + j]);
      for (let j = 0; j < 10; j++) difference[i * 10 + j] = z2Inference2[i * 10 + j] - max;
      for (let j = 0; j < 10; j++) exponential[i * 10 + j] = exp(difference[i * 10 + j]);
      let sum2 = 0;
      for (let j = 0; j < 10; j++) sum2 = f32(sum2 + exponential[i * 10 + j]);
      sum[i] = sum2;
    }
  }

  function measureInference(n: number, y: Int32Array): void {
    // lossInference = -(sum[0](sum[1](select(onehot(y), difference - ln(sum), 0))) / m)  : f32[]  (batch-norm.model.ts:38)
    let sum2 = 0;
    for (let i = 0; i < n; i++) {
      const row = log(sum[i]);
      let sum3 = 0;
      for (let j = 0; j < 10; j++) sum3 = f32(sum3 + (y[i] === j ? f32(difference[i * 10 + j] - row) : 0));
      sum2 = f32(sum2 + sum3);
    }
    lossInference[0] = -f32(sum2 / n);
    // accuracyInference = sum[0](argmax[1](z2Inference2) == y) / m  : f32[]  (batch-norm.model.ts:39)
    let sum3 = 0;
    for (let i = 0; i < n; i++) {
      let largest = -Infinity, best = 0;
      for (let j = 0; j < 10; j++) {
        const candidate = z2Inference2[i * 10 + j];
        if (largest < candidate) {
          largest = candidate;
          best = j;
        }
      }
      sum3 = f32(sum3 + (best === y[i] ? 1 : 0));
    }
    accuracyInference[0] = sum3 / n;
  }

  function forwardInference2(n: number): void {
    // probabilities = exponential / sum  : f32[batch, 10]  (batch-norm.model.ts:40)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < 10; j++) probabilities[i * 10 + j] = exponential[i * 10 + j] / sum[i];
    }
  }

  const state = { w1, g1, b1, mean1, variance1, w2, g2, b2, mean2, variance2, 'w1.m': w1_m, 'w1.v': w1_v, 'g1.m': g1_m, 'g1.v': g1_v, 'b1.m': b1_m, 'b1.v': b1_v, 'w2.m': w2_m, 'w2.v': w2_v, 'g2.m': g2_m, 'g2.v': g2_v, 'b2.m': b2_m, 'b2.v': b2_v };
  const metrics: Metrics = { loss: 0, learningRate: 0, momentum: 0, accuracy: 0 };
  const evaluation: Evaluation = { loss: 0, accuracy: 0 };

  /** One step of training on n samples; t counts the steps from 0. The metrics are those before the update. */
  function step(batch: Batch, n: number, t: number, seed: number): Metrics {
    const { x, y } = batch;
    forwardTraining(n, t, seed, x);
    forwardTraining2(n, y);
    backward(n, y);
    update(t);
    update2();
    metrics.loss = loss[0];
    metrics.learningRate = learningRate[0];
    metrics.momentum = momentum;
    metrics.accuracy = accuracy[0];
    return metrics;
  }

  /** Loss and metrics of n samples as the model stands. */
  function evaluate(batch: Batch, n: number): Evaluation {
    const { x, y } = batch;
    forwardInference(n, x);
    measureInference(n, y);
    evaluation.loss = lossInference[0];
    evaluation.accuracy = accuracyInference[0];
    return evaluation;
  }

  /** Outputs for n samples: the first n rows of each array. */
  function predict(batch: Pick<Batch, 'x'>, n: number): Outputs {
    const { x } = batch;
    forwardInference(n, x);
    forwardInference2(n);
    return { probabilities };
  }

  return { state, step, evaluate, predict };
}

/** Cosine: x less a multiple of pi / 2, then a polynomial; accurate for |x| <= 8192. */
function cos(x: number): number {
  const v1 = Math.floor(f32(f32(x * f32(0.6366197723675814)) + 0.5));
  const v2 = ((v1 | 0) + 1) | 0;
  const v3 = f32(f32(x - f32(v1 * 1.5703125)) - f32(v1 * 0.0004837512969970703));
  const v4 = f32(v1 * 7.549533620476723e-8);
  const v5 = f32(v3 - v4);
  const v6 = Math.max(f32(v5 + f32(f32(f32(v3 - v5) - v4) - f32(v1 * f32(2.563344e-12)))), -0.8125);
  const v7 = Math.min(v6, 0.8125);
  const v8 = f32(v7 * v7);
  const v9 = f32(f32(f32(f32(f32(-0.000195077932) * v8) + f32(0.008332104422)) * v8) + f32(-0.166666537523));
  const v10 = f32(f32(f32(f32(f32(0.000024431466757) * v8) + f32(-0.001388730481)) * v8) + f32(0.041666645557));
  const v11 = v2 << 31 === 0 ? f32(v7 + f32(v7 * f32(v8 * v9))) : f32(1 - f32(f32(v8 * 0.5) - f32(f32(v8 * v8) * v10)));
  return v2 << 30 < 0 ? -v11 : v11;
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

/** e^x - 1, at most 2 units in the last place off: 2^k ((e^r - 1) + (1 - 2^-k)). */
function expm1(x: number): number {
  const v1 = Math.min(Math.max(x, -20), 89);
  const v2 = Math.abs(x) < 0.5 ? 0 : Math.floor(f32(f32(v1 * f32(1.4426950408889634)) + 0.5));
  const v3 = f32(f32(v1 - f32(v2 * 0.693115234375)) - f32(v2 * f32(0.000031946183)));
  const v4 = Math.floor(f32(v2 * 0.5));
  const v5 = f32(f32(f32(f32(f32(0.000200821339) * v3) + f32(0.00140108855)) * v3) + f32(0.00833286345));
  const v6 = f32(f32(f32(f32(f32(f32(v5 * v3) + f32(0.041664958)) * v3) + f32(0.166666686535)) * v3) + f32(0.500000059605));
  const v7 = f32(f32(f32(f32(v3 * v3) * v6) + v3) + f32(1 - floatOf((((-Math.min(v2, 60) | 0) + 127) | 0) << 23)));
  const v8 = f32(f32(v7 * floatOf((((v4 | 0) + 127) | 0) << 23)) * floatOf((((f32(v2 - v4) | 0) + 127) | 0) << 23));
  return x === 0 ? x : v8;
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

/** A number in [0, 1) by position: Threefry-2x32, 20 rounds (Salmon et al., 2011). */
function uniform(seed: number, stream: number, counter: number, index: number): number {
  const v1 = (index + stream) | 0;
  const v2 = (((counter + seed) | 0) + v1) | 0;
  const v3 = v1 << 13 ^ v1 >>> 19 ^ v2;
  const v4 = (v2 + v3) | 0;
  const v5 = v3 << 15 ^ v3 >>> 17 ^ v4;
  const v6 = (v4 + v5) | 0;
  const v7 = v5 << 26 ^ v5 >>> 6 ^ v6;
  const v8 = (v6 + v7) | 0;
  const v9 = seed ^ stream ^ 466688986;
  const v10 = ((((v7 << 6 ^ v7 >>> 26 ^ v8) + v9) | 0) + 1) | 0;
  const v11 = (((v8 + stream) | 0) + v10) | 0;
  const v12 = v10 << 17 ^ v10 >>> 15 ^ v11;
  const v13 = (v11 + v12) | 0;
  const v14 = v12 << 29 ^ v12 >>> 3 ^ v13;
  const v15 = (v13 + v14) | 0;
  const v16 = v14 << 16 ^ v14 >>> 16 ^ v15;
  const v17 = (v15 + v16) | 0;
  const v18 = ((((v16 << 24 ^ v16 >>> 8 ^ v17) + seed) | 0) + 2) | 0;
  const v19 = (((v17 + v9) | 0) + v18) | 0;
  const v20 = v18 << 13 ^ v18 >>> 19 ^ v19;
  const v21 = (v19 + v20) | 0;
  const v22 = v20 << 15 ^ v20 >>> 17 ^ v21;
  const v23 = (v21 + v22) | 0;
  const v24 = v22 << 26 ^ v22 >>> 6 ^ v23;
  const v25 = (v23 + v24) | 0;
  const v26 = ((((v24 << 6 ^ v24 >>> 26 ^ v25) + stream) | 0) + 3) | 0;
  const v27 = (((v25 + seed) | 0) + v26) | 0;
  const v28 = v26 << 17 ^ v26 >>> 15 ^ v27;
  const v29 = (v27 + v28) | 0;
  const v30 = v28 << 29 ^ v28 >>> 3 ^ v29;
  const v31 = (v29 + v30) | 0;
  const v32 = v30 << 16 ^ v30 >>> 16 ^ v31;
  const v33 = (v31 + v32) | 0;
  const v34 = ((((v32 << 24 ^ v32 >>> 8 ^ v33) + v9) | 0) + 4) | 0;
  const v35 = (((v33 + stream) | 0) + v34) | 0;
  const v36 = v34 << 13 ^ v34 >>> 19 ^ v35;
  const v37 = (v35 + v36) | 0;
  const v38 = v36 << 15 ^ v36 >>> 17 ^ v37;
  const v39 = (v37 + v38) | 0;
  return f32(f32(((((v39 + (v38 << 26 ^ v38 >>> 6 ^ v39)) | 0) + v9) | 0) >>> 8) * 5.960464477539063e-8);
}
