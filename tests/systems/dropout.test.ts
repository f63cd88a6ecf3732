/** Dropout keeps what it should, as often as it should, the same on every machine, and only in training. */

import { beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import {
  constant,
  dropout,
  gradientDescent,
  type ModelContext,
  randomUniform,
  type Tensor,
} from '../../src/index.ts';
import { uniform01 } from '../../src/runtime/index.ts';
import {
  moduleOf,
  type Precision,
  precisions,
  readSource,
  showGradient,
  small,
  trainerOf,
} from './support.ts';

const [rows, columns] = [24, 10];
const keep = 0.7;

/** Makes row i of a batch row i of a state, so that what is seen in training can be read. */
function watch(m: ModelContext, name: string, x: Tensor<readonly ['batch', 10]>): void {
  const select = m.input(`${name}.rows`, ['batch', rows]);
  m.state(name, [rows, columns], constant(0)).set(select.transpose().matmul(x));
}

const declared = small(
  (m) => {
    const x = m.input('x', ['batch', 10]);
    const [one, other] = [dropout(x, { keep }), dropout(x, { keep: 0.5 })];
    watch(m, 'one', one);
    watch(m, 'other', other);
    const scale = m.param('scale', [10], constant(1));
    return { loss: one.mul(scale).mean(), outputs: { one, other } };
  },
  { batch: rows },
);

const identity = Array.from({ length: rows }, (_, i) =>
  Array.from({ length: rows }, (__, k) => Number(i === k)),
);

interface Moment {
  readonly count?: number;
  readonly step?: number;
  readonly seed?: number;
}

/** Calls the training step on `count` rows of ones and returns both dropped batches. */
async function seeing(dtype: Precision) {
  const program = (await moduleOf(declared, dtype)).create();
  const from = (xs: readonly number[]) => (dtype === 'f64' ? Float64Array.from(xs) : Float32Array.from(xs));
  return ({ count = rows, step = 0, seed = 1 }: Moment) => {
    const select = from(identity.slice(0, count).flat());
    const x = from(Array.from({ length: count * columns }, () => 1));
    program.step({ x, 'one.rows': select, 'other.rows': select }, count, step, seed);
    const seen = (name: string) => [...(program.state[name] ?? [])].slice(0, count * columns);
    return { one: seen('one'), other: seen('other') };
  };
}

type See = Awaited<ReturnType<typeof seeing>>;

const maskOf = (values: readonly number[]): string => values.map((x) => (x === 0 ? '0' : '1')).join('');

describe.each(precisions)('in %s', (dtype) => {
  let see: See;
  beforeAll(async () => {
    see = await seeing(dtype);
  });

  it('an element is dropped, or divided by the probability of keeping it', () => {
    const { one, other } = see({});
    const exact = (x: number): number => (dtype === 'f64' ? x : Math.fround(x));
    expect(new Set(one)).toEqual(new Set([0, exact(1 / exact(keep))]));
    expect(new Set(other)).toEqual(new Set([0, 2]));
  });

  it('the rows at hand have the same mask, however many there are', () => {
    const whole = see({});
    for (let count = 1; count < rows; count++) {
      const part = see({ count });
      expect(part.one, `${count} rows`).toEqual(whole.one.slice(0, count * columns));
      expect(part.other, `${count} rows`).toEqual(whole.other.slice(0, count * columns));
    }
  });

  it('equal seed and step have equal masks, and each seed, step and layer has another one', () => {
    const masks = new Set<string>();
    for (const seed of [0, 1, 2, 2 ** 32 - 1])
      for (const step of [0, 1, 2, 1000, 2 ** 31 - 1]) {
        const { one } = see({ seed, step });
        expect(see({ seed, step }).one).toEqual(one);
        masks.add(maskOf(one));
      }
    expect(masks.size).toBe(20);
    // The same probability of keeping, so that only the layer tells them apart.
    const { one, other } = see({});
    expect(maskOf(one)).not.toBe(maskOf(other));
  });

  it('as many are kept as the probability says, in a million draws', () => {
    const steps = 4000;
    const draws = steps * rows * columns;
    const kept = { one: 0, other: 0, both: 0 };
    for (let step = 0; step < steps; step++) {
      const { one, other } = see({ step });
      one.forEach((x, i) => {
        kept.one += Number(x !== 0);
        kept.other += Number(other[i] !== 0);
        kept.both += Number(x !== 0 && other[i] !== 0);
      });
    }
    const expectShare = (count: number, p: number): void => {
      // Five standard deviations of a binomial distribution: one run in two million is beyond.
      expect(Math.abs(count / draws - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / draws));
    };
    expectShare(kept.one, keep);
    expectShare(kept.other, 0.5);
    // Layers draw independently of each other.
    expectShare(kept.both, keep * 0.5);
  });

  it('every position is kept as often, and neighbours independently', () => {
    const steps = 2000;
    const kept = Array.from({ length: rows * columns }, () => 0);
    const [together, again] = [[...kept], [...kept]];
    let before = see({ step: steps }).one;
    for (let step = 0; step < steps; step++) {
      const { one } = see({ step });
      one.forEach((x, i) => {
        if (x === 0) return;
        kept[i] = (kept[i] ?? 0) + 1;
        if (one[(i + 1) % one.length] !== 0) together[i] = (together[i] ?? 0) + 1;
        if (before[i] !== 0) again[i] = (again[i] ?? 0) + 1;
      });
      before = one;
    }
    const furthest = (counts: readonly number[], p: number): number =>
      Math.max(...counts.map((count) => Math.abs(count / steps - p) / Math.sqrt((p * (1 - p)) / steps)));
    // 240 positions: the largest of as many normal numbers is beyond 5 once in seven thousand runs.
    expect(furthest(kept, keep)).toBeLessThan(5);
    expect(furthest(together, keep * keep)).toBeLessThan(5);
    expect(furthest(again, keep * keep)).toBeLessThan(5);
  });
});

describe('dropout', () => {
  it('has the same mask in f32 and f64', async () => {
    const [single, double] = [await seeing('f32'), await seeing('f64')];
    for (let step = 0; step < 50; step++) {
      const [a, b] = [single({ step, seed: 7 }), double({ step, seed: 7 })];
      expect(maskOf(a.one)).toBe(maskOf(b.one));
      expect(maskOf(a.other)).toBe(maskOf(b.other));
    }
  });

  it('has the same mask in f32 and f64 also where the draw is just below the probability', async () => {
    // Of this draw float32 and float64 disagree whether it is below 0.7: 11744051 / 2^24.
    const at = { count: 1, seed: 3, step: 427_342 };
    expect(uniform01(at.seed, 0, at.step, 2)).toBe(Math.floor(keep * 2 ** 24) / 2 ** 24);
    const [single, double] = [await seeing('f32'), await seeing('f64')];
    expect(maskOf(single(at).one)).toBe(maskOf(double(at).one));
  });

  it('draws what randomUniform gives at the same place, in [0, 1)', async () => {
    const drawing = small((m) => {
      const x = m.input('x', ['batch', 10]);
      const drawn = randomUniform(x);
      return { loss: m.param('w', [], constant(1)).square(), outputs: { drawn } };
    });
    const program = (await moduleOf(drawing)).create();
    const see = await seeing('f64');
    const x = new Float64Array(8 * columns);
    for (const [step, seed] of [
      [0, 1],
      [9, 1],
      [3, 4],
    ] as const) {
      const { drawn = [] } = program.predict({ x }, 8, step, seed);
      const draws = [...drawn];
      expect(draws.every((u) => u >= 0 && u < 1)).toBe(true);
      const mask = draws.map((u) => (u < keep ? '1' : '0')).join('');
      expect(mask).toBe(maskOf(see({ count: 8, step, seed }).one));
    }
  });

  it('of keep 1 is the identity: the same code as without it', async () => {
    const code = async (dropping: boolean) => {
      const build = (m: ModelContext) => {
        const x = m.input('x', ['batch', 10]);
        const h = dropping ? dropout(x, { keep: 1 }) : x;
        return { loss: h.mul(m.param('scale', [10], constant(1))).mean(), outputs: { h } };
      };
      return (await compile(small(build), { readSource })).code;
    };
    expect(await code(true)).toBe(await code(false));
    expect(await code(true)).not.toMatch('uniform(');
  });

  it('of two layers of one probability drops other elements in each', async () => {
    const twice = small((m) => {
      const ones = m.param('x', [rows, columns], constant(1));
      const both = [dropout(ones, { keep }), dropout(ones, { keep })] as const;
      m.state('first', [rows, columns], constant(0)).set(both[0]);
      m.state('second', [rows, columns], constant(0)).set(both[1]);
      return { loss: both[0].sum().add(m.input('probe', ['batch']).sum()) };
    });
    const trainer = await trainerOf(twice);
    trainer.step({ probe: [0] });
    expect(maskOf([...(trainer.state.first ?? [])])).not.toBe(maskOf([...(trainer.state.second ?? [])]));
  });

  it('may keep more or less as the steps go on', async () => {
    const shares = [0.25, 0.5, 0.75, 1];
    const scheduled = small(
      (m) => {
        const ones = m.param('x', [rows, columns], constant(1));
        const dropped = dropout(ones, { keep: (t) => t.add(1).mul(0.25) });
        m.state('dropped', [rows, columns], constant(0)).set(dropped);
        return { loss: dropped.sum().add(m.input('probe', ['batch']).sum()) };
      },
      { optimizer: gradientDescent({ learningRate: 0 }) },
    );
    const trainer = await trainerOf(scheduled);
    for (const share of shares) {
      trainer.step({ probe: [0] });
      const dropped = [...(trainer.state.dropped ?? [])];
      const kept = dropped.filter((x) => x !== 0);
      expect(new Set(kept)).toEqual(new Set([1 / share]));
      const spread = Math.sqrt((share * (1 - share)) / dropped.length);
      expect(Math.abs(kept.length / dropped.length - share)).toBeLessThanOrEqual(5 * spread);
    }
  });

  it('is the identity when evaluating and predicting', async () => {
    const trainer = await trainerOf(declared);
    const x = Array.from({ length: 50 }, (_, i) => Array.from({ length: columns }, (__, k) => i - k));
    const select = x.map(() => identity[0] ?? []);
    const data = { x, 'one.rows': select, 'other.rows': select };
    const { one = [], other = [] } = trainer.predict(data);
    expect([...one]).toEqual(x.flat());
    expect([...other]).toEqual(x.flat());
    const mean = x.flat().reduce((sum, value) => sum + value, 0) / (50 * columns);
    expect(trainer.evaluate(data).loss).toBeCloseTo(mean, 12);
  });

  it.each(precisions)('lets the gradient through what is kept alone, divided by keep (%s)', async (dtype) => {
    const module = small(
      (m) => {
        const x = m.param('x', [rows, columns], constant(2));
        const w = m.param('weight', [rows, columns], constant(3), { trainable: false });
        const dropped = dropout(x, { keep });
        m.state('dropped', [rows, columns], constant(0)).set(dropped);
        return {
          loss: dropped
            .mul(w)
            .sum()
            .add(m.input('probe', ['batch']).sum()),
        };
      },
      { optimizer: showGradient },
    );
    const trainer = await trainerOf(module, dtype);
    for (let step = 0; step < 3; step++) {
      trainer.state.x?.fill(2);
      trainer.step({ probe: [0] });
      const [dropped, dX] = [[...(trainer.state.dropped ?? [])], [...(trainer.state.x ?? [])]];
      expect(dropped.filter((x) => x === 0).length).toBeGreaterThan(30);
      dropped.forEach((x, i) => {
        expect(dX[i]).toBeCloseTo(x === 0 ? 0 : 3 / keep, dtype === 'f64' ? 14 : 5);
      });
    }
  });
});
