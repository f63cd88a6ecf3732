/** Random chains of operations, and data or parameters that drive one of them out of its range at one step. */

import {
  constant,
  gradientDescent,
  type Model,
  type ModelContext,
  normal,
  type Scalar,
  type Tensor,
} from '../../src/index.ts';
import { createTrainer, InputError, shuffle, type TrainerModule } from '../../src/runtime/index.ts';
import { pick, type Random } from '../arbitraries/draw.ts';
import { linesOf } from '../dsl/support.ts';
import { type Precision, small } from './support.ts';

const site = linesOf(import.meta.url);

type Rows = Tensor<readonly ['batch']>;

/** An operation, what it is given while all is well, and what it cannot take in each precision. */
interface Danger {
  readonly op: string;
  readonly mark: string;
  readonly apply: (x: Rows, m: ModelContext) => Rows;
  readonly bad: { readonly [P in Precision]: readonly [number, ...number[]] };
}

const dangers: readonly [Danger, ...Danger[]] = [
  {
    op: 'log',
    mark: 'log',
    apply: (x) => x.log(), // log
    bad: { f32: [0, -0, -1, -1e30], f64: [0, -0, -1, -1e300] },
  },
  {
    op: 'sqrt',
    mark: 'sqrt',
    apply: (x) => x.sqrt(), // sqrt
    bad: { f32: [-1, -1e-45], f64: [-1, -5e-324] },
  },
  {
    op: 'exp',
    mark: 'exp',
    apply: (x) => x.exp(), // exp
    bad: { f32: [89, 1e4], f64: [710, 1e4] },
  },
  {
    op: 'expm1',
    mark: 'expm1',
    apply: (x) => x.expm1(), // expm1
    bad: { f32: [89, 1e30], f64: [710, 1e300] },
  },
  {
    op: 'div',
    mark: 'div',
    apply: (x, m) => m.constant(1).div(x), // div
    bad: { f32: [0, -0, 1e-40], f64: [0, -0, 1e-310] },
  },
  {
    op: 'mul',
    mark: 'mul',
    apply: (x) => x.mul(x), // mul
    bad: { f32: [1e20, -3e38], f64: [1e155, -1.7e308] },
  },
];

/** One stage of a chain: the danger is fed by a column of the data, or by a parameter of its own. */
interface Stage {
  readonly danger: Danger;
  readonly fedBy: 'data' | 'parameter';
}

export interface Chain {
  readonly dtype: Precision;
  readonly stages: readonly Stage[];
  readonly declared: Model;
}

const batch = 4;

/** A chain of 2 to 6 stages, in which nothing is squashed: what is spoilt anywhere reaches the loss. */
export function drawChain(random: Random, dtype: Precision): Chain {
  const stages = Array.from(
    { length: 2 + Math.floor(random() * 5) },
    (): Stage => ({ danger: pick(dangers, random), fedBy: random() < 0.7 ? 'data' : 'parameter' }),
  );
  const declared = small(
    (m) => {
      const x: Rows = m.input('x', ['batch']);
      const h = stages.reduce<Rows>(
        (value, { danger, fedBy }, i) => {
          const w: Scalar = m.param(`w${i}`, [], constant(0.5));
          const fed =
            fedBy === 'data' ? m.input(`z${i}`, ['batch']) : x.mul(0).add(m.param(`p${i}`, [], constant(1)));
          return value.mul(w).add(danger.apply(fed, m)).named(`h${i}`);
        },
        x.mul(m.param('w', [], normal(1))),
      );
      return { loss: h.sub(1).square().mean() };
    },
    { batch, optimizer: gradientDescent({ learningRate: 1e-3 }) },
  );
  return { dtype, stages, declared };
}

/** Which stage is given what, in which record, or before which step. */
export interface Point {
  readonly stage: number;
  readonly value: number;
  readonly op: string;
  readonly site: { readonly file: string; readonly line: number };
}

export function points({ stages, dtype }: Chain, random: Random): Point {
  const stage = Math.floor(random() * stages.length);
  const danger = stages[stage]?.danger ?? dangers[0];
  return { stage, value: pick(danger.bad[dtype], random), op: danger.op, site: site(danger.mark) };
}

/** Trains until the point is met; gives the error, the file of the last good state, and where it should be found. */
export async function inject(
  module: TrainerModule,
  { stages }: Chain,
  { stage, value }: Point,
  random: Random,
) {
  const [count, trainerSeed] = [5 + Math.floor(random() * 20), Math.floor(random() * 2 ** 32)];
  const perEpoch = Math.ceil(count / batch);
  const fromData = stages[stage]?.fedBy === 'data';
  const numbers = (): number[] => Array.from({ length: count }, () => 0.5 + random());
  const data = new Map([['x', numbers()]]);
  stages.forEach(({ fedBy }, i) => {
    if (fedBy === 'data') data.set(`z${i}`, numbers());
  });
  const record = Math.floor(random() * count);
  if (fromData) data.get(`z${stage}`)?.splice(record, 1, value);
  const order = new Uint32Array(count);
  shuffle(order, trainerSeed, 0);
  const step = fromData
    ? Math.floor(order.indexOf(record) / batch) + 1
    : 1 + Math.floor(random() * 2 * perEpoch);
  const trainer = createTrainer(module, { seed: trainerSeed });
  const spoil = (): void => {
    if (!fromData && trainer.steps === step - 1) trainer.state[`p${stage}`]?.fill(value);
  };
  spoil();
  let lastGood = Buffer.from(trainer.save());
  try {
    for await (const _ of trainer.fit(Object.fromEntries(data), { epochs: 2 })) {
      spoil();
      lastGood = Buffer.from(trainer.save());
    }
  } catch (error) {
    if (error instanceof InputError) return { error, lastGood, trainer, step, perEpoch };
    throw error;
  }
  throw new Error(`The training went on past step ${step}: ${value} in stage ${stage}.`);
}
