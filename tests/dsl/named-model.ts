/** A model in which everything that a user can name is named by the test, and what training it gives. */

import { compile } from '../../src/compile.ts';
import { dense, type Model, model, type Optimizer, relu, softmax, zeros } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer } from '../../src/runtime/index.ts';

const roles = ['model', 'input', 'label', 'parameter', 'layer', 'value', 'metric', 'output', 'slot'] as const;
export type Role = (typeof roles)[number];
export type Names = Readonly<Record<Role, string>>;

/** A name for each role. */
export const namesBy = (nameOf: (role: Role) => string): Names => ({
  model: nameOf('model'),
  input: nameOf('input'),
  label: nameOf('label'),
  parameter: nameOf('parameter'),
  layer: nameOf('layer'),
  value: nameOf('value'),
  metric: nameOf('metric'),
  output: nameOf('output'),
  slot: nameOf('slot'),
});

const momentum = (slotName: string): Optimizer => ({
  name: 'momentum',
  learningRate: 0.1,
  update({ parameter, gradient, rate, slot }) {
    const velocity = slot(slotName);
    const next = velocity.value.mul(0.5).add(gradient);
    velocity.set(next);
    return parameter.sub(rate.mul(next));
  },
});

export const modelOf = (names: Names): Model =>
  model(
    names.model,
    (m) => {
      const x = m.input(names.input, ['batch', 3]);
      const y = m.label(names.label, ['batch', 2]);
      const offset = m.param(names.parameter, [2], zeros());
      const layer = dense(x, 2, { name: names.layer });
      const h = relu(layer).named(names.value);
      const error = h.add(offset).sub(y);
      return {
        loss: error.mul(error).mean(),
        metrics: { [names.metric]: h.sum(1).mean() },
        outputs: { [names.output]: softmax(h) },
      };
    },
    { batch: 2, optimizer: momentum(names.slot) },
  );

export const emit = async (names: Names): Promise<string> => (await compile(modelOf(names))).code;

/** An object with exactly these own properties, whatever they are called. */
const own = <T>(...entries: readonly (readonly [string, T])[]): { readonly [name: string]: T } =>
  Object.fromEntries(entries);

const ownValue = <T>(object: { readonly [name: string]: T }, name: string): T | undefined =>
  Object.getOwnPropertyDescriptor(object, name)?.value;

/** Three steps on two records: what they report, what the model then predicts, and the names of its state. */
export async function train(names: Names) {
  const trainer = createTrainer(await instantiate(await emit(names)));
  const columns = own([names.input, [1, -2, 3, 0.5, 0, -1]], [names.label, [1, 0, 0, 1]]);
  const steps = [1, 2, 3].map(() => trainer.step(columns));
  const saved = trainer.save();
  trainer.load(saved);
  return {
    losses: steps.map(({ loss }) => loss),
    metrics: steps.map((step) => ownValue(step, names.metric)),
    evaluated: ownValue(trainer.evaluate(columns), names.metric),
    output: ownValue(trainer.predict(columns), names.output),
    state: Object.keys(trainer.state).sort(),
  };
}
