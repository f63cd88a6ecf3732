/** One seed for all properties, so that a failure repeats; CHAINRULE_SEED gives another, or `random` a new one. */

import fc from 'fast-check';

const wanted = process.env.CHAINRULE_SEED;
const drawn = wanted === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(wanted ?? 20_250_101);

if (!Number.isSafeInteger(drawn))
  throw new Error(`CHAINRULE_SEED must be a whole number or random, got ${wanted}`);

export const seed: number = drawn;

fc.configureGlobal({ seed });
