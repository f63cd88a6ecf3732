/** How a random program is trained and used: plain descent, moments, a look-ahead, statistics that only inference reads. */

import type { Builder } from '../../ir/builder.ts';
import type { Program, StateDecl, Update } from '../../ir/program.ts';
import { substitute } from '../../ir/substitute.ts';
import type { Value } from '../../ir/value.ts';

export interface Drawn {
  readonly o: Builder;
  readonly loss: Value;
  readonly predicted: readonly Value[];
  readonly parameters: readonly StateDecl[];
  /** A value without a batch axis, of which an average is remembered. */
  readonly watched: Value | undefined;
  /**
   * Bits: 1 moments, 2 look-ahead (with moments), 4 a statistic and an inference that differs from
   * training, 8 updates that read what other updates write.
   */
  readonly mode: number;
}

type Training = Pick<Program, 'states' | 'functions'>;

const named = (prefix: string, values: readonly Value[]) =>
  values.map((value, i) => ({ name: `${prefix}${i}`, value }));

export function trainingOf({ o, loss, predicted, parameters, watched, mode }: Drawn): Training {
  const stateOf = ({ name, dtype, shape }: StateDecl): Value => o.state({ name, dtype, shape });
  const slot = ({ name, dtype, shape }: StateDecl): StateDecl => ({
    name: `${name}.m`,
    role: 'slot',
    dtype,
    shape,
    init: { kind: 'constant', value: 0 },
  });
  const slots = mode & 1 ? parameters.map(slot) : [];
  const statistic: StateDecl | undefined =
    mode & 4 && watched
      ? {
          name: 'running',
          role: 'statistic',
          dtype: o.float,
          shape: watched.shape.map(Number),
          init: { kind: 'constant', value: 0 },
        }
      : undefined;
  const points = parameters.map((decl, i) => {
    const moment = slots[i];
    return moment && mode & 2 ? o.sub(stateOf(decl), o.mul(stateOf(moment), 0.9)) : stateOf(decl);
  });
  const ahead = moveTo(o, [loss, ...(watched ? [watched] : [])], parameters, points);
  const training = ahead(loss);
  const entangled = (mode & 8) > 0;
  const swapped = entangled ? ['p', 'q'].map((name) => scalarSlot(o, name)) : [];
  const updates = o.within({ role: 'update' }, (): Update[] => [
    ...(statistic && watched
      ? [
          {
            state: statistic.name,
            value: entangled ? watched : average(o, stateOf(statistic), ahead(watched)),
          },
        ]
      : []),
    ...parameters.flatMap((decl, i) => {
      const moment = slots[i];
      const gradient = o.grad(training, points[i] ?? stateOf(decl));
      const next = moment ? average(o, stateOf(moment), gradient) : gradient;
      const stepped = o.sub(stateOf(decl), o.mul(0.1, next));
      // The old value of a parameter that has its new one by now.
      const before = entangled ? parameters[i - 1] : undefined;
      const value = before
        ? o.add(stepped, o.mul(0.01, o.sum(stateOf(before), { axes: axesOf(before) })))
        : stepped;
      return [...(moment ? [{ state: moment.name, value: next }] : []), { state: decl.name, value }];
    }),
    ...swapped.map(({ name }, i) => ({ state: name, value: stateOf(swapped[1 - i] ?? scalarSlot(o, name)) })),
  ]);
  const reported = swapped.map((decl) => ({ name: decl.name, value: stateOf(decl) }));
  // In inference one parameter is read with the statistic added, as far as their shapes go together.
  const [first] = parameters;
  const shift =
    statistic && first ? [o.add(stateOf(first), o.sum(stateOf(statistic), { axes: axesOf(statistic) }))] : [];
  const inference = moveTo(o, [loss, ...predicted], first ? [first] : [], shift);
  return {
    states: [...parameters, ...(statistic ? [statistic] : []), ...slots, ...swapped],
    functions: [
      { name: 'step', results: [{ name: 'loss', value: training }, ...reported], updates },
      { name: 'evaluate', results: [{ name: 'loss', value: inference(loss) }], updates: [] },
      { name: 'predict', results: named('p', predicted.map(inference)), updates: [] },
    ],
  };
}

/** A number that is nothing but handed on. */
const scalarSlot = (o: Builder, name: string): StateDecl => ({
  name,
  role: 'slot',
  dtype: o.float,
  shape: [],
  init: { kind: 'constant', value: 0 },
});

const axesOf = ({ shape }: StateDecl): number[] => shape.map((_, axis) => axis);

const average = (o: Builder, old: Value, next: Value): Value => o.add(o.mul(old, 0.9), o.mul(next, 0.1));

function moveTo(
  o: Builder,
  roots: readonly Value[],
  parameters: readonly StateDecl[],
  points: readonly Value[],
): (value: Value) => Value {
  const at = new Map(parameters.map(({ name }, i) => [name, points[i]]));
  return substitute(o, roots, {
    replacementOf: (leaf) => {
      const value = leaf.op === 'state' ? at.get(String(leaf.attrs.name)) : undefined;
      return value && value !== leaf ? { value, mode: 'final' } : undefined;
    },
  });
}
