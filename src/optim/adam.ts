/** Adam and its kin: AdaMax, Nadam, AdamW. Kingma & Ba, Adam: a method for stochastic optimization, 2015. */

import { biasCorrection } from './bias-correction.ts';
import { atDeclaration, checkDecay, checkNotNegative, checkRate, unlessScheduled } from './checks.ts';
import { firstMoment, secondMoment } from './moments.ts';
import type { Hyperparameter, Optimizer } from './optimizer.ts';
import { weightDecay } from './weight-decay.ts';

/** What `adam` and its kin are made with. `adamax` and `nadam` always correct their averages. */
export interface AdamOptions {
  readonly learningRate: Hyperparameter;
  /** Share of the old mean of the gradient, from 0 to below 1; 0.9 unless given. */
  readonly beta1?: Hyperparameter;
  /** Share of the old mean of the squared gradient, from 0 to below 1; 0.999 unless given. */
  readonly beta2?: number;
  /** Added to the root; 1e-8 unless given. */
  readonly epsilon?: number;
  /** Divide both means by 1 - beta^t, t from 1; so unless told otherwise. */
  readonly correction?: boolean;
}

function checkAdam({ learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions): void {
  checkRate('learningRate', learningRate);
  unlessScheduled(checkDecay)('beta1', beta1);
  checkDecay('beta2', beta2);
  checkNotNegative('epsilon', epsilon);
}

/**
 * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; w - rate * m' / (sqrt(v') + epsilon), with m' and v'
 * corrected for having started at 0. State of each parameter: `m` and `v`.
 */
export function adam(options: AdamOptions): Optimizer {
  atDeclaration(() => checkAdam(options));
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, correction = true } = options;
  return {
    name: 'adam',
    learningRate,
    momentum: beta1,
    update(context) {
      const { parameter, rate, step } = context;
      const m = firstMoment(context, 'm');
      const v = secondMoment(context, 'v', context.constant('beta2', beta2));
      const mean = correction ? m.div(context.momentumCorrection()) : m;
      const square = correction ? v.div(biasCorrection(beta2, step).named('correction2')) : v;
      return parameter.sub(rate.mul(mean).div(square.sqrt().add(context.constant('epsilon', epsilon))));
    },
  };
}

/**
 * As Adam, with the largest gradient of the recent past in place of the root mean square: u = max(beta2 u, |g|);
 * w - rate / (1 - beta1^t) * m / (u + epsilon). State of each parameter: `m` and `u`.
 */
export function adamax(options: Omit<AdamOptions, 'correction'>): Optimizer {
  atDeclaration(() => checkAdam(options));
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    name: 'adamax',
    learningRate,
    momentum: beta1,
    update(context) {
      const { parameter, gradient, rate } = context;
      const m = firstMoment(context, 'm');
      const largest = context.slot('u');
      const u = largest.value.mul(context.constant('beta2', beta2)).maximum(gradient.abs());
      largest.set(u);
      return parameter.sub(
        rate.mul(m.div(context.momentumCorrection())).div(u.add(context.constant('epsilon', epsilon))),
      );
    },
  };
}

/**
 * As Adam, with the momentum looked at one step ahead: m' = beta1 m / (1 - beta1^(t+1)) + (1 - beta1) g / (1 - beta1^t).
 * State of each parameter: `m` and `v`. Dozat, Incorporating Nesterov momentum into Adam, 2016.
 */
export function nadam(
  options: Omit<AdamOptions, 'correction' | 'beta1'> & { readonly beta1?: number },
): Optimizer {
  atDeclaration(() => {
    checkAdam(options);
    // The look one step ahead needs the momentum of a step that no schedule has come to yet.
    checkDecay('beta1', options.beta1 ?? 0.9);
  });
  const { learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    name: 'nadam',
    learningRate,
    momentum: beta1,
    update(context) {
      const { parameter, gradient, rate, step } = context;
      const m = firstMoment(context, 'm');
      const v = secondMoment(context, 'v', context.constant('beta2', beta2));
      const { momentum } = context;
      const ahead = m.mul(momentum).div(biasCorrection(beta1, step.add(1)).named('correctionAhead'));
      const mean = ahead.add(gradient.mul(momentum.neg().add(1)).div(context.momentumCorrection()));
      const square = v.div(biasCorrection(beta2, step).named('correction2'));
      return parameter.sub(rate.mul(mean).div(square.sqrt().add(context.constant('epsilon', epsilon))));
    },
  };
}

/** As `AdamOptions`, and the decay: each parameter shrinks by rate * weightDecay of itself in every step. */
export interface AdamWOptions extends AdamOptions {
  /** 0.01 unless given. */
  readonly weightDecay?: number;
}

/** Adam with weight decay beside the gradient. Loshchilov & Hutter, Decoupled weight decay regularization, 2019. */
export const adamW = ({ weightDecay: decay = 0.01, ...options }: AdamWOptions): Optimizer => ({
  ...weightDecay(adam(options), decay),
  name: 'adamW',
});
