/**
 * Runs loops as they stand, with every value in an array of its own or all of them in one arena as it is planned, and
 * gives what step, evaluate and predict give. The third reading of a program, beside the evaluator and emitted code.
 */

import type { LoopProgram, PlannedProgram } from '../../ir/kernel.ts';
import type { Program } from '../../ir/program.ts';
import type { DType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { countOf } from './accesses.ts';
import { asStored, compileStatements, type Place } from './loop-closures.ts';
import { type Call, callOf, type FunctionName, functionOf, gapsBetween, neededBefore } from './needs.ts';

export type Leaf = (value: Value) => ArrayLike<number>;

/** Named numbers: `predict.NAME`, `evaluate.NAME`, `step.NAME`, and `state.NAME` after the step. */
export type Numbers = ReadonlyMap<string, readonly number[]>;

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Uint8Array } as const;

/** Functions are called in this order, one after the other on the same state. */
const order: readonly FunctionName[] = ['predict', 'evaluate', 'step'];

/** Where values lie, and what happens around the blocks of a call. */
interface Memory {
  readonly placeOf: (value: Value) => Place;
  readonly stateOf: (name: string) => Place;
  /** Called before each block of a call, before the copies of a step, and before results are read. */
  readonly before: (fn: FunctionName, moment: number) => void;
  /** Gives the states their new values. */
  readonly update: () => void;
}

/** Every value in an array of its own; elements that are read before the call has written them throw. */
export function runApart(loops: LoopProgram, batch: number, leaf: Leaf): Numbers {
  const { program } = loops;
  const given = leavesOf(program, batch, leaf);
  const places = new Map<Value, Place>();
  const own = (value: Value): Place => {
    const size = countOf(value, batch);
    const data = new arrays[value.dtype](
      new Uint8Array(size * arrays[value.dtype].BYTES_PER_ELEMENT).fill(0xff).buffer,
    );
    return { data, size, written: new Uint8Array(size) };
  };
  const states = new Map(
    program.states.map((state) => [state.name, given(state.name, state.dtype)] as const),
  );
  const stateOf = (name: string): Place => known(states.get(name), name);
  const placeOf = (value: Value): Place => {
    if (value.op === 'state') return stateOf(String(value.attrs.name));
    const place =
      places.get(value) ?? (value.op === 'input' ? given(String(value.attrs.name), value.dtype) : own(value));
    places.set(value, place);
    return place;
  };
  const updates = functionOf(loops, 'step')?.updates ?? [];
  const update = (): void => {
    const next = updates.map(({ value }) => placeOf(value).data.slice());
    for (const [i, { state }] of updates.entries()) stateOf(state).data.set(next[i] ?? []);
  };
  const before = (_fn: FunctionName, moment: number): void => {
    if (moment === 0) for (const { written } of places.values()) written?.fill(0);
  };
  return runAll(loops, batch, { placeOf, stateOf, update, before }, given);
}

/**
 * Every value in one arena, filled with 0xff but for the state, where the plan has put it. `poison`: before each block,
 * what the loops no longer need, or do not need yet, is filled with 0xff again.
 */
export function runArena(
  planned: PlannedProgram,
  batch: number,
  leaf: Leaf,
  { poison = false }: { readonly poison?: boolean } = {},
): Numbers {
  const { program, states, buffers, copies } = planned;
  const given = leavesOf(program, batch, leaf);
  const arena = new ArrayBuffer(planned.arenaBytes);
  const bytes = new Uint8Array(arena).fill(0xff);
  const view = (dtype: DType, offset: number, size: number): Place => ({
    data: new arrays[dtype](arena, offset, size),
    size,
  });
  const stateOf = (name: string): Place => {
    const decl = known(
      program.states.find((state) => state.name === name),
      name,
    );
    return view(decl.dtype, known(states.get(name), name).offset, countOf(decl, batch));
  };
  const placeOf = (value: Value): Place => {
    const name = String(value.attrs.name);
    if (value.op === 'state') return stateOf(name);
    if (value.op === 'input') return given(name, value.dtype);
    return view(value.dtype, known(buffers.get(value), value.op).offset, countOf(value, batch));
  };
  for (const { name, dtype } of program.states) stateOf(name).data.set(given(name, dtype).data);
  const calls = new Map<FunctionName, Call>();
  const before = (fn: FunctionName, moment: number): void => {
    const call = calls.get(fn) ?? callOf(planned, fn);
    calls.set(fn, call);
    const free = gapsBetween(neededBefore(call, moment), planned.arenaBytes);
    for (const { from, to } of free) bytes.fill(0xff, from, to);
  };
  const update = (): void => {
    for (const { state, from } of copies) stateOf(state).data.set(placeOf(from).data);
  };
  return runAll(planned, batch, { placeOf, stateOf, update, before: poison ? before : () => {} }, given);
}

type Given = (name: string, dtype: DType) => Place;

/** The data of inputs, states and the scalars of a call, each rounded to its dtype. */
function leavesOf({ inputs, states }: Program, batch: number, leaf: Leaf): Given {
  const shapes = new Map([...inputs, ...states].map(({ name, shape }) => [name, shape] as const));
  const places = new Map<string, Place>();
  return (name, dtype) => {
    const shape = shapes.get(name) ?? [];
    const data = leaf({ id: -1, op: 'input', inputs: [], attrs: { name }, shape, dtype });
    const size = countOf({ shape }, batch);
    if (data.length < size) throw new Error(`${name} has ${data.length} elements instead of ${size}`);
    const place = places.get(name) ?? { data: arrays[dtype].from(data), size };
    places.set(name, place);
    return place;
  };
}

function runAll({ program, blocks }: LoopProgram, batch: number, memory: Memory, given: Given): Numbers {
  const context = { batch, float: program.float, placeOf: memory.placeOf };
  const runs = blocks.map(({ statements, usedBy }) => ({
    usedBy,
    run: compileStatements(statements, context),
  }));
  const numbers = new Map<string, readonly number[]>();
  for (const name of order) {
    const fn = program.functions.find((candidate) => candidate.name === name);
    const used = runs.filter(({ usedBy }) => usedBy.has(name));
    used.forEach(({ run }, moment) => {
      memory.before(name, moment);
      run();
    });
    memory.before(name, used.length);
    if (name === 'step') memory.update();
    memory.before(name, used.length + 1);
    for (const result of fn?.results ?? []) {
      numbers.set(`${name}.${result.name}`, resultOf(result.value, batch, memory, given));
    }
  }
  for (const { state } of program.functions.flatMap((fn) => fn.updates)) {
    numbers.set(`state.${state}`, Array.from(memory.stateOf(state).data));
  }
  return numbers;
}

/** Constants and what comes with the call are handed out as they are; everything else lies in memory. */
function resultOf(value: Value, batch: number, { placeOf }: Memory, given: Given): number[] {
  if (value.op === 'batchSize') return [asStored(batch, value.dtype)];
  if (value.op === 'constant' && value.shape.length === 0)
    return [asStored(Number(value.attrs.value), value.dtype)];
  const { data, size } = value.op === 'input' ? given(String(value.attrs.name), value.dtype) : placeOf(value);
  return Array.from(data).slice(0, size);
}

function known<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`${what} has no place`);
  return found;
}
