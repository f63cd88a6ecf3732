/** Batch normalization. */

import { errors } from '../../ir/errors.ts';
import { createContext } from '../dsl/model.ts';
import type { Dim } from '../dsl/shapes.ts';
import { type Tensor, wrap } from '../dsl/tensor.ts';
import { whenTraining } from '../dsl/variants.ts';
import { atDeclaration, checkDecay, checkPositive } from '../optim/checks.ts';
import { anyShape } from './any-shape.ts';
import { hinted } from './hinted.ts';
import { constant, zeros } from './initializers.ts';

/** What `batchNorm` may be told. */
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
 * b at 0. The layer before needs no bias. A model that takes one sample at once is refused: it has no variance. Ioffe &
 * Szegedy, Batch normalization, 2015.
 */
export function batchNorm<const B extends Dim, const N extends Dim>(
  x: Tensor<readonly [B, N]>,
  { name, momentum = 0.9, epsilon = 1e-5 }: BatchNormOptions = {},
): Tensor<readonly [B, N]> {
  const { recording } = x;
  const features = atDeclaration(() => {
    checkDecay('momentum', momentum);
    checkPositive('epsilon', epsilon);
    const [samples, size] = x.shape;
    // Of one value the variance is 0 and the result b, whatever x is: nothing below would learn.
    if ((samples === 'batch' ? recording.maxBatch : samples) === 1)
      throw errors.option('batch', 'at least 2 samples for batchNorm to take a variance of', 1);
    if (x.shape.length === 2 && typeof size === 'number') return size;
    throw errors.rank('batchNorm', `[${x.shape.join(', ')}]`, '[batch, features]');
  });
  const count = (recording.counters.get('batchNorm') ?? 0) + 1;
  recording.counters.set('batchNorm', count);
  const named = (what: string): string => (name === undefined ? `${what}${count}` : `${name}.${what}`);
  const context = createContext(recording);
  const gamma = context.param(named('g'), [features], constant(1));
  const beta = context.param(named('b'), [features], zeros());
  const runningMean = context.state(named('mean'), [features], zeros());
  const runningVariance = context.state(named('variance'), [features], constant(1));

  const plain = anyShape(x);
  const mean = hinted(plain.mean(0), `batchMean${count}`);
  const centred = hinted(plain.sub(mean), `centred${count}`);
  const variance = hinted(centred.square().mean(0), `batchVariance${count}`);
  const deviation = hinted(variance.add(epsilon).sqrt(), `deviation${count}`);
  const normalized = hinted(centred.div(deviation), `normalized${count}`);
  const inTraining = hinted(normalized.mul(gamma).add(beta), `scaled${count}`);
  const known = anyShape(runningVariance.value).add(epsilon).sqrt();
  const inUse = plain.sub(runningMean.value).div(known).mul(gamma).add(beta);
  recording.o.within({ ...recording.o.context, role: 'update' }, () => {
    for (const [running, next] of [
      [runningMean, mean],
      [runningVariance, variance],
    ] as const) {
      const old = anyShape(running.value);
      running.set(wrap(recording, old.add(next.sub(old).mul(1 - momentum)).value, 'float'));
    }
  });
  return whenTraining<readonly [B, N]>(
    wrap(recording, inTraining.value, 'float'),
    wrap(recording, inUse.value, 'float'),
  );
}
