/** Exponentially weighted averages of a noisy series, computed inside a compiled step. */

import { compile } from '../../src/compile.ts';
import { createRandom } from '../../src/data/random.ts';
import { ewa, gradientDescent, model, zeros } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';

export interface Averages {
  readonly beta: number;
  readonly plain: readonly number[];
  readonly corrected: readonly number[];
}

/** The shares that the seed draws, in the other order. */
const betas = [0, 0.3, 0.7] as const;

/** 50 values around 10: a slow wave of multiples of 1/8 and noise, the same on every machine. */
export function noisySeries(): readonly number[] {
  const random = createRandom(7);
  return Array.from({ length: 50 }, (_, t) => 10 + Math.abs((t % 40) - 20) / 8 + 1.5 * random.normal());
}

const averaging = model(
  'averages',
  (m) => {
    const x = m.input('x', ['batch', 1]);
    const value = x.mean();
    const [none, some, most] = betas;
    return {
      loss: value.sub(m.param('level', [], zeros())).square(),
      metrics: {
        corrected0: ewa(value, { beta: none }),
        plain0: ewa(value, { beta: none, corrected: false }),
        corrected1: ewa(value, { beta: some }),
        plain1: ewa(value, { beta: some, corrected: false }),
        corrected2: ewa(value, { beta: most }),
        plain2: ewa(value, { beta: most, corrected: false }),
      },
    };
  },
  { batch: 1, optimizer: gradientDescent({ learningRate: 0 }) },
);

export async function seriesAverages(): Promise<readonly Averages[]> {
  const { code } = await compile(averaging);
  const trainer = createTrainer(await instantiate(code));
  const reports: { readonly [name: string]: number }[] = [];
  const x = Float64Array.from(noisySeries());
  for await (const metrics of trainer.fit({ x }, { batch: 1, shuffle: false })) reports.push({ ...metrics });
  const column = (name: string): readonly number[] => reports.map((report) => report[name] ?? Number.NaN);
  return betas.map((beta, i) => ({
    beta,
    plain: column(`plain${i}`),
    corrected: column(`corrected${i}`),
  }));
}
