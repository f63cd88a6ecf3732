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
  initializeSome(layout, state, seed, () => true);
}

/** The same for some states only: those that `chosen` accepts. The others keep their values. */
export function initializeSome(
  layout: Layout,
  state: State,
  seed: number,
  chosen: (state: StateLayout) => boolean,
): void {
  for (const [stream, entry] of layout.state.entries()) {
    const { name, init } = entry;
    const values = chosen(entry) ? state[name] : undefined;
    if (values !== undefined) fillInitial(values, init, seed, stream);
  }
}

function fillInitial(values: TypedArray, init: InitSpec, seed: number, stream: number): void {
  const draw = drawOf(init, seed, stream);
  for (let i = 0; i < values.length; i++) values[i] = draw(i);
}

/** The initial value of the element i. */
function drawOf(init: InitSpec, seed: number, stream: number): (i: number) => number {
  switch (init.kind) {
    case 'constant':
      return () => init.value;
    case 'fitted':
      return () => Number.NaN;
    case 'uniform':
      return (i) => init.low + (init.high - init.low) * uniform01(seed, stream, initialCounter, i);
    case 'normal':
      return (i) => init.mean + init.std * normal01(seed, stream, initialCounter, i);
  }
}
