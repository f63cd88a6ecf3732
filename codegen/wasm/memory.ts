/** Where everything lies in the memory of a module. */

import { errors } from '../../ir/errors.ts';
import type { PlannedProgram } from '../../ir/kernel.ts';
import { bytesPerElement, elementCount } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import type { Place } from './function.ts';
import type { Local } from './instructions.ts';

/** Where the rows of a column are put. */
export interface Staging {
  readonly offset: number;
  readonly rows: number;
}

const pageBytes = 65536;
const mostPages = 65536;

export const align = (bytes: number): number => Math.ceil(bytes / 16) * 16;

/** Pages of 64 KiB. */
export function pagesFor(bytes: number): number {
  const pages = Math.ceil(bytes / pageBytes);
  if (pages > mostPages)
    throw errors.option(
      'batch',
      'one that fits 4 GiB of WebAssembly',
      `one that takes ${pages} pages of 64 KiB`,
    );
  return pages;
}

/** More than this for the columns of a batch, and there is room for the rows of a tile only. */
const mostColumnBytes = 256 * 2 ** 20;

/** Room for the columns of a batch behind the arena, of a tile if they are very large and not all `needed`, and where that ends. */
export function placeColumns(
  { program, tiling, arenaBytes }: PlannedProgram,
  needed = false,
): {
  readonly staging: ReadonlyMap<string, Staging>;
  readonly end: number;
} {
  const bytesOf = (rows: number): number[] =>
    program.inputs.map(({ shape, dtype }) => align(elementCount(shape, rows) * bytesPerElement[dtype]));
  const whole = bytesOf(program.maxBatch).reduce((sum, bytes) => sum + bytes, 0);
  const rows = whole > mostColumnBytes && !needed ? (tiling?.rows ?? program.maxBatch) : program.maxBatch;
  const staging = new Map<string, Staging>();
  let end = align(arenaBytes);
  bytesOf(rows).forEach((bytes, i) => {
    staging.set(program.inputs[i]?.name ?? '', { offset: end, rows });
    end += bytes;
  });
  return { staging, end };
}

/** The place of a state or of a computed value; columns lie where `pointers` say. */
export function placeIn({ states, buffers }: PlannedProgram, pointers: ReadonlyMap<string, Local>) {
  return (value: Value): Place => {
    const name = String(value.attrs.name);
    const pointer = value.op === 'input' ? pointers.get(name) : undefined;
    if (pointer) return { pointer, offset: 0 };
    const place = value.op === 'state' ? states.get(name) : buffers.get(value);
    if (!place) throw errors.invalid(`${value.op} ${name} has no place in memory`);
    return { offset: place.offset };
  };
}
