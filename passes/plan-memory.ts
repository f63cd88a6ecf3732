/**
 * Purpose: give every value of a program its place in one arena, whose size is then known to the byte.
 * Needs: schedule.
 * Ensures: two values share bytes only if no function needs both at once, or if one is computed over the other in place.
 */

import { errors } from '../ir/errors.ts';
import type { Buffer, LoopProgram, PlannedProgram, Statement } from '../ir/kernel.ts';
import { type Scalar, scalarInputs } from '../ir/scalar.ts';
import { bytesPerElement, elementCount, showType, type Type } from '../ir/types.ts';
import type { Value } from '../ir/value.ts';

/** Keeps every array fit for 128-bit loads. */
const alignment = 16;

const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

function bytesOf(type: Type, maxBatch: number): number {
  const bytes = elementCount(type.shape, maxBatch) * bytesPerElement[type.dtype];
  if (!(bytes < 2 ** 31)) throw errors.tooLarge('an intermediate value', showType(type));
  return bytes;
}

/** When a value is alive: from the block that computes it to the last one that reads it, for each function. */
interface Life {
  readonly value: Value;
  readonly bytes: number;
  /** By function: first and last block. */
  readonly spans: ReadonlyMap<string, readonly [number, number]>;
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
  const reads = blocks.map((block) => new Set(loadsOf(block.statements)));
  const { over, copies } = placeUpdates(loops, reads);
  const buffers = new Map<Value, Buffer>();
  for (const [value, state] of over) {
    const buffer = states.get(state);
    if (buffer) buffers.set(value, buffer);
  }
  const lives = livesOf(loops, reads, copies).filter(({ value }) => !buffers.has(value));
  const reuse = new Set(
    blocks.flatMap((block) => block.inPlace.map(({ root, over: under }) => `${root.id}<${under.id}`)),
  );
  const placed: (Life & Buffer)[] = [];
  for (const life of lives) {
    const offset = firstFit(life, placed, end, reuse);
    placed.push({ ...life, offset });
    buffers.set(life.value, { offset, bytes: life.bytes });
  }
  const arenaBytes = placed.reduce((size, { offset, bytes }) => Math.max(size, align(offset + bytes)), end);
  return { ...loops, arenaBytes, states, buffers, copies };
}

/** Updates computed straight into their state, where no one still needs the old value; the others are copied. */
function placeUpdates({ program, blocks }: LoopProgram, reads: readonly ReadonlySet<Value>[]) {
  const over = new Map<Value, string>();
  const copies: { state: string; from: Value }[] = [];
  for (const { state, value } of program.functions.flatMap((fn) => fn.updates)) {
    if (value.op === 'state' && value.attrs.name === state) continue; // keeps its value
    const at = blocks.findIndex((block) => block.roots.includes(value));
    const isState = (x: Value): boolean => x.op === 'state' && x.attrs.name === state;
    const readLater = reads.slice(at + 1).some((block) => [...block].some((x) => isState(x) || x === value));
    const block = blocks[at];
    const readHere = block !== undefined && [...(reads[at] ?? [])].some(isState);
    const pointwise =
      block?.inPlace.some(({ root, over: under }) => root === value && isState(under)) ?? false;
    const alone = block?.roots[block.roots.length - 1] === value && !over.has(value);
    const isResult = program.functions.some((fn) => fn.results.some((result) => result.value === value));
    if (at >= 0 && alone && !readLater && !isResult && (!readHere || pointwise)) over.set(value, state);
    else copies.push({ state, from: value });
  }
  return { over, copies };
}

function livesOf(
  { program, blocks }: LoopProgram,
  reads: readonly ReadonlySet<Value>[],
  copies: PlannedProgram['copies'],
): Life[] {
  const spans = new Map<Value, Map<string, [number, number]>>();
  const touch = (value: Value, fn: string, at: number): void => {
    const known = spans.get(value)?.get(fn);
    if (known) known[1] = Math.max(known[1], at);
  };
  blocks.forEach((block, at) => {
    for (const root of block.roots) {
      spans.set(root, new Map([...block.usedBy].map((fn) => [fn, [at, at]])));
    }
    for (const value of reads[at] ?? []) for (const fn of block.usedBy) touch(value, fn, at);
  });
  for (const fn of program.functions) {
    for (const { value } of fn.results) touch(value, fn.name, blocks.length);
  }
  for (const { from } of copies) touch(from, 'step', blocks.length);
  return [...spans].map(([value, life]) => ({ value, bytes: bytesOf(value, program.maxBatch), spans: life }));
}

/** The lowest offset at which `life` meets nothing that is alive with it. */
function firstFit(
  life: Life,
  placed: readonly (Life & Buffer)[],
  start: number,
  reuse: ReadonlySet<string>,
): number {
  const rivals = placed.filter((other) => conflict(life, other, reuse)).sort((a, b) => a.offset - b.offset);
  let offset = start;
  for (const rival of rivals) {
    if (offset + life.bytes <= rival.offset) break;
    offset = Math.max(offset, align(rival.offset + rival.bytes));
  }
  return offset;
}

/** True when some function needs both at once; a value that is consumed in place may give way to its successor. */
function conflict(a: Life, b: Life, reuse: ReadonlySet<string>): boolean {
  for (const [fn, [start, end]] of a.spans) {
    const other = b.spans.get(fn);
    if (!other) continue;
    const handedOver = other[1] === start && reuse.has(`${a.value.id}<${b.value.id}`) && b.bytes === a.bytes;
    if (start <= other[1] && other[0] <= end && !handedOver) return true;
  }
  return false;
}

/** Every value that `statements` load. */
export function loadsOf(statements: readonly Statement[], into: Set<Value> = new Set()): Set<Value> {
  const seen = new Set<Scalar>();
  const read = (scalar: Scalar): void => {
    if (seen.has(scalar)) return;
    seen.add(scalar);
    if (scalar.kind === 'load') into.add(scalar.from);
    for (const input of scalarInputs(scalar)) read(input);
  };
  for (const statement of statements) {
    if (statement.kind === 'for') loadsOf(statement.body, into);
    else if (statement.kind === 'if') {
      read(statement.condition);
      loadsOf(statement.body, into);
    } else if (statement.kind !== 'fill') read(statement.value);
  }
  return into;
}
