/** Activation functions with their first and second derivatives, worked out by hand; at a kink those from the left. */

import { erf } from '../../src/oracle/error-function.ts';

/** Value, first and second derivative. */
export type Jet = readonly [number, number, number];
export type ByHand = (x: number) => Jet;

/** 1 / (1 + e^-x), from the smaller power so that neither end overflows. */
function logistic(x: number): number {
  const power = Math.exp(-Math.abs(x));
  return x < 0 ? power / (1 + power) : 1 / (1 + power);
}

/** s' = s (1 - s), with 1 - s as the logistic of -x. */
const logisticSlope = (x: number): number => logistic(x) * logistic(-x);

/** 1 - tanh^2 = 4 / (e^x + e^-x)^2. */
const tanhSlope = (x: number): number => {
  const power = Math.exp(-2 * Math.abs(x));
  return (4 * power) / (1 + power) ** 2;
};

const exponentialBelow =
  (alpha: number, scale: number): ByHand =>
  (x) => {
    if (x > 0) return [scale * x, scale, 0];
    const slope = scale * alpha * Math.exp(x);
    return [scale * alpha * Math.expm1(x), slope, slope];
  };

const density = (x: number): number => Math.exp(-x * x * 0.5) / Math.sqrt(2 * Math.PI);

function tanhGelu(x: number): Jet {
  const scale = Math.sqrt(2 / Math.PI);
  const inner = scale * (x + 0.044715 * x * x * x);
  const slope = scale * (1 + 3 * 0.044715 * x * x);
  const bend = scale * 6 * 0.044715 * x;
  const [t, dt] = [Math.tanh(inner), tanhSlope(inner)];
  return [
    0.5 * x * (1 + t),
    0.5 * (1 + t) + 0.5 * x * dt * slope,
    dt * slope + 0.5 * x * dt * (bend - 2 * t * slope * slope),
  ];
}

export const leakyByHand =
  (slope: number): ByHand =>
  (x) =>
    x > 0 ? [x, 1, 0] : [slope * x, slope, 0];

export const byHand = {
  relu: leakyByHand(0),
  leakyRelu: leakyByHand(0.01),
  elu: exponentialBelow(1, 1),
  eluOfAlpha: exponentialBelow(0.3, 1),
  selu: exponentialBelow(1.6732632423543772, 1.0507009873554805),
  sigmoid: (x) => [logistic(x), logisticSlope(x), logisticSlope(x) * (logistic(-x) - logistic(x))],
  tanh: (x) => [Math.tanh(x), tanhSlope(x), -2 * Math.tanh(x) * tanhSlope(x)],
  softplus: (x) => [Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), logistic(x), logisticSlope(x)],
  silu: (x) => {
    const [s, ds] = [logistic(x), logisticSlope(x)];
    return [x * s, s + x * ds, 2 * ds + x * ds * (logistic(-x) - s)];
  },
  gelu: (x) => {
    const share = (1 + erf(x * Math.SQRT1_2)) / 2;
    return [x * share, share + x * density(x), (2 - x * x) * density(x)];
  },
  geluTanh: tanhGelu,
} as const satisfies { readonly [name: string]: ByHand };
