/** Update rules of optimizers by hand, and the training loop that applies them to the reference network. */

import { type Arrays, type Network, named, passOf, type Samples, total } from './reference.ts';

/** What a rule sees of one number: the parameter, its gradient, what it remembers, the step t from 1. */
export interface Place {
  readonly name: string;
  readonly p: number;
  readonly g: number;
  /** Numbers that the rule keeps from step to step, 0 at first; the rule writes to it. */
  readonly memory: { m: number; v: number };
  readonly t: number;
  readonly rate: number;
  /** The momentum of every step up to this one. */
  readonly betas: readonly number[];
}

export type Rule = (place: Place) => number;

const beta = ({ betas }: Place): number => betas[betas.length - 1] ?? 0;
const moved = (old: number, share: number, x: number): number => share * old + (1 - share) * x;

/** 1 less the product of the momenta so far: 1 - beta^t where it is fixed. */
const corrected = ({ betas }: Place): number => 1 - betas.reduce((all, one) => all * one, 1);

export const descent: Rule = ({ p, g, rate }) => p - rate * g;

export const heavyBall =
  (correction: boolean): Rule =>
  (place) => {
    const { memory, p, g, rate } = place;
    memory.v = moved(memory.v, beta(place), g);
    return p - (rate * memory.v) / (correction ? corrected(place) : 1);
  };

export const rootMeanSquare =
  (decay: number, epsilon: number): Rule =>
  ({ p, g, memory, rate }) => {
    memory.v = moved(memory.v, decay, g * g);
    return p - (rate * g) / (Math.sqrt(memory.v) + epsilon);
  };

interface Moments {
  readonly beta2: number;
  readonly epsilon: number;
}

export const adamRule =
  ({ beta2, epsilon }: Moments, correction = true): Rule =>
  (place) => {
    const { p, g, memory, t, rate } = place;
    memory.m = moved(memory.m, beta(place), g);
    memory.v = moved(memory.v, beta2, g * g);
    const [mean, square] = correction
      ? [memory.m / corrected(place), memory.v / (1 - beta2 ** t)]
      : [memory.m, memory.v];
    return p - (rate * mean) / (Math.sqrt(square) + epsilon);
  };

export const adamaxRule =
  ({ beta2, epsilon }: Moments): Rule =>
  (place) => {
    const { p, g, memory, rate } = place;
    memory.m = moved(memory.m, beta(place), g);
    memory.v = Math.max(beta2 * memory.v, Math.abs(g));
    return p - ((rate / corrected(place)) * memory.m) / (memory.v + epsilon);
  };

export const nadamRule =
  ({ beta2, epsilon }: Moments): Rule =>
  (place) => {
    const { p, g, memory, t, rate } = place;
    const beta1 = beta(place);
    memory.m = moved(memory.m, beta1, g);
    memory.v = moved(memory.v, beta2, g * g);
    const mean = (beta1 * memory.m) / (1 - beta1 ** (t + 1)) + ((1 - beta1) * g) / (1 - beta1 ** t);
    return p - (rate * mean) / (Math.sqrt(memory.v / (1 - beta2 ** t)) + epsilon);
  };

/** `rule`, and rate * decay * p is taken off beside it. */
export const decaying =
  (rule: Rule, decay: number, only: (name: string) => boolean = () => true): Rule =>
  (place) =>
    rule(place) - (only(place.name) ? place.rate * decay * place.p : 0);

export interface Training {
  readonly network: Network;
  readonly start: Arrays;
  readonly batches: readonly Samples[];
  readonly rule: Rule;
  /** Learning rate of step t, from 0. */
  readonly rate: (t: number) => number;
  readonly beta?: (t: number) => number;
  /** The gradient is taken at p - beta v. */
  readonly lookAhead?: boolean;
  readonly maxNorm?: number;
  /** Parameters that stay as they are. */
  readonly frozen?: readonly string[];
}

export interface Trained {
  readonly losses: readonly number[];
  readonly norms: readonly number[];
  readonly parameters: Arrays;
  /** Averages of the batches' statistics with momentum 0.9, from mean 0 and variance 1. */
  readonly running: Arrays;
}

const scaled = (arrays: Arrays, factor: number): Arrays =>
  Object.fromEntries(Object.entries(arrays).map(([name, xs]) => [name, xs.map((x) => x * factor)]));

const averaged = (running: Arrays, statistics: Arrays): Arrays =>
  Object.fromEntries(
    Object.entries(statistics).map(([name, xs]) => {
      const start = name.startsWith('variance') ? 1 : 0;
      return [name, xs.map((x, i) => 0.9 * (running[name]?.[i] ?? start) + 0.1 * x)];
    }),
  );

/** `change` for every number of every array that is not frozen. */
const eachFree = (
  arrays: Arrays,
  frozen: readonly string[],
  change: (x: number, name: string, i: number) => number,
): Arrays =>
  Object.fromEntries(
    Object.entries(arrays).map(([name, xs]) => [
      name,
      frozen.includes(name) ? xs : xs.map((x, i) => change(x, name, i)),
    ]),
  );

/** One pass over `batches`, which may repeat. */
export function trainByHand(training: Training): Trained {
  const { network, batches, rule, rate, lookAhead = false, maxNorm, frozen = [] } = training;
  const memories = new Map(
    Object.entries(training.start).map(([name, xs]) => [name, xs.map(() => ({ m: 0, v: 0 }))]),
  );
  const memoryOf = (name: string, i: number) => memories.get(name)?.[i] ?? { m: Number.NaN, v: Number.NaN };
  const [losses, norms, betas]: [number[], number[], number[]] = [[], [], []];
  let parameters = training.start;
  let running: Arrays = {};
  batches.forEach((batch, step) => {
    const beta = training.beta?.(step) ?? 0;
    betas.push(beta);
    const ahead = eachFree(parameters, frozen, (p, name, i) => p - beta * memoryOf(name, i).v);
    const pass = passOf(network, lookAhead ? ahead : parameters, batch);
    const free = Object.entries(pass.gradients).filter(([name]) => !frozen.includes(name));
    const norm = Math.sqrt(total(free.flatMap(([, gs]) => gs.map((g) => g * g))));
    const gradients = maxNorm && norm > maxNorm ? scaled(pass.gradients, maxNorm / norm) : pass.gradients;
    parameters = eachFree(parameters, frozen, (p, name, i) => {
      const g = named(gradients, name)[i] ?? Number.NaN;
      return rule({ name, p, g, memory: memoryOf(name, i), t: step + 1, rate: rate(step), betas });
    });
    running = averaged(running, pass.statistics);
    losses.push(pass.loss);
    norms.push(norm);
  });
  return { losses, norms, parameters, running };
}
