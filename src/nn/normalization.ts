/** Normalization: of inputs, fitted on the training data, and of what flows through the network, batch by batch. */

import { errors } from '../../ir/errors.ts';
import type { FittedStatistic } from '../../ir/program.ts';
import { showType } from '../../ir/types.ts';
import { createContext } from '../dsl/model.ts';
import { atCaller } from '../dsl/recording.ts';
import type { Dim, Shape } from '../dsl/shapes.ts';
import { createSlot, type Slot } from '../dsl/slot.ts';
import { type Tensor, wrap } from '../dsl/tensor.ts';
import { whenTraining } from '../dsl/variants.ts';
import { atDeclaration, checkDecay, checkPositive } from '../optim/checks.ts';
import { anyShape } from './any-shape.ts';
import { constant, zeros } from './initializers.ts';

/**
 * (x - min) / (max - min) per feature: training data come to lie in [0, 1]. A feature that is constant in the training
 * data becomes 0. `x` must be an input; its `min` and `max` are statistics `x.min` and `x.max` of the weights file.
 */
export function minMax<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const [min, max] = [fitted(x, 'minMax', 'min'), fitted(x, 'minMax', 'max')];
  return scaled(x, min, max.sub(min));
}

/** (x - mean) / sqrt(variance) per feature, fitted and kept as with `minMax`; the variance is the biased one. */
export function zScore<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const [mean, variance] = [fitted(x, 'zScore', 'mean'), fitted(x, 'zScore', 'variance')];
  return scaled(x, mean, variance.sqrt());
}

function scaled<S extends Shape>(x: Tensor<S>, offset: Tensor<Shape>, size: Tensor<Shape>): Tensor<S> {
  const varies = size.greater(0);
  const quotient = anyShape(x).sub(offset).div(varies.select(size, 1));
  return wrap(x.recording, varies.select(quotient, 0).value, 'float');
}

/** A statistic of the training data of input `x`, one number per feature. */
function fitted(x: Tensor<Shape>, what: string, statistic: FittedStatistic): Tensor<Shape> {
  const { recording, value } = x;
  const declared = recording.inputs.find(({ name }) => value.op === 'input' && value.attrs.name === name);
  atCaller(recording, () => {
    if (declared?.role !== 'input' || declared.dtype === 'i32')
      throw errors.notFittable(what, `the result of ${value.op}, ${showType(value)}`);
  });
  const input = declared?.name ?? '';
  const name = `${input}.${statistic}`;
  const known = recording.stateValues.get(name);
  if (known) return wrap(recording, known, 'float');
  const shape = value.shape.slice(1).map(Number);
  return createSlot(recording, {
    role: 'statistic',
    name,
    shape,
    init: { kind: 'fitted', input, statistic },
  }).value;
}

export interface BatchNormOptions {
  /** Suffix of the names of its parameters and statistics; without it they count from 1: g1, b1, mean1, variance1. */
  readonly name?: string;
  /** Share of the old value in the running mean and variance. */
  readonly momentum?: number;
  /** Added to the variance inside the root. */
  readonly epsilon?: number;
}

/**
 * g (x - mean) / sqrt(variance + epsilon) + b for x [batch, features], with the mean and the biased variance of the
 * batch in training, and their running averages elsewhere. The gradient goes through mean and variance. g starts at 1,
 * b at 0. The layer before needs no bias. Ioffe & Szegedy, Batch normalization, 2015.
 */
export function batchNorm<const B extends Dim, const N extends Dim>(
  x: Tensor<readonly [B, N]>,
  { name, momentum = 0.9, epsilon = 1e-5 }: BatchNormOptions = {},
): Tensor<readonly [B, N]> {
  const { recording } = x;
  atDeclaration(() => {
    checkDecay('momentum', momentum);
    checkPositive('epsilon', epsilon);
  });
  const [, features] = x.shape;
  if (x.shape.length !== 2 || typeof features !== 'number')
    throw errors.rank('batchNorm', `[${x.shape.join(', ')}]`, '[batch, features]');
  const count = (recording.counters.get('batchNorm') ?? 0) + 1;
  recording.counters.set('batchNorm', count);
  const named = (what: string): string => (name === undefined ? `${what}${count}` : `${name}.${what}`);
  const context = createContext(recording);
  const gamma = context.param(named('g'), [features], constant(1));
  const beta = context.param(named('b'), [features], zeros());
  const runningMean = context.state(named('mean'), [features], zeros());
  const runningVariance = context.state(named('variance'), [features], constant(1));
  const hint = <S extends Shape>(tensor: Tensor<S>, what: string): Tensor<S> => {
    recording.o.annotate(tensor.value, { hint: named(what) });
    return tensor;
  };

  const plain = anyShape(x);
  const mean = hint(plain.mean(0), 'batchMean');
  const centred = plain.sub(mean);
  const variance = hint(centred.square().mean(0), 'batchVariance');
  const normalized = hint(centred.div(variance.add(epsilon).sqrt()), 'normalized');
  const inTraining = hint(normalized.mul(gamma).add(beta), 'scaled');
  const deviation = anyShape(runningVariance.value).add(epsilon).sqrt();
  const inUse = plain.sub(runningMean.value).div(deviation).mul(gamma).add(beta);
  const average = (running: Slot<readonly [number]>, next: Tensor<Shape>): void =>
    recording.o.within({ ...recording.o.context, role: 'update' }, () => {
      const old = anyShape(running.value);
      const value = old.add(next.sub(old).mul(1 - momentum));
      running.set(wrap(recording, value.value, 'float'));
    });
  average(runningMean, mean);
  average(runningVariance, variance);
  return whenTraining<readonly [B, N]>(
    wrap(recording, inTraining.value, 'float'),
    wrap(recording, inUse.value, 'float'),
  );
}
