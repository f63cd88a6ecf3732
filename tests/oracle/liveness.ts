/**
 * Finds faults in memory plans, from the loops alone: values that share bytes while both are needed, arrays that do not
 * fit, updates that never reach their state. Shares nothing with the planner.
 */

import type { Buffer, PlannedProgram } from '../../ir/kernel.ts';
import type { Type } from '../../ir/types.ts';
import { accessesOf, countOf, widthOf } from './accesses.ts';
import { orderFaults } from './block-order.ts';
import { type Call, callOf, functionOf, type Need, nameOf, type Span, spanOf, stateUnder } from './needs.ts';

/** Where arrays may begin: fit for 128-bit loads, and so for every typed array. */
const alignment = 16;

const rounded = (bytes: number): number => bytes + ((alignment - (bytes % alignment)) % alignment);

/** What is wrong with a plan, as sentences; nothing when it is right. */
export function planFaults(planned: PlannedProgram): string[] {
  const calls = planned.program.functions.map(({ name }) => callOf(planned, name));
  return [
    ...layoutFaults(planned),
    ...updateFaults(planned),
    ...calls.flatMap(({ missing }) => missing),
    ...calls.flatMap((call) => overlapFaults(planned, call)),
  ];
}

interface Place {
  readonly name: string;
  readonly type: Type;
  readonly buffer: Buffer;
  readonly isState: boolean;
}

function placesOf(planned: PlannedProgram): Place[] {
  const { program, states, buffers } = planned;
  return [
    ...program.states.flatMap((state): Place[] => {
      const buffer = states.get(state.name);
      return buffer ? [{ name: state.name, type: state, buffer, isState: true }] : [];
    }),
    ...[...buffers].map(([value, buffer]): Place => {
      const isState = stateUnder(planned, value) !== undefined;
      return { name: nameOf(planned, value), type: value, buffer, isState };
    }),
  ];
}

/** Every array has a place of its size, in the arena, where it may begin; the state comes first. */
function layoutFaults(planned: PlannedProgram): string[] {
  const { program, blocks, states, buffers, arenaBytes } = planned;
  const places = placesOf(planned);
  const stored = new Set(blocks.flatMap(({ statements }) => [...accessesOf(statements).stores]));
  const stateEnd = Math.max(0, ...[...states.values()].map(({ offset, bytes }) => offset + bytes));
  const end = Math.max(0, ...places.map(({ buffer }) => rounded(buffer.offset + buffer.bytes)));
  const homeless = [
    ...program.states.filter(({ name }) => !states.has(name)).map(({ name }) => name),
    ...[...stored].filter((value) => !buffers.has(value)).map((value) => nameOf(planned, value)),
  ];
  const idle = [...buffers.keys()].filter((value) => !stored.has(value));
  return [
    ...homeless.map((name) => `${name} has no place in the arena`),
    ...idle.map((value) => `${nameOf(planned, value)} has a place and nothing computes it`),
    ...places.flatMap((place) => placeFaults(place, program.maxBatch, stateEnd)),
    ...(end === arenaBytes ? [] : [`the arena has ${arenaBytes} bytes and its arrays end at ${end}`]),
    ...stateOverlaps(planned),
  ];
}

function placeFaults({ name, type, buffer, isState }: Place, maxBatch: number, stateEnd: number): string[] {
  const { offset, bytes } = buffer;
  const needed = countOf(type, maxBatch) * widthOf(type.dtype);
  const aligned = Number.isSafeInteger(offset) && offset >= 0 && offset % alignment === 0;
  return [
    ...(bytes === needed ? [] : [`${name} has ${bytes} bytes and needs ${needed}`]),
    ...(aligned ? [] : [`${name} begins at byte ${offset}, which is no multiple of ${alignment}`]),
    ...(isState || bytes === 0 || offset >= stateEnd ? [] : [`${name} lies among the state`]),
  ];
}

function stateOverlaps({ program, states }: PlannedProgram): string[] {
  const spans = program.states.flatMap(({ name }): Need[] => {
    const buffer = states.get(name);
    return buffer ? [{ name, span: spanOf(buffer), born: -1, last: 0, value: undefined }] : [];
  });
  return overlapping(spans).map(([a, b]) => `${shared(a, b)}, and both are state`);
}

/** Every update of the step reaches its state once, in place or by a copy. */
function updateFaults(planned: PlannedProgram): string[] {
  const { copies } = planned;
  const updates = functionOf(planned, 'step')?.updates ?? [];
  const strangers = copies.filter(
    ({ state, from }) => !updates.some((update) => update.state === state && update.value === from),
  );
  const missed = updates.flatMap(({ state, value }) => {
    const keeps = value.op === 'state' && value.attrs.name === state;
    const inPlace = stateUnder(planned, value) === state;
    const copied = copies.filter((copy) => copy.state === state && copy.from === value).length;
    const times = copied + Number(keeps || inPlace);
    if (times === 1 || planned.states.get(state)?.bytes === 0) return [];
    return times > 1 ? `${state} is updated twice` : `the update of ${state} never reaches it`;
  });
  return [
    ...missed,
    ...strangers.map(
      ({ state, from }) => `${nameOf(planned, from)} is copied into ${state}, of which it is no update`,
    ),
    ...copyFaults(planned),
  ];
}

/** What is copied has a place, and no copy before has destroyed it. */
const copyFaults = ({ copies, states, buffers, ...planned }: PlannedProgram): string[] =>
  copies.flatMap(({ from }, i) => {
    const name = nameOf(planned, from);
    const source = buffers.get(from);
    if (!source) return [`${name} is to be copied and has no place`];
    return copies.slice(0, i).flatMap(({ state }) => {
      const target = states.get(state);
      const destroyed = target && meet(spanOf(source), spanOf(target));
      return destroyed ? [`copying into ${state} destroys ${name} before it is copied`] : [];
    });
  });

/** Bytes that hold two things at once, in one function. */
function overlapFaults(planned: PlannedProgram, call: Call): string[] {
  const pairs = overlapping(call.needs);
  const faults: string[] = [];
  const contested = new Map<number, Set<Need>>();
  for (const [a, b] of pairs) {
    const [start, end] = [Math.max(a.born, b.born), Math.min(a.last, b.last)];
    // What is written and not read again destroys what is needed before and after all the same.
    const amid = start === end && [a, b].some(({ born, last }) => born < start && last > end);
    if (start < end || amid) {
      faults.push(`${shared(a, b)} while both are needed ${between(planned, call, start, end)}`);
    } else if (start === end && start >= 0 && start < call.blocks.length) {
      // Both are touched by this block alone: it depends on the order in which it reads and writes.
      contested.set(start, (contested.get(start) ?? new Set()).add(a).add(b));
    }
  }
  for (const [moment, needs] of contested) faults.push(...raceFaults(planned, call, moment, [...needs]));
  return faults;
}

/** Batches that fill the loops over four terms at a time, and one that fills none. */
function raceFaults(planned: PlannedProgram, call: Call, moment: number, needs: readonly Need[]): string[] {
  const block = call.blocks[moment];
  const batches = new Set([1, 5, 6].map((batch) => Math.min(batch, planned.program.maxBatch)));
  const faults = new Set(
    block ? [...batches].flatMap((batch) => orderFaults(block, moment, needs, batch)) : [],
  );
  return [...faults].map((fault) => `in ${call.name}, ${fault}`);
}

function between(planned: PlannedProgram, { name, blocks, positions }: Call, start: number, end: number) {
  const show = (moment: number): string => {
    const position = positions[moment];
    if (position !== undefined) return `block ${position} (${planned.blocks[position]?.name})`;
    return moment < 0 ? 'the beginning' : moment === blocks.length ? 'the copies' : 'the end';
  };
  return `between ${show(start)} and ${show(end)} of ${name}`;
}

/** Spans without bytes meet nothing. */
const meet = (a: Span, b: Span): boolean => Math.max(a.from, b.from) < Math.min(a.to, b.to);

function shared(a: Need, b: Need): string {
  const [first, second] = a.born <= b.born ? [a, b] : [b, a];
  const [from, to] = [Math.max(a.span.from, b.span.from), Math.min(a.span.to, b.span.to)];
  return `${first.name} and ${second.name} share bytes ${from}..${to}`;
}

/** Every pair of needs whose bytes meet. */
function overlapping(needs: readonly Need[]): [Need, Need][] {
  const pairs: [Need, Need][] = [];
  let open: Need[] = [];
  for (const need of [...needs].sort((a, b) => a.span.from - b.span.from)) {
    open = open.filter(({ span }) => span.to > need.span.from);
    for (const other of open) if (meet(other.span, need.span)) pairs.push([other, need]);
    open.push(need);
  }
  return pairs;
}
