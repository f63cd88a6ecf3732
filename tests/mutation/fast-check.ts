/** fast-check with few runs: what tests import as `fast-check` while mutants are tried. A failure is not made smaller. */

import type { IRawProperty, Parameters } from 'fast-check';

// A name that is not written out is not replaced by this file again.
const name: string = 'fast-check';
const { default: fc }: typeof import('fast-check') = await import(/* @vite-ignore */ name);

/** Runs of a property at most. */
const most = 12;

const few = <T>(parameters: Parameters<T> = {}): Parameters<T> => ({
  ...parameters,
  numRuns: Math.min(parameters.numRuns ?? most, most),
  endOnFailure: true,
});

const assert = <T>(property: IRawProperty<T>, parameters?: Parameters<T>): Promise<void> | void =>
  fc.assert(property, few(parameters));

export default { ...fc, assert };
