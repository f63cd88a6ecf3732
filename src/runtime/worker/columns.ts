/** How columns travel to a worker: each array once, and by its number from then on. */

import { isNumericArray, type NumericArray } from '../columns.ts';
import type { SentColumn, SentData } from './protocol.ts';

export interface Parcel {
  readonly data: SentData;
  /** Memory that is moved instead of copied. */
  readonly transfer: readonly ArrayBuffer[];
  /**
   * The call failed. What was copied is sent again next time, because it may be mended in place; what was moved is
   * with the worker, unless the message was not `delivered`.
   */
  refused(delivered: boolean): void;
}

export interface PackOptions {
  /** Whether the worker is to keep the arrays; if not, those are sent that it has not kept before. */
  readonly keep: boolean;
  /** Whether to move what can be moved. */
  readonly transfer: boolean;
}

export interface Packer {
  pack(data: unknown, options: PackOptions): Parcel;
}

/** A column on its way. */
interface Packed {
  readonly name: string;
  /** What the user gave. */
  readonly values: unknown;
  readonly column: SentColumn;
  readonly moved: readonly ArrayBuffer[];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** `forget` is told the numbers of arrays that are no more. */
export function createPacker(forget: (column: number) => void): Packer {
  const ids = new WeakMap<object, number>();
  const gone = new FinalizationRegistry(forget);
  let last = 0;

  function packColumn(name: string, values: unknown, { keep, transfer }: PackOptions): Packed {
    const known = isObject(values) ? ids.get(values) : undefined;
    if (known !== undefined) return { name, values, column: { kind: 'kept', id: known }, moved: [] };
    const moved = transfer ? memoryOf(values) : [];
    const sent = compact(values);
    if (!keep || !isObject(values)) return { name, values, column: { kind: 'once', values: sent }, moved };
    const id = ++last;
    ids.set(values, id);
    gone.register(values, id);
    return { name, values, column: { kind: 'keep', id, values: sent }, moved };
  }
  return {
    pack(data, options) {
      if (!isObject(data) || Array.isArray(data) || ArrayBuffer.isView(data))
        return { data: { kind: 'other', value: data }, transfer: [], refused() {} };
      const packed = Object.entries(data).map(([name, values]) => packColumn(name, values, options));
      return {
        data: { kind: 'columns', columns: packed.map(({ name, column }) => [name, column]) },
        transfer: [...new Set(packed.flatMap(({ moved }) => moved))],
        refused(delivered) {
          for (const { values, column, moved } of packed) {
            if (column.kind !== 'keep' || !isObject(values) || (delivered && moved.length > 0)) continue;
            ids.delete(values);
            forget(column.id);
          }
        },
      };
    },
  };
}

const isWhole = ({ buffer, byteLength }: NumericArray): boolean => byteLength === buffer.byteLength;

/** A view of a larger buffer as an array of its own: a message would copy all of the buffer. */
export function compact<T>(values: T): T | NumericArray {
  if (!isNumericArray(values) || isWhole(values)) return values;
  // What `slice` gives of a Buffer of Node.js is a view again.
  return values instanceof Uint8Array ? new Uint8Array(values) : values.slice();
}

/** The memory of arrays that are all of it: moving a part would take the rest from other arrays. */
function memoryOf(values: unknown): readonly ArrayBuffer[] {
  const arrays: readonly unknown[] = Array.isArray(values) ? values : [values];
  return arrays.flatMap((array) =>
    isNumericArray(array) && isWhole(array) && array.buffer instanceof ArrayBuffer ? [array.buffer] : [],
  );
}

export interface Unpacker {
  /** The data as the user gave them. */
  unpack(data: SentData): unknown;
  forget(column: number): void;
}

export function createUnpacker(): Unpacker {
  const kept = new Map<number, unknown>();

  function valuesOf(column: SentColumn): unknown {
    if (column.kind === 'keep') kept.set(column.id, column.values);
    return column.kind === 'kept' ? kept.get(column.id) : column.values;
  }
  return {
    unpack(data) {
      if (data.kind === 'other') return data.value;
      return Object.fromEntries(data.columns.map(([name, column]) => [name, valuesOf(column)]));
    },
    forget(column) {
      kept.delete(column);
    },
  };
}
