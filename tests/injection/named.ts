/** A model with many names of every kind at once, and what it computes, told by place and not by name. */

import { type Compiled, type CompileOptions, compile } from '../../src/compile.ts';
import { dense, type Model, model, type Optimizer, relu, softmax, uniform } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer, decodeSafetensors } from '../../src/runtime/index.ts';
import { isAllowed } from './names.ts';

/** How many names of each kind a model takes. Of the first kinds those only that parameters may have. */
const declared = { inputs: 3, labels: 2, parameters: 4, layers: 2, slots: 2, statistics: 1 } as const;
const free = { values: 5, metrics: 5, outputs: 4 } as const;

type Kind = keyof typeof declared | keyof typeof free;
export type Names = Readonly<Record<Kind, readonly string[]>> & { readonly model: string };

/** So many names fit one model: each is a value, a metric or an output, and, where it is allowed, declared as well. */
export const namesPerModel = 14;

/** What the trainer reports itself, under names that no metric may have. */
const reserved = new Set('loss learningRate momentum step epoch samplesSeen skipped stepsTotal'.split(' '));

/** Names for all roles from a few, and harmless ones for the places that are left. */
export function namesFrom(all: readonly string[], harmless: (kind: string, i: number) => string): Names {
  // What looks the same is the same name, and would be declared twice.
  const allowed = all.filter(
    (name, i) => isAllowed(name) && all.findIndex((other) => looksLike(other, name)) === i,
  );
  // The names of a layer's arrays and of their slots are put together, and are to stay short enough.
  const parts = allowed.filter(({ length }) => length <= 100);
  const whole = allowed.filter(({ length }) => length > 100);
  const take = (from: string[], kind: Kind, count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => from.shift() ?? harmless(kind, i));
  const takePart = (kind: keyof typeof declared) => take(parts, kind, declared[kind]);
  const takeWhole = (kind: keyof typeof declared) =>
    take(whole.length > 0 ? whole : parts, kind, declared[kind]);
  const metrics = all.filter((name) => !reserved.has(name)).slice(0, free.metrics);
  const others = all.filter((name) => !metrics.includes(name));
  const [model = harmless('model', 0)] = all.filter(({ length }) => length <= 256);
  return {
    model,
    inputs: takeWhole('inputs'),
    labels: takeWhole('labels'),
    statistics: takeWhole('statistics'),
    parameters: takePart('parameters'),
    layers: takePart('layers'),
    slots: takePart('slots'),
    values: take(others, 'values', free.values),
    outputs: take(others, 'outputs', free.outputs),
    metrics: take([...metrics], 'metrics', free.metrics),
  };
}

const looksLike = (a: string, b: string): boolean => a.normalize('NFC') === b.normalize('NFC');

const remembering = ([first = '', second = '']: readonly string[]): Optimizer => ({
  name: 'remembering',
  learningRate: 0.1,
  update({ parameter, gradient, rate, slot }) {
    const velocity = slot(first);
    const count = slot(second);
    const next = velocity.value.mul(0.5).add(gradient);
    velocity.set(next);
    count.set(count.value.add(1));
    return parameter.sub(rate.mul(next));
  },
});

export const modelOf = (names: Names): Model =>
  model(
    names.model,
    (m) => {
      const inputs = names.inputs.map((name) => m.input(name, ['batch', 2]));
      const labels = names.labels.map((name) => m.label(name, ['batch', 2]));
      const parameters = names.parameters.map((name) => m.param(name, [2], uniform(-1, 1)));
      const mean = m.state(names.statistics[0] ?? '', [2], () => ({ kind: 'constant', value: 0 }));
      const sum = inputs.reduce((total, x) => total.add(x));
      mean.set(mean.value.mul(0.9).add(sum.mean(0)));
      const hidden = names.layers.map((name) => relu(dense(sum, 2, { name })));
      const terms = names.values.map((name, i) =>
        (hidden[i % hidden.length] ?? sum)
          .mul(parameters[i % parameters.length] ?? sum)
          .add(i + 1)
          .named(name),
      );
      const total = terms.reduce((all, term) => all.add(term)).sub(mean.value);
      const error = labels.reduce((rest, label) => rest.sub(label), total);
      return {
        loss: error.square().mean(),
        metrics: Object.fromEntries(names.metrics.map((name, i) => [name, total.mul(i + 1).mean()])),
        outputs: Object.fromEntries(names.outputs.map((name, i) => [name, softmax(total.mul(i + 2))])),
      };
    },
    { batch: 2, optimizer: remembering(names.slots) },
  );

export const compiled = (names: Names, options: CompileOptions = {}): Promise<Compiled> =>
  compile(modelOf(names), options);

const ownValue = <T>(object: { readonly [name: string]: T }, name: string): T => {
  const value = Object.getOwnPropertyDescriptor(object, name)?.value;
  if (value === undefined) throw new Error(`There is no ${JSON.stringify(name)}.`);
  return value;
};

/** The names of the state in the order of their declaration. */
export function stateNames({ parameters, statistics, layers, slots }: Names): readonly string[] {
  const trained = [...parameters, ...layers.flatMap((layer) => [`${layer}.w`, `${layer}.b`])];
  const own = [...parameters, ...statistics, ...layers.flatMap((layer) => [`${layer}.w`, `${layer}.b`])];
  return [...own, ...trained.flatMap((name) => slots.map((slot) => `${name}.${slot}`))];
}

/** Two steps on two records: what they report, the model then predicts and saves, each in the order of the roles. */
export async function numbersOf(code: string, names: Names) {
  const trainer = createTrainer(await instantiate(code), { seed: 3 });
  const columns = Object.fromEntries(
    [...names.inputs, ...names.labels].map((name, i) => [name, [1, -2, 0.5, i]]),
  );
  const steps = [trainer.step(columns), trainer.step(columns)];
  const { tensors } = decodeSafetensors(trainer.save());
  trainer.load(trainer.save());
  const evaluated = trainer.evaluate(columns);
  const predicted = trainer.predict(columns);
  return {
    losses: steps.map(({ loss }) => loss),
    metrics: names.metrics.map((name) => [...steps, evaluated].map((step) => ownValue(step, name))),
    outputs: names.outputs.map((name) => [...ownValue(predicted, name)]),
    saved: stateNames(names).map((name) => [...(tensors.get(name)?.data ?? [Number.NaN])]),
    states: tensors.size,
  };
}

/** Names that objects put first, in ascending order, whatever the order they were given in. */
const isIndex = (name: string): boolean => /^(?:0|[1-9]\d*)$/.test(name) && Number(name) < 2 ** 32 - 1;

/** Harmless names in all places, but for indices, which would move results to other places. */
export function harmlessLike(names: Names): Names {
  const harmless = (kind: string) => (name: string, i: number) => (isIndex(name) ? name : `a ${kind} ${i}`);
  const plain = (kind: Kind): readonly string[] => names[kind].map((_, i) => `a ${kind} ${i}`);
  return {
    model: 'a model',
    inputs: plain('inputs'),
    labels: plain('labels'),
    parameters: plain('parameters'),
    layers: plain('layers'),
    slots: plain('slots'),
    statistics: plain('statistics'),
    values: plain('values'),
    outputs: names.outputs.map(harmless('outputs')),
    metrics: names.metrics.map(harmless('metrics')),
  };
}
