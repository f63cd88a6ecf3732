/** The error function by the series of Abramowitz and Stegun, Handbook of Mathematical Functions, section 7.1. */

/** Formula 7.1.6, whose terms are all positive: right to about 1e-15. */
export function erf(x: number): number {
  if (!(Math.abs(x) <= 6)) return Math.sign(x); // 1 - erf(6) is 2e-17
  let term = x;
  let sum = x;
  for (let n = 1; sum + term !== sum || n === 1; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** How many binary digits follow the point of a number in fixed point. */
const places = 256n;
const one = 1n << places;

/** `x`, which has no digit beyond the 200th, in fixed point. */
export const toFixedPoint = (x: number): bigint => BigInt(x * 2 ** 200) << (places - 200n);

export const fromFixedPoint = (x: bigint): number => Number(x) / 2 ** 256;

/** 2/sqrt(pi) to 75 decimals. */
const scale =
  (1_128379167095512573896158903121545171688101258657997713688171443421284936882n * one) / 10n ** 75n;

/** Formula 7.1.5, the power series, in fixed point: right to 60 decimals for |x| <= 6. */
export function erfInFixedPoint(x: number): bigint {
  const at = toFixedPoint(x);
  const square = (at * at) >> places;
  let term = at; // (-1)^n x^(2n+1) / n!
  let sum = 0n;
  for (let n = 1n; term > 1n || term < -1n; n++) {
    sum += term / (2n * n - 1n);
    term = ((-term * square) >> places) / n;
  }
  return (scale * sum) >> places;
}
