/** Keeps the state from before a step, so that a step that makes it NaN or infinite can be taken back. */

import { arrayTypes, type DType, isAllFinite } from './dtypes.ts';
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
  const floats = layout.state.flatMap(({ name, role, dtype }) => {
    const array = state[name];
    if (array === undefined || dtype === 'i32') return [];
    return [{ name, role, array, before: keptOf(array, dtype, stretches) }];
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
      for (const { name, role, array, before } of floats) {
        if (isAllFinite(array)) continue;
        // A state may well begin at infinity, such as the best loss so far.
        const element = array.findIndex((x, i) => !Number.isFinite(x) && Number.isFinite(before?.[i]));
        const value = array[element];
        if (value === undefined) continue;
        const where = array.length === 1 ? '' : ` at its element ${element}, counted from 0`;
        return { what: `The ${role} ${quote(name)} becomes ${value}${where}`, value };
      }
      return undefined;
    },
  };
}

/** Few large copies instead of many small ones: the arrays of an emitted module lie side by side in its arena. */
function stretchesOf(arrays: readonly TypedArray[]): readonly Stretch[] {
  const spans: { readonly buffer: ArrayBufferLike; readonly start: number; end: number }[] = [];
  for (const { buffer, byteOffset: start, byteLength } of [...arrays].sort(
    (a, b) => a.byteOffset - b.byteOffset,
  )) {
    const end = start + byteLength;
    const neighbour = spans.find((span) => span.buffer === buffer && start - span.end < alignment);
    if (neighbour) neighbour.end = Math.max(neighbour.end, end);
    else spans.push({ buffer, start, end });
  }
  return spans.map(({ buffer, start, end }) => {
    const live = new Int32Array(buffer, start, (end - start) / 4);
    // Numbers of 8 bytes are where such numbers can be, in the copy as well.
    return { live, kept: new Int32Array(new ArrayBuffer(end - start + 8), start % 8, live.length) };
  });
}

/** Where `array` is kept. */
function keptOf(
  { buffer, byteOffset, length }: TypedArray,
  dtype: DType,
  stretches: readonly Stretch[],
): TypedArray | undefined {
  for (const { live, kept } of stretches) {
    const from = byteOffset - live.byteOffset;
    if (live.buffer === buffer && from >= 0 && from <= live.byteLength)
      return new arrayTypes[dtype](kept.buffer, kept.byteOffset + from, length);
  }
  return undefined;
}
