/**
 * Why the batch normalization of chapter 10 is not the seed's. Its gradient without the terms of mean and variance is
 * refuted by central differences, and its gamma per sample learns labels that have nothing to do with the inputs.
 */

import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { createRandom } from '../../src/data/random.ts';
import {
  accuracy,
  adam,
  batchNorm,
  constant,
  dense,
  gradientDescent,
  kaimingNormal,
  leakyRelu,
  model,
  softmaxCrossEntropy,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';

type Matrix = readonly (readonly number[])[];

const samples = 6;
const epsilon = 1e-5;
const labels = [0, 2, 1, 1, 0, 2];
const x: Matrix = [
  [0.5, -1.25],
  [1.5, 0.25],
  [-0.75, 2],
  [0.125, 1],
  [-2, -0.5],
  [1, -0.625],
];

/** Z = XW, batch-normalized, into a softmax. A rate of 1 makes what a step takes away the gradient. */
const layer = model(
  'layer',
  (m) => {
    const input = m.input('x', ['batch', 2]);
    const y = m.label('y', { classes: 3 });
    return { loss: softmaxCrossEntropy(batchNorm(dense(input, 3, { bias: false })), y) };
  },
  { batch: samples, optimizer: gradientDescent({ learningRate: 1 }) },
);

async function createLayer() {
  const { code } = await compile(layer, { dtype: 'f64' });
  const trainer = createTrainer(await instantiate(code), { seed: 3 });
  const { w1 = new Float64Array(), g1 = new Float64Array() } = trainer.state;
  g1.set([0.5, 1.5, -1]);
  const weights = Float64Array.from(w1);
  const gamma = Float64Array.from(g1);
  const batch = { x: Float64Array.from(x.flat()), y: Int32Array.from(labels) };
  /** The loss at some values, and what the step took away from them. */
  const stepAt = (w: Float64Array, g: Float64Array) => {
    for (const values of Object.values(trainer.state)) values.fill(0);
    w1.set(w);
    g1.set(g);
    const { loss = Number.NaN } = trainer.step(batch);
    return {
      loss,
      dW: w.map((value, i) => value - (w1[i] ?? 0)),
      dG: g.map((value, i) => value - (g1[i] ?? 0)),
    };
  };
  return { weights, gamma, stepAt };
}

/** (f(v + h) - f(v - h)) / 2h for each element. */
function differences(values: Float64Array, f: (values: Float64Array) => number): Float64Array {
  const h = 1e-5;
  return values.map((_, i) => {
    const moved = (by: number) => f(values.map((value, j) => (i === j ? value + by : value)));
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const transposed = (m: Matrix): Matrix => (m[0] ?? []).map((_, j) => m.map((row) => row[j] ?? 0));
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    transposed(b).map((column) => row.reduce((sum, value, k) => sum + value * (column[k] ?? 0), 0)),
  );

/** One feature of the layer by hand: its column of Z, normalized, and 1 / sigma. */
function normalizedColumn(z: readonly number[]) {
  const centred = z.map((value) => value - mean(z));
  const perSigma = 1 / Math.sqrt(mean(centred.map((value) => value * value)) + epsilon);
  return { perSigma, zNorm: centred.map((value) => value * perSigma) };
}

/** dW = X^T dZ with the dZ of each feature as `rule` has it. */
type Rule = (of: {
  readonly dScaled: readonly number[];
  readonly zNorm: readonly number[];
  readonly scale: number;
}) => readonly number[];

function gradientByHand(weights: Float64Array, gamma: Float64Array, rule: Rule): readonly number[] {
  const w: Matrix = [0, 1].map((i) => [...weights.slice(3 * i, 3 * i + 3)]);
  const columns = transposed(times(x, w)).map(normalizedColumn);
  const scaled = transposed(columns.map(({ zNorm }, j) => zNorm.map((value) => value * (gamma[j] ?? 0))));
  const dScaled = scaled.map((row, i) => {
    const powers = row.map(Math.exp);
    const total = powers.reduce((a, b) => a + b, 0);
    return powers.map((power, j) => (power / total - (labels[i] === j ? 1 : 0)) / samples);
  });
  const dZ = transposed(dScaled).map((column, j) => {
    const { zNorm = [], perSigma = 0 } = columns[j] ?? {};
    return rule({ dScaled: column, zNorm, scale: (gamma[j] ?? 0) * perSigma });
  });
  return times(transposed(x), transposed(dZ)).flat();
}

/** What the chapter derives. */
const whole: Rule = ({ dScaled, zNorm, scale }) => {
  const along = mean(dScaled.map((d, i) => d * (zNorm[i] ?? 0)));
  return dScaled.map((d, i) => scale * (d - mean(dScaled) - (zNorm[i] ?? 0) * along));
};

/** What the seed derives: mean and variance as if they were constants. */
const withoutTerms: Rule = ({ dScaled, scale }) => dScaled.map((d) => scale * d);

const apart = (a: Iterable<number>, b: Iterable<number>): number => {
  const other = [...b];
  const largest = Math.max(...other.map(Math.abs));
  return Math.max(...[...a].map((value, i) => Math.abs(value - (other[i] ?? 0)))) / largest;
};

describe('the gradient of a batch-normalized layer', () => {
  it('is that of central differences, at the weights and at gamma', async () => {
    const { weights, gamma, stepAt } = await createLayer();
    const { dW, dG } = stepAt(weights, gamma);
    expect(
      apart(
        dW,
        differences(weights, (w) => stepAt(w, gamma).loss),
      ),
    ).toBeLessThan(1e-8);
    expect(
      apart(
        dG,
        differences(gamma, (g) => stepAt(weights, g).loss),
      ),
    ).toBeLessThan(1e-8);
  });

  it('is what chapter 10 derives, with the terms of mean and variance', async () => {
    const { weights, gamma, stepAt } = await createLayer();
    expect(apart(gradientByHand(weights, gamma, whole), stepAt(weights, gamma).dW)).toBeLessThan(1e-12);
  });

  it('is not what the seed derives: without those terms central differences refute it', async () => {
    const { weights, gamma, stepAt } = await createLayer();
    const numeric = differences(weights, (w) => stepAt(w, gamma).loss);
    const withoutThem = gradientByHand(weights, gamma, withoutTerms);
    expect(apart(withoutThem, numeric)).toBeGreaterThan(0.1);
    // Not only a matter of length: it points up where the loss falls.
    expect(numeric[3]).toBeCloseTo(-0.0091, 4);
    expect(withoutThem[3]).toBeCloseTo(0.0809, 4);
  });
});

describe('a gamma for each place in fixed batches', () => {
  const [batches, places, features, epochs] = [10, 30, 32, 200];
  /** Noise, and labels drawn apart from it: there is nothing to learn, only to memorise. */
  const random = createRandom(5);
  const data = {
    x: Float64Array.from({ length: batches * places * features }, () => random.normal()),
    place: Int32Array.from({ length: batches * places }, (_, i) => i % places),
    y: Int32Array.from({ length: batches * places }, () => random.below(10)),
  };

  /** The network of chapter 10 with frozen weights, so that what is learnt is learnt by the normalization alone. */
  const network = (gamma: 'per feature' | 'per place') =>
    model(
      'memory',
      (m) => {
        const input = m.input('x', ['batch', features]);
        const y = m.label('y', { classes: 10 });
        const place = m.label('place', { classes: places }).oneHot(places);
        const w1 = m.param('w1', [features, 32], kaimingNormal(), { trainable: false });
        const w2 = m.param('w2', [32, 10], kaimingNormal(), { trainable: false });
        const ones = constant(1);
        const z1 = batchNorm(input.matmul(w1));
        const a1 = leakyRelu(
          gamma === 'per place' ? z1.mul(place.matmul(m.param('r1', [places, 32], ones))) : z1,
        );
        const z2 = batchNorm(a1.matmul(w2));
        const logits = gamma === 'per place' ? z2.mul(place.matmul(m.param('r2', [places, 10], ones))) : z2;
        return { loss: softmaxCrossEntropy(logits, y), metrics: { accuracy: accuracy(logits, y) } };
      },
      { batch: places, optimizer: adam({ learningRate: 0.01 }) },
    );

  async function trainingAccuracy(gamma: 'per feature' | 'per place'): Promise<number> {
    const { code } = await compile(network(gamma));
    const trainer = createTrainer(await instantiate(code), { seed: 0 });
    let right = 0;
    for await (const { epoch, accuracy: share = 0 } of trainer.fit(data, { epochs, shuffle: false }))
      if (epoch === epochs) right += share / batches;
    return right;
  }

  it('memorises random labels, which one gamma per feature does not', async () => {
    // Each gamma of a place is shared by the ten samples that stand there, as in the seed's ten batches.
    expect(await trainingAccuracy('per place')).toBeGreaterThan(0.99);
    expect(await trainingAccuracy('per feature')).toBeLessThan(0.35);
  });
});
