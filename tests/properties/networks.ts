/** Small random networks, and the ways of writing them down that must not change what they compute. */

import fc from 'fast-check';
import { compile } from '../../src/compile.ts';
import {
  adam,
  constant,
  dropout,
  gradientDescent,
  type Model,
  type ModelContext,
  model,
  momentum,
  nesterov,
  type Optimizer,
  type Shape,
  type Tensor,
} from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import type { TrainerModule } from '../../src/runtime/index.ts';
import { pick, type Random, randomFrom } from '../arbitraries/draw.ts';

export interface Network {
  readonly dtype: 'f32' | 'f64';
  readonly width: number;
  readonly layers: readonly { readonly units: number; readonly activation: number; readonly bias: boolean }[];
  readonly classes: number;
  readonly optimizer: number;
  readonly dropped: boolean;
  readonly seed: number;
}

const size = fc.integer({ min: 1, max: 5 });

export const networks: fc.Arbitrary<Network> = fc.record({
  dtype: fc.constantFrom('f32', 'f64'),
  width: size,
  layers: fc.array(fc.record({ units: size, activation: fc.nat(6), bias: fc.boolean() }), {
    minLength: 1,
    maxLength: 3,
  }),
  classes: fc.integer({ min: 2, max: 4 }),
  optimizer: fc.nat(3),
  dropped: fc.boolean(),
  seed: fc.nat(2 ** 30),
});

/** How a network is written down. */
export interface Writing {
  /** What each parameter is called. */
  readonly nameOf?: (name: string) => string;
  /** Declares the parameters in an order drawn from this. */
  readonly order?: number;
  /** Draws from this where something that changes nothing is put in. */
  readonly inserted?: number;
  /** Adds two frozen numbers: `shift` is added to the logits, `scale` multiplies the loss. */
  readonly knobs?: boolean;
  /** In place of the network's own. */
  readonly optimizer?: Optimizer;
}

type Any = Tensor<Shape>;

const activations: readonly ((x: Any) => Any)[] = [
  (x) => x.relu(),
  (x) => x.tanh(),
  (x) => x.sigmoid(),
  (x) => x.softplus(),
  (x) => x.mul(x.sigmoid()),
  (x) => x.sub(x.mean(1, { keep: true })),
  (x) => x.sub(x.logSumExp(1, { keep: true })).exp(),
];

const optimizers: readonly [Optimizer, ...Optimizer[]] = [
  gradientDescent({ learningRate: 0.1 }),
  momentum({ learningRate: 0.1 }),
  nesterov({ learningRate: 0.1 }),
  adam({ learningRate: 0.05 }),
];

/** Name and shape of each parameter. */
export function parametersOf({ width, layers, classes }: Network): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const sizes = [width, ...layers.map(({ units }) => units), classes];
  sizes.slice(1).forEach((units, i) => {
    shapes.set(`w${i}`, [sizes[i] ?? 0, units]);
    if (layers[i]?.bias ?? true) shapes.set(`b${i}`, [units]);
  });
  return shapes;
}

/** In an order that is drawn. */
export const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

const identities: readonly [(x: Any) => Any, ...((x: Any) => Any)[]] = [
  (x) => x,
  (x) => x.mul(1),
  (x) => x.add(-0),
  (x) => x.neg().neg(),
  // An axis of one is put in behind the first and taken out again.
  (x) => x.reshape([...x.shape.slice(0, 1), 1, ...x.shape.slice(1)]).reshape(x.shape),
  (x) => (x.shape[0] === 'batch' ? x.reshape([...x.shape, 1]) : x.reshape([1, ...x.shape])).reshape(x.shape),
  (x) => x.transpose().transpose(),
];

/** A classifier of rows `x` whose targets `t` are rows of numbers; the loss of each row is an output as well. */
export function write(network: Network, writing: Writing = {}): Model {
  const { nameOf = (name) => name, order, inserted, knobs = false } = writing;
  const build = (m: ModelContext) => {
    const names = [...parametersOf(network)];
    const parameters = new Map<string, Any>();
    const random = inserted === undefined ? undefined : randomFrom(inserted);
    const around = (x: Any): Any => (random ? pick(identities, random)(x) : x);
    const [x, t]: readonly Any[] = [
      m.input('x', ['batch', network.width]),
      m.input('t', ['batch', network.classes]),
    ];
    for (const [name, shape] of order === undefined ? names : shuffled(names, randomFrom(order)))
      parameters.set(name, m.param(nameOf(name), shape, constant(0)));
    const affine = (value: Any, layer: number): Any => {
      const [w, b] = [parameters.get(`w${layer}`), parameters.get(`b${layer}`)];
      const product = w ? around(value.matmul(around(w))) : value;
      return b ? product.add(around(b)) : product;
    };
    let h = around(x ?? m.constant(0));
    network.layers.forEach(({ activation }, layer) => {
      h = around(activations[activation % activations.length]?.(affine(h, layer)) ?? h);
      if (network.dropped) h = around(dropout(h, { keep: 0.75 }));
    });
    const knob = (name: string, value: number) => m.param(name, [], constant(value), { trainable: false });
    const plain = affine(h, network.layers.length);
    const logits = around(knobs ? plain.add(knob('shift', 0)) : plain);
    const perRow = around(logits.logSumExp(1).sub(logits.mul(t ?? logits).sum(1)));
    const loss = knobs ? perRow.mean().mul(knob('scale', 1)) : perRow.mean();
    return { loss, outputs: { perRow, logits } };
  };
  return model('network', build, {
    batch: 8,
    optimizer: writing.optimizer ?? optimizers[network.optimizer % optimizers.length] ?? optimizers[0],
  });
}

const known = new Map<string, Promise<TrainerModule>>();

/** The module of a network as it is, made once: several laws are tried on the same. */
export function plainModule(network: Network): Promise<TrainerModule> {
  const key = JSON.stringify(network);
  const found = known.get(key) ?? moduleOf(write(network), network.dtype);
  known.set(key, found);
  return found;
}

export const moduleOf = async (declared: Model, dtype: 'f32' | 'f64'): Promise<TrainerModule> =>
  instantiate((await compile(declared, { dtype })).code);

export interface Rows {
  readonly x: readonly (readonly number[])[];
  readonly t: readonly (readonly number[])[];
}

/** `count` rows, each with a target of one 1 among zeros. */
export function rowsFor({ width, classes, seed }: Network, count: number): Rows {
  const random = randomFrom(seed ^ count);
  const row = (): readonly number[] => Array.from({ length: width }, () => Math.fround(4 * random() - 2));
  const target = (at: number): readonly number[] =>
    Array.from({ length: classes }, (_, c) => Number(c === at));
  return {
    x: Array.from({ length: count }, row),
    t: Array.from({ length: count }, () => target(Math.floor(random() * classes))),
  };
}

/** Start values of all parameters, by their plain names. */
export function startOf(network: Network): ReadonlyMap<string, readonly number[]> {
  const random = randomFrom(network.seed + 1);
  return new Map(
    [...parametersOf(network)].map(([name, shape]) => [
      name,
      Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(2 * random() - 1)),
    ]),
  );
}
