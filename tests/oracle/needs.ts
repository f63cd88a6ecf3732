/**
 * Which bytes of the arena hold something that is still to be read, at every moment of a call. Worked out from the
 * loops alone: what each block loads and stores.
 */

import type { Buffer, LoopBlock, LoopProgram, PlannedProgram } from '../../ir/kernel.ts';
import type { ProgramFunction } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { type Accesses, accessesOf } from './accesses.ts';

export type FunctionName = ProgramFunction['name'];

/** Bytes, the last one excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Some bytes and what they hold: written at `born`, read for the last time at `last`. Moments of a call of m blocks: -1 is
 * before it, i is its block i, m is when updates are copied into the state, m + 1 when results are read.
 */
export interface Need {
  /** For people. */
  readonly name: string;
  readonly span: Span;
  readonly born: number;
  readonly last: number;
  /** The value that is held; what a state holds before the call is the state's own value, if anything reads it. */
  readonly value: Value | undefined;
}

/** One of the functions of a program: its blocks in order and what each moment of a call needs. */
export interface Call {
  readonly name: FunctionName;
  readonly blocks: readonly LoopBlock[];
  /** Positions of `blocks` in the program. */
  readonly positions: readonly number[];
  readonly needs: readonly Need[];
  /** Reads of what no earlier block of the call has computed. */
  readonly missing: readonly string[];
}

export const spanOf = ({ offset, bytes }: Buffer): Span => ({ from: offset, to: offset + bytes });

export const nameOf = ({ program }: LoopProgram, value: Value): string =>
  program.notes.get(value)?.name ?? `${value.op}#${value.id}`;

export const functionOf = ({ program }: LoopProgram, name: FunctionName): ProgramFunction | undefined =>
  program.functions.find((fn) => fn.name === name);

/** The state that `value` is computed over in place, if it is an update that the plan has put there. */
export function stateUnder(planned: PlannedProgram, value: Value): string | undefined {
  const buffer = planned.buffers.get(value);
  if (!buffer || buffer.bytes === 0) return undefined;
  const update = functionOf(planned, 'step')?.updates.find(
    ({ state, value: next }) => next === value && planned.states.get(state)?.offset === buffer.offset,
  );
  return update?.state;
}

/** When each value is stored first and loaded last. */
interface Touches {
  readonly first: ReadonlyMap<Value, number>;
  readonly last: ReadonlyMap<Value, number>;
  readonly missing: readonly string[];
}

function touchesOf(planned: PlannedProgram, name: FunctionName, accesses: readonly Accesses[]): Touches {
  const first = new Map<Value, number>();
  const last = new Map<Value, number>();
  const missing: string[] = [];
  accesses.forEach(({ loads, stores }, at) => {
    for (const value of stores) if (!first.has(value)) first.set(value, at);
    for (const value of loads) {
      last.set(value, at);
      const given = value.op === 'input' || value.op === 'state';
      if (!given && !first.has(value))
        missing.push(`${name} reads ${nameOf(planned, value)}, which nothing before has computed`);
    }
  });
  return { first, last, missing };
}

/** A call of the function `name`, with everything that its moments need. */
export function callOf(planned: PlannedProgram, name: FunctionName): Call {
  const positions = [...planned.blocks.keys()].filter((at) => planned.blocks[at]?.usedBy.has(name));
  const blocks = planned.blocks.filter(({ usedBy }) => usedBy.has(name));
  const touches = touchesOf(
    planned,
    name,
    blocks.map(({ statements }) => accessesOf(statements)),
  );
  const end = blocks.length + 1;
  const needs = [...valueNeeds(planned, name, touches, end), ...stateNeeds(planned, name, touches, end)];
  return { name, blocks, positions, needs, missing: touches.missing };
}

function valueNeeds(
  planned: PlannedProgram,
  name: FunctionName,
  { first, last }: Touches,
  end: number,
): Need[] {
  const results = new Set(functionOf(planned, name)?.results.map(({ value }) => value));
  const sources = new Set(name === 'step' ? planned.copies.map(({ from }) => from) : []);
  return [...first].flatMap(([value, born]): Need[] => {
    const buffer = planned.buffers.get(value);
    if (!buffer) return [];
    const state = name === 'step' ? stateUnder(planned, value) : undefined;
    const stays = results.has(value) || state !== undefined;
    const read = Math.max(born, last.get(value) ?? born, sources.has(value) ? end - 1 : born);
    const shown = state === undefined ? nameOf(planned, value) : `the new ${state}`;
    return [{ name: shown, span: spanOf(buffer), born, last: stays ? end : read, value }];
  });
}

/** States outlive calls; in a step, the old value of a state that changes is needed until its last reader. */
function stateNeeds(planned: PlannedProgram, name: FunctionName, { last }: Touches, end: number): Need[] {
  const step = name === 'step' ? functionOf(planned, 'step') : undefined;
  return planned.program.states.flatMap(({ name: state }): Need[] => {
    const buffer = planned.states.get(state);
    if (!buffer) return [];
    const span = spanOf(buffer);
    const isOwn = (value: Value): boolean => value.op === 'state' && value.attrs.name === state;
    const leaf = [...last.keys()].find(isOwn);
    const changes = step?.updates.some((update) => update.state === state && !isOwn(update.value));
    const reported = functionOf(planned, name)?.results.some(({ value }) => isOwn(value));
    const read = leaf === undefined ? -1 : (last.get(leaf) ?? -1);
    const old: Need = {
      name: changes ? `the old ${state}` : state,
      span,
      born: -1,
      last: !changes || reported ? end : read,
      value: leaf,
    };
    const copied = step !== undefined && planned.copies.some((copy) => copy.state === state);
    const next: Need = { name: `the new ${state}`, span, born: end - 1, last: end, value: undefined };
    return copied ? [old, next] : [old];
  });
}

/** What must be intact right before moment `at` of a call. */
export const neededBefore = ({ needs }: Call, at: number): Span[] =>
  needs.filter(({ born, last }) => born < at && last >= at).map(({ span }) => span);

/** The bytes of an arena that none of `spans` covers, in order. */
export function gapsBetween(spans: readonly Span[], arenaBytes: number): Span[] {
  const gaps: Span[] = [];
  let at = 0;
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from > at) gaps.push({ from: at, to: from });
    at = Math.max(at, to);
  }
  if (at < arenaBytes) gaps.push({ from: at, to: arenaBytes });
  return gaps;
}
