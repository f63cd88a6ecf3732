/** The initial value of every state, drawn from the seed. */

import type { InitSpec, Layout, State, StateLayout, TypedArray } from './module.ts';
import { normal01, uniform01 } from './random.ts';

/** Training steps draw with their step as the counter; no step reaches this one, so draws never repeat. */
const initialCounter = 0xffffffff;

/**
 * Fills every array of `state` by its InitSpec: element i of the state at place s of the layout is drawn at
 * (seed, stream s, index i). The draw is made in f64 and rounded once when stored, so that f32 and f64
 * trainers of one model start from the same point.
 */
export function initialize(layout: Layout, state: State, seed: number): void {
  for (const [stream, { name, init }] of layout.state.entries()) {
    const values = state[name];
    if (values !== undefined) fillInitial(values, init, seed, stream);
  }
}

/** The same for some states only: those that `chosen` accepts. The others keep their values. */
export function initializeSome(
  layout: Layout,
  state: State,
  seed: number,
  chosen: (state: StateLayout) => boolean,
): void {
  for (const [stream, entry] of layout.state.entries()) {
    const values = state[entry.name];
    if (values !== undefined && chosen(entry)) fillInitial(values, entry.init, seed, stream);
  }
}

function fillInitial(values: TypedArray, init: InitSpec, seed: number, stream: number): void {
  switch (init.kind) {
    case 'constant':
      values.fill(init.value);
      return;
    case 'uniform':
      for (let i = 0; i < values.length; i++) {
        values[i] = init.low + (init.high - init.low) * uniform01(seed, stream, initialCounter, i);
      }
      return;
    case 'fitted':
      values.fill(Number.NaN);
      return;
    case 'normal':
      for (let i = 0; i < values.length; i++) {
        values[i] = init.mean + init.std * normal01(seed, stream, initialCounter, i);
      }
  }
}
