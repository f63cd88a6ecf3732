/** The plan of the arena, by a checker that knows nothing of how it was made: who is alive when, and who lies where. */

import { describe, expect, it } from 'vitest';
import { CompileError } from '../../ir/errors.ts';
import type { Buffer, PlannedProgram, Statement } from '../../ir/kernel.ts';
import { bytesPerElement, type Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { eachStatement, loadsIn } from '../../ir/walk.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { plannedOf, programOf, smallPrograms } from './small-programs.ts';

const planned = smallPrograms('f32').map(
  ([name, program]) => [name, runPipeline(program, { verify: true }).planned] as const,
);

const sizeOf = (shape: Shape, batch: number): number =>
  shape.reduce<number>((size, dim) => size * (dim === 'batch' ? batch : dim), 1);

const bytesOf = ({ shape, dtype }: Pick<Value, 'shape' | 'dtype'>, { program }: PlannedProgram): number =>
  sizeOf(shape, program.maxBatch) * bytesPerElement[dtype];

const meet = (a: Buffer, b: Buffer): boolean =>
  a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;

const writtenIn = (statements: readonly Statement[]): Value[] =>
  eachStatement(statements).flatMap((s) => (s.kind === 'store' || s.kind === 'fill' ? [s.to] : []));

/** The first block that writes each value, and the last that reads it; what is read after all blocks never dies. */
function livesOf({ blocks, program, copies }: PlannedProgram) {
  const lives = new Map<Value, { readonly born: number; dies: number }>();
  blocks.forEach(({ statements }, at) => {
    for (const value of writtenIn(statements)) {
      if (!lives.has(value)) lives.set(value, { born: at, dies: at });
    }
    for (const { from } of loadsIn(statements)) {
      const life = lives.get(from);
      if (life) life.dies = at;
    }
  });
  const readAtTheEnd = [
    ...program.functions.flatMap((fn) => fn.results.map(({ value }) => value)),
    ...copies.map(({ from }) => from),
  ];
  for (const value of readAtTheEnd) {
    const life = lives.get(value);
    if (life) life.dies = blocks.length;
  }
  return lives;
}

/** The states that a value is computed over: those that it is the next value of. */
const statesUnder = ({ program, states }: PlannedProgram, value: Value, buffer: Buffer): string[] =>
  program.functions
    .flatMap((fn) => fn.updates)
    .filter((update) => update.value === value && states.get(update.state)?.offset === buffer.offset)
    .map(({ state }) => state);

describe.each(planned)('the memory of %s', (_, plan) => {
  const { program, blocks, buffers, states, arenaBytes, copies } = plan;
  const all = [...buffers.values(), ...states.values()];

  it('begins every array where 128 bits can be loaded', () => {
    expect(all.filter(({ offset }) => offset % 16 !== 0)).toEqual([]);
  });

  it('has room for every element of every array at the largest batch', () => {
    for (const [value, { bytes }] of buffers) expect(bytes).toBe(bytesOf(value, plan));
    for (const state of program.states) expect(states.get(state.name)?.bytes).toBe(bytesOf(state, plan));
  });

  it('is as large as its last array needs, and no larger', () => {
    const end = Math.max(...all.map(({ offset, bytes }) => offset + bytes));
    expect(arenaBytes).toBe(Math.ceil(end / 16) * 16);
  });

  it('gives no byte of a state to anything but its own next value', () => {
    for (const { name } of program.states) {
      const own = states.get(name);
      if (!own) throw new Error(`The state ${name} has no place.`);
      for (const [other, buffer] of states) expect(other !== name && meet(own, buffer)).toBe(false);
      for (const [value, buffer] of buffers) {
        if (meet(own, buffer)) expect(statesUnder(plan, value, buffer)).toEqual([name]);
      }
    }
  });

  it('gives no byte to two values that are needed at once', () => {
    const lives = livesOf(plan);
    const order = blocks.flatMap(({ roots }) => roots).filter((root) => buffers.has(root));
    const placed = order.flatMap((value) => {
      const [buffer, life] = [buffers.get(value), lives.get(value)];
      return buffer && life && statesUnder(plan, value, buffer).length === 0 ? [{ value, buffer, life }] : [];
    });
    expect(order.length).toBe(buffers.size);
    for (const [i, { value: a, buffer, life: first }] of placed.entries()) {
      for (const { value: b, buffer: other, life: second } of placed.slice(i + 1)) {
        if (!meet(buffer, other)) continue;
        // Computed over what is read for the last time, element by element.
        const inPlace = blocks[second.born]?.inPlace.some(({ root, over }) => root === b && over === a);
        const makesRoom = first.dies < second.born || (first.dies === second.born && inPlace === true);
        expect(makesRoom, `${a.op} %${a.id} and ${b.op} %${b.id}`).toBe(true);
      }
    }
  });

  it('sets every state that is updated, in place or by a copy at the end', () => {
    for (const { state, value } of program.functions.flatMap((fn) => fn.updates)) {
      const inPlace = buffers.get(value)?.offset === states.get(state)?.offset;
      const copied = copies.some((copy) => copy.state === state && copy.from === value);
      expect(inPlace !== copied, state).toBe(true);
    }
  });
});

describe('an update', () => {
  const copied = (name: Parameters<typeof plannedOf>[0]): readonly string[] =>
    plannedOf(name).copies.map(({ state }) => state);

  it('is computed over its state where each element needs its own old value alone', () => {
    expect(copied('a state updated from itself in place')).toEqual([]);
  });

  it('is copied at the end where other elements need the old value', () => {
    expect(copied('a state that is read, whole, by what replaces it')).toEqual(['v']);
  });

  it('is copied at the end where a later update needs the old value', () => {
    expect(copied('two states that each need the old value of the other')).toContain('v');
  });

  it('is copied at the end where it is computed by other functions as well', () => {
    expect(copied('an update that is a result as well')).toEqual(['v']);
  });
});

it('a value takes the place of what its block reads for the last time', () => {
  const { buffers } = plannedOf('a chain of values that are there to be seen');
  const offsets = [...buffers].filter(([{ shape }]) => shape.length === 2).map(([, { offset }]) => offset);
  expect(offsets.length).toBe(6);
  expect(new Set(offsets).size).toBe(1);
});

it('a value on the way that takes 2 GiB is refused', () => {
  const program = programOf((o, { u }) => {
    const rows = o.broadcast(o.exp(u), { axes: [0, 2], dims: [2 ** 14, 2 ** 13] });
    return { outputs: { rows } };
  }, 'f32');
  expect(() => runPipeline(program)).toThrow(CompileError);
});
