/** Keeps the state from before a step, so that a step that makes it NaN or infinite can be taken back. */

import type { Layout, State, TypedArray } from './module.ts';
import { quote } from './names.ts';

/** What a step has made NaN or infinite. */
export interface Fault {
  /** Such as `The loss is NaN`, without a place and a full stop. */
  readonly what: string;
  readonly value: number;
}

export interface Guard {
  /** To be called before a step. */
  keep(): void;
  /** What is not finite after a step and was so before it, or undefined. */
  faultOf(loss: number): Fault | undefined;
  /** Brings back the state that was kept. */
  restore(): void;
}

/** A stretch of memory that holds one state or several beside each other, and its copy. */
interface Stretch {
  readonly live: Int32Array;
  readonly kept: Int32Array;
}

/** Arrays of one buffer that are this many bytes apart at most are copied as one. */
const alignment = 16;

export function createGuard(layout: Layout, state: State): Guard {
  const stretches = stretchesOf(Object.values(state));
  const floats = layout.state.flatMap(({ name, role }) => {
    const array = state[name];
    return array === undefined || array instanceof Int32Array ? [] : [{ name, role, array }];
  });
  return {
    keep() {
      for (const { live, kept } of stretches) kept.set(live);
    },
    restore() {
      for (const { live, kept } of stretches) live.set(kept);
    },
    faultOf(loss) {
      if (!Number.isFinite(loss)) return { what: `The loss is ${loss}`, value: loss };
      for (const { name, role, array } of floats) {
        if (isAllFinite(array)) continue;
        const before = keptOf(array, stretches);
        // A state may well begin at infinity, such as the best loss so far.
        const element = array.findIndex((x, i) => !Number.isFinite(x) && Number.isFinite(before[i]));
        const value = array[element];
        if (value === undefined) continue;
        const where = array.length === 1 ? '' : ` at its element ${element}, counted from 0`;
        return { what: `The ${role} ${quote(name)} becomes ${value}${where}`, value };
      }
      return undefined;
    },
  };
}

/** 0 times a number is 0 unless it is NaN or infinite; four sums, so that none waits for the one before. */
function isAllFinite(array: Float32Array | Float64Array): boolean {
  const end = array.length - (array.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < end; i += 4) {
    a += (array[i] ?? 0) * 0;
    b += (array[i + 1] ?? 0) * 0;
    c += (array[i + 2] ?? 0) * 0;
    d += (array[i + 3] ?? 0) * 0;
  }
  for (let i = end; i < array.length; i++) a += (array[i] ?? 0) * 0;
  return a + b + c + d === 0;
}

/** Few large copies instead of many small ones: the arrays of an emitted module lie side by side in its arena. */
function stretchesOf(arrays: readonly TypedArray[]): readonly Stretch[] {
  const spans: { readonly buffer: ArrayBufferLike; readonly start: number; end: number }[] = [];
  for (const array of [...arrays].sort((a, b) => a.byteOffset - b.byteOffset)) {
    const end = array.byteOffset + array.byteLength;
    const neighbour = spans.find(
      (span) => span.buffer === array.buffer && array.byteOffset - span.end < alignment,
    );
    if (neighbour) neighbour.end = Math.max(neighbour.end, end);
    else spans.push({ buffer: array.buffer, start: array.byteOffset, end });
  }
  return spans.map(({ buffer, start, end }) => {
    const live = new Int32Array(buffer, start, (end - start) / 4);
    return { live, kept: new Int32Array(live.length) };
  });
}

/** What `array` held when it was kept. */
function keptOf(
  array: Float32Array | Float64Array,
  stretches: readonly Stretch[],
): Float32Array | Float64Array {
  const stretch = stretches.find(
    ({ live }) =>
      live.buffer === array.buffer &&
      live.byteOffset <= array.byteOffset &&
      array.byteOffset + array.byteLength <= live.byteOffset + live.byteLength,
  );
  if (!stretch) throw new Error('The state is not where it was when the trainer was created.');
  const from = array.byteOffset - stretch.live.byteOffset;
  const bytes = stretch.kept.buffer.slice(from, from + array.byteLength);
  return array instanceof Float32Array ? new Float32Array(bytes) : new Float64Array(bytes);
}
