/** Gathers the records of a batch into arrays that are allocated once and reused for every step. */

import type { Columns } from './columns.ts';
import { rowSize, zeros } from './dtypes.ts';
import type { Batch, Layout, TypedArray } from './module.ts';

/** Columns prepared for gathering; made once per call of the user, not per step. */
export interface Source {
  readonly count: number;
  /** The columns themselves, for a batch that is all records in their order. */
  readonly whole: Batch;
  /** Each column as 32-bit words, in the order of the layout's inputs. */
  readonly words: readonly Int32Array[];
}

export interface Stage {
  /**
   * Records `from` to `from + count − 1` of `source` in `order`, or in their own order if it is null. The
   * arrays are overwritten by the next call.
   */
  gather(source: Source, order: Uint32Array | null, from: number, count: number): Batch;
}

/** Copying words rather than numbers keeps one loop for all dtypes, fast in every engine and exact. */
const wordsOf = (array: TypedArray): Int32Array =>
  new Int32Array(array.buffer, array.byteOffset, array.byteLength / 4);

export function sourceOf(columns: Columns): Source {
  return {
    count: columns.count,
    whole: Object.fromEntries(columns.arrays),
    words: [...columns.arrays.values()].map(wordsOf),
  };
}

/**
 * From this width on, `set` on a view of the record beats a loop: for 784 words 0.45 µs against 1.7 µs. The view
 * is a short-lived object of some dozen bytes, no new memory for numbers.
 */
const wide = 64;

/** Copies `count` records of `width` words each. */
function copyRecords(
  source: Int32Array,
  target: Int32Array,
  width: number,
  order: Uint32Array | null,
  from: number,
  count: number,
): void {
  if (order === null) {
    target.set(source.subarray(from * width, (from + count) * width));
    return;
  }
  for (let row = 0; row < count; row++) {
    const read = (order[from + row] ?? 0) * width;
    const write = row * width;
    if (width >= wide) target.set(source.subarray(read, read + width), write);
    else for (let i = 0; i < width; i++) target[write + i] = source[read + i] ?? 0;
  }
}

/** `columns`: room that the program has for a batch, where it need not copy it. */
export function createStage(layout: Layout, columns?: Batch): Stage {
  const widths = layout.inputs.map(({ dtype, shape }) => rowSize(shape) * (dtype === 'f64' ? 2 : 1));
  let capacity = 0;
  let batch: Batch = {};
  let targets: readonly Int32Array[] = [];

  /** Grows to the largest batch asked for: a model of large maxBatch may never need that much. */
  function reserve(rows: number): void {
    if (rows <= capacity) return;
    capacity = rows;
    const arrays = layout.inputs.map(
      ({ name, dtype, shape }) => [name, columns?.[name] ?? zeros(dtype, rows * rowSize(shape))] as const,
    );
    batch = Object.fromEntries(arrays);
    targets = arrays.map(([, array]) => wordsOf(array));
  }

  function gather(source: Source, order: Uint32Array | null, from: number, count: number): Batch {
    if (order === null && from === 0 && count === source.count) return source.whole;
    reserve(count);
    for (let input = 0; input < widths.length; input++) {
      const words = source.words[input];
      const target = targets[input];
      // Labels that a prediction does not need are empty, and what the stage holds for them is not read.
      if (words === undefined || target === undefined || words.length === 0) continue;
      copyRecords(words, target, widths[input] ?? 0, order, from, count);
    }
    return batch;
  }
  return { gather };
}
