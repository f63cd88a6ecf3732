/** Which bytes of the memory statements read and write: what may run at the same time. */

import type { PlannedProgram, Statement } from '../../../ir/kernel.ts';
import type { Value } from '../../../ir/value.ts';
import { eachStatement, loadsIn } from '../../../ir/walk.ts';

export interface Region {
  readonly start: number;
  readonly end: number;
}

export interface Footprint {
  readonly reads: readonly Region[];
  readonly writes: readonly Region[];
}

/** The arrays that statements write. */
export const writtenBy = (statements: readonly Statement[]): readonly Value[] =>
  eachStatement(statements).flatMap((statement) =>
    'to' in statement && statement.kind !== 'for' ? [statement.to] : [],
  );

/** Where `value` lies; undefined for data, which nothing writes. */
export function regionOf(value: Value, { states, buffers }: PlannedProgram): Region | undefined {
  const buffer = value.op === 'state' ? states.get(String(value.attrs.name)) : buffers.get(value);
  return buffer && { start: buffer.offset, end: buffer.offset + buffer.bytes };
}

export function footprintOf(statements: readonly Statement[], planned: PlannedProgram): Footprint {
  const regions = (values: readonly Value[]): Region[] =>
    [...new Set(values)].flatMap((value) => regionOf(value, planned) ?? []);
  return {
    reads: regions(loadsIn(statements).map(({ from }) => from)),
    writes: regions(writtenBy(statements)),
  };
}

export const overlaps = (a: Region, b: Region): boolean => a.start < b.end && b.start < a.end;

const meet = (some: readonly Region[], others: readonly Region[]): boolean =>
  some.some((a) => others.some((b) => overlaps(a, b)));

/** Whether one of them reads or writes what the other writes. */
export const disturb = (a: Footprint, b: Footprint): boolean =>
  meet(a.writes, b.writes) || meet(a.writes, b.reads) || meet(a.reads, b.writes);
