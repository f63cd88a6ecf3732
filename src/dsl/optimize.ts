/** The optimizer's part of the step: where gradients are taken, and the next values of parameters and slots. */

import { errors } from '../../ir/errors.ts';
import type { Result, Update } from '../../ir/program.ts';
import { substitute } from '../../ir/substitute.ts';
import { sameShape, showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { biasCorrection } from '../optim/bias-correction.ts';
import { checkRate } from '../optim/checks.ts';
import type { Hyperparameter, LookAheadContext, Optimizer, ScheduleContext } from '../optim/optimizer.ts';
import { createContext, type Model, stepNumber } from './model.ts';
import type { Recording } from './recording.ts';
import type { Shape } from './shapes.ts';
import { createSlot, type Slot } from './slot.ts';
import { isTensor, type Scalar, type Tensor, type TensorLike, wrap } from './tensor.ts';

/** The training variant of the model: `loss` first among the results. */
export interface Objective {
  readonly results: readonly Result[];
  readonly updates: readonly Update[];
}

/** What the parts of the optimization have in common. */
interface Optimization {
  readonly recording: Recording;
  readonly optimizer: Optimizer;
  readonly slots: Slots;
  readonly step: Scalar;
  readonly momentum: Scalar;
  readonly trained: readonly string[];
}

/** Step results and updates of a model that trains the parameters named `trained`. */
export function optimize(
  { options, site }: Model,
  recording: Recording,
  objective: Objective,
  trained: readonly string[],
): Objective {
  const { optimizer } = options;
  const within = <T>(role: 'forward' | 'update', body: () => T): T =>
    recording.o.within({ role, ...(site ? { site } : {}) }, body);
  const own = recording.updates.length;
  const slots = createSlots(recording);
  const step = within('update', () => stepNumber(recording));
  const ahead = optimizer.lookAhead !== undefined;
  const momentum = within(ahead ? 'forward' : 'update', () =>
    evaluate(recording, 'momentum', optimizer.momentum ?? 0, step, {
      slots,
      metric: ahead ? tooEarly : metricOf(recording, objective.results),
    }),
  );
  const optimization: Optimization = { recording, optimizer, slots, step, momentum, trained };
  const points = within('forward', () => pointsOf(optimization));
  const moved = moveTo(recording, objective, trained, points);
  const results = within('update', () => update(optimization, moved.results, points));
  return { results, updates: [...moved.updates, ...recording.updates.slice(own)] };
}

const contextOf = ({ recording, slots, step, momentum }: Optimization, name: string): LookAheadContext => ({
  name,
  parameter: tensorOf(recording, parameterOf(recording, name)),
  step,
  momentum,
  constant: (constant, value) => namedNumber(recording, constant, value),
  slot: (slot, initial = 0) => slots.like(name, slot, initial),
});

/** Where the gradient of each parameter is taken. */
function pointsOf(optimization: Optimization): Value[] {
  const { recording, optimizer, trained } = optimization;
  return trained.map((name) => {
    const parameter = parameterOf(recording, name);
    const point = optimizer.lookAhead
      ? like('lookAhead', optimizer.lookAhead(contextOf(optimization, name)), parameter)
      : parameter;
    if (point !== parameter) recording.o.annotate(point, { name: `${name}Ahead` });
    return point;
  });
}

/** Records the update of every parameter; gives the results of the step. */
function update(
  optimization: Optimization,
  results: readonly Result[],
  points: readonly Value[],
): readonly Result[] {
  const { recording, optimizer, slots, step, momentum, trained } = optimization;
  const rate = evaluate(recording, 'learningRate', optimizer.learningRate, step, {
    slots,
    metric: metricOf(recording, results),
  });
  const [first, ...metrics] = results;
  if (!first) throw errors.invalid('the step has no loss');
  const raw = points.map((point) => tensorOf(recording, recording.o.grad(first.value, point)));
  const gradients = optimizer.gradients?.(raw) ?? raw;
  const momentumCorrection = once(() => correctionOf(optimizer.momentum ?? 0, momentum, step, slots));
  trained.forEach((name, i) => {
    const parameter = parameterOf(recording, name);
    const gradient = gradients[i];
    if (!gradient) throw errors.option('gradients', `${raw.length} gradients`, gradients.length);
    like('gradients', gradient, parameter);
    const context = { ...contextOf(optimization, name), gradient, rate, momentumCorrection };
    recording.updates.push({ state: name, value: like('update', optimizer.update(context), parameter) });
  });
  const reported = optimizer.momentum === undefined ? [] : [{ name: 'momentum', value: momentum.value }];
  return [first, { name: 'learningRate', value: rate.value }, ...reported, ...metrics];
}

const tensorOf = (recording: Recording, value: Value): Tensor<Shape> => wrap(recording, value, 'float');

function parameterOf({ stateValues }: Recording, name: string): Value {
  const value = stateValues.get(name);
  if (!value) throw errors.invalid(`parameter ${name} is not declared`);
  return value;
}

/** What the optimizer gave for a parameter; throws unless it is a tensor like it. */
function like(what: string, given: unknown, parameter: Value): Value {
  const { value } = tensorFrom(`${what} of the optimizer`, given);
  if (sameShape(value.shape, parameter.shape) && value.dtype === parameter.dtype) return value;
  throw errors.shapesDiffer(
    `${what} of the optimizer`,
    showType(value),
    `the parameter, ${showType(parameter)},`,
  );
}

/** What a user's function gave, as no type checker may have seen it. */
function tensorFrom(what: string, given: unknown): TensorLike {
  if (isTensor(given)) return given;
  throw errors.dtype(what, String(given), 'a tensor');
}

function evaluate(
  recording: Recording,
  name: string,
  hyper: Hyperparameter,
  step: Scalar,
  { slots, metric }: { readonly slots: Slots; readonly metric: ScheduleContext['metric'] },
): Scalar {
  if (typeof hyper !== 'function') {
    checkRate(name, hyper);
    return namedNumber(recording, name, hyper);
  }
  const { constant } = createContext(recording);
  const state: ScheduleContext['state'] = (own, initial) => slots.scalar(`${name}.${own}`, initial);
  const { value } = tensorFrom(name, hyper(step, { constant, metric, state }));
  if (value.shape.length > 0) throw errors.rank(name, showType(value), 'one number');
  recording.o.annotate(value, { name });
  return wrap(recording, value, 'float');
}

function namedNumber(recording: Recording, name: string, value: number): Scalar {
  const { o, float } = recording;
  const constant = o.constant({ value, dtype: float, shape: [], name });
  o.annotate(constant, { name });
  return wrap(recording, constant, 'float');
}

const tooEarly = (name: string): never => {
  throw errors.metricTooEarly(name);
};

const metricOf =
  (recording: Recording, results: readonly Result[]) =>
  (name: string): Scalar => {
    const found = results.find((result) => result.name === name);
    if (!found)
      throw errors.metricUnknown(
        name,
        results.map((result) => result.name),
      );
    return wrap(recording, found.value, 'float');
  };

/** The objective computed from `points` in place of the parameters. */
function moveTo(
  recording: Recording,
  { results, updates }: Objective,
  trained: readonly string[],
  points: readonly Value[],
): Objective {
  const moved = new Map(trained.map((name, i) => [parameterOf(recording, name), points[i]] as const));
  if ([...moved].every(([from, to]) => from === to)) return { results, updates };
  const at = substitute(
    recording.o,
    [...results, ...updates].map(({ value }) => value),
    {
      replacementOf: (leaf) => {
        const value = moved.get(leaf);
        return value && { value, mode: 'final' };
      },
    },
  );
  return {
    results: results.map((result) => ({ ...result, value: at(result.value) })),
    updates: updates.map((update) => ({ ...update, value: at(update.value) })),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function correctionOf(hyper: Hyperparameter, momentum: Scalar, step: Scalar, slots: Slots): Scalar {
  if (typeof hyper === 'number') return biasCorrection(hyper, step).named('correction1');
  const product = slots.scalar('momentum.product', 1);
  const next = product.value.mul(momentum);
  product.set(next);
  return next.neg().add(1).named('correction1');
}

type Slots = ReturnType<typeof createSlots>;

/** The optimizer's own state: made when first asked for. */
function createSlots(recording: Recording) {
  const slot = <S extends Shape>(known: Map<string, Slot<S>>, name: string, like: Shape, value: number) => {
    const shape = like.map(Number);
    const init = { kind: 'constant', value } as const;
    const found = known.get(name) ?? createSlot<S>(recording, { role: 'slot', name, shape, init });
    known.set(name, found);
    return found;
  };
  const arrays = new Map<string, Slot>();
  const scalars = new Map<string, Slot<readonly []>>();
  return {
    like: (parameter: string, name: string, initial: number): Slot =>
      slot(arrays, `${parameter}.${name}`, parameterOf(recording, parameter).shape, initial),
    scalar: (name: string, initial: number): Slot<readonly []> => slot(scalars, name, [], initial),
  };
}
