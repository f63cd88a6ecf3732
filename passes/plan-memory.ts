/**
 * Purpose: give every value of a program its place in one arena, whose size is then known to the byte.
 * Needs: schedule.
 * Ensures: two values share bytes only if no function needs both at once, or if one is computed over the other in place.
 */

import { CompileError, errors } from '../ir/errors.ts';
import type { Buffer, LoopProgram, PlannedProgram } from '../ir/kernel.ts';
import type { Program } from '../ir/program.ts';
import { bytesPerElement, elementCount, showType, type Type } from '../ir/types.ts';
import type { Value } from '../ir/value.ts';
import { loadsIn } from '../ir/walk.ts';

/** Keeps every array fit for 128-bit loads. */
const alignment = 16;

const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

function bytesOf(type: Type, maxBatch: number): number {
  const bytes = elementCount(type.shape, maxBatch) * bytesPerElement[type.dtype];
  if (!(bytes < 2 ** 31)) throw errors.tooLarge('an intermediate value', showType(type));
  return bytes;
}

/** The same for a value; the error has the line that it was written in. */
function bytesOfValue(value: Value, { notes }: Program, rows: number): number {
  try {
    return bytesOf(value, rows);
  } catch (thrown) {
    const site = notes.get(value)?.site;
    if (!(thrown instanceof CompileError) || !site) throw thrown;
    throw new CompileError({ ...thrown.diagnostic, site });
  }
}

/** When a value is alive: from the block that computes it to the last one that reads it in any function. */
interface Life {
  readonly value: Value;
  readonly bytes: number;
  readonly start: number;
  readonly end: number;
}

export function planMemory(loops: LoopProgram): PlannedProgram {
  const { program, blocks } = loops;
  const states = new Map<string, Buffer>();
  let end = 0;
  for (const state of program.states) {
    const bytes = bytesOf(state, 1);
    states.set(state.name, { offset: end, bytes });
    end += align(bytes);
  }
  const reads = readsOf(blocks);
  const { over, copies } = placeUpdates(loops, reads);
  const buffers = new Map<Value, Buffer>();
  for (const [value, state] of over) {
    const buffer = states.get(state);
    if (buffer) buffers.set(value, buffer);
  }
  const lives = livesOf(loops, reads, copies).filter(({ value }) => !buffers.has(value));
  const reuse = new Map(
    blocks.flatMap((block) => block.inPlace.map(({ root, over: under }) => [root, under] as const)),
  );
  const placed = place(lives, end, reuse);
  for (const [value, buffer] of placed) buffers.set(value, buffer);
  const arenaBytes = [...placed.values()].reduce(
    (size, { offset, bytes }) => Math.max(size, align(offset + bytes)),
    end,
  );
  return { ...loops, arenaBytes, states, buffers, copies };
}

const readsOf = (blocks: LoopProgram['blocks']): readonly ReadonlySet<Value>[] =>
  blocks.map((block) => new Set(loadsIn(block.statements).map(({ from }) => from)));

/**
 * For every value that is computed into memory, the positions of the blocks between which it is needed, both included; what
 * a function gives back, and what is copied into a state at the end, is needed one longer.
 */
export function lifetimes(
  planned: PlannedProgram,
): ReadonlyMap<Value, { readonly start: number; readonly end: number }> {
  const lives = livesOf(planned, readsOf(planned.blocks), planned.copies);
  return new Map(lives.map(({ value, start, end }) => [value, { start, end }]));
}

/** Updates computed straight into their state, where no one still needs the old value; the others are copied. */
function placeUpdates({ program, blocks }: LoopProgram, reads: readonly ReadonlySet<Value>[]) {
  const over = new Map<Value, string>();
  const copies: { state: string; from: Value }[] = [];
  for (const { state, value } of program.functions.flatMap((fn) => fn.updates)) {
    if (value.op === 'state' && value.attrs.name === state) continue; // keeps its value
    const at = blocks.findIndex((block) => block.roots.includes(value));
    const isState = (x: Value): boolean => x.op === 'state' && x.attrs.name === state;
    // What other functions read, they read in calls of their own, after the state has its new value.
    const readLater = reads.some(
      (read, later) => later > at && blocks[later]?.usedBy.has('step') && [...read].some(isState),
    );
    const block = blocks[at];
    const elsewhere = block !== undefined && [...block.usedBy].some((fn) => fn !== 'step');
    const readHere = block !== undefined && [...(reads[at] ?? [])].some(isState);
    const pointwise =
      block?.inPlace.some(({ root, over: under }) => root === value && isState(under)) ?? false;
    const alone = block?.roots[block.roots.length - 1] === value && !over.has(value);
    const isResult = program.functions.some((fn) => fn.results.some((result) => result.value === value));
    if (at >= 0 && alone && !elsewhere && !readLater && !isResult && (!readHere || pointwise))
      over.set(value, state);
    else copies.push({ state, from: value });
  }
  return { over, copies };
}

function livesOf(
  { program, blocks, tiling }: LoopProgram,
  reads: readonly ReadonlySet<Value>[],
  copies: PlannedProgram['copies'],
): Life[] {
  const rows = tiling?.rows ?? program.maxBatch;
  const inTile = blocks.map(({ phase }) => phase === 'each');
  const [first, last] = [inTile.indexOf(true), inTile.lastIndexOf(true)];
  const spans = new Map<Value, { start: number; end: number }>();
  const touch = (value: Value, at: number): void => {
    const span = spans.get(value);
    if (span) span.end = Math.max(span.end, at);
  };
  blocks.forEach((block, at) => {
    for (const root of block.roots) if (!spans.has(root)) spans.set(root, { start: at, end: at });
    for (const root of block.roots) touch(root, at);
    for (const value of reads[at] ?? []) touch(value, at);
  });
  for (const fn of program.functions) for (const { value } of fn.results) touch(value, blocks.length);
  for (const { from } of copies) touch(from, blocks.length);
  // What is there before the tiles and read in one is read in the next one as well.
  for (const span of spans.values())
    if (span.start < first && span.end >= first) span.end = Math.max(span.end, last);
  return [...spans].map(([value, span]) => ({ value, bytes: bytesOfValue(value, program, rows), ...span }));
}

/** Places values in order of birth in the lowest gap that fits; the dead make room, block by block. */
function place(
  lives: readonly Life[],
  from: number,
  reuse: ReadonlyMap<Value, Value>,
): ReadonlyMap<Value, Buffer> {
  const buffers = new Map<Value, Buffer>();
  const dying = new Map<number, Map<Value, Life>>();
  const gaps = createGaps(from);
  let block = 0;
  for (const life of lives) {
    for (; block < life.start; block++) {
      for (const [value] of dying.get(block) ?? []) gaps.free(buffers.get(value));
    }
    const over = reuse.get(life.value);
    const ending = over && dying.get(life.start)?.get(over);
    // A value whose last reader computes over it in place gives way to its successor.
    const inherited =
      ending?.bytes === life.bytes && ending.start <= life.start ? buffers.get(ending.value) : undefined;
    if (ending && inherited) dying.get(life.start)?.delete(ending.value);
    buffers.set(life.value, inherited ?? { offset: gaps.take(align(life.bytes)), bytes: life.bytes });
    dying.set(life.end, (dying.get(life.end) ?? new Map<Value, Life>()).set(life.value, life));
  }
  return buffers;
}

/** The unused parts of the arena, by offset; the last one has no end. */
function createGaps(from: number) {
  let gaps: { start: number; end: number }[] = [{ start: from, end: Number.POSITIVE_INFINITY }];
  return {
    take(bytes: number): number {
      const at = gaps.findIndex((gap) => gap.end - gap.start >= bytes);
      const gap = gaps[at];
      if (!gap) throw errors.invalid('the arena has no end');
      const offset = gap.start;
      gaps = gaps.flatMap((other) =>
        other !== gap
          ? [other]
          : gap.end - gap.start === bytes
            ? []
            : [{ start: offset + bytes, end: gap.end }],
      );
      return offset;
    },
    free(buffer: Buffer | undefined): void {
      if (!buffer || buffer.bytes === 0) return;
      const freed = { start: buffer.offset, end: buffer.offset + align(buffer.bytes) };
      const merged: { start: number; end: number }[] = [];
      for (const gap of [...gaps, freed].sort((a, b) => a.start - b.start)) {
        const last = merged[merged.length - 1];
        if (last && last.end === gap.start) last.end = gap.end;
        else merged.push({ ...gap });
      }
      gaps = merged;
    },
  };
}
