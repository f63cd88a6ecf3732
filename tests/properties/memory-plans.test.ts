/** Loops and memory plans of random training programs: the bits of the evaluator, and nothing needed is overwritten. */

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import type { PlannedProgram } from '../../ir/kernel.ts';
import type { Program, StateDecl } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { arbitraryProgram, dataFor } from '../arbitraries/graph.ts';
import { publishCounts } from '../counts.ts';
import { breakers, withBuffer, withoutCopy } from '../oracle/broken-plans.ts';
import { planFaults } from '../oracle/liveness.ts';
import { runApart, runArena } from '../oracle/loops.ts';
import { expected, firstDifference } from '../pipeline/run-emitted.ts';
import { seed } from './seed.ts';

const counts = { programs: 0, blocks: 0, arrays: 0, sharing: 0, copies: 0, broken: 0, numbersChanged: 0 };

/** How many arrays have a byte in common with one before them. */
function sharingIn({ buffers }: PlannedProgram): number {
  const places = [...buffers.values()].filter(({ bytes }) => bytes > 0);
  return places.filter((place, i) =>
    places
      .slice(0, i)
      .some(
        (other) => place.offset < other.offset + other.bytes && other.offset < place.offset + place.bytes,
      ),
  ).length;
}

function count({ blocks, buffers, copies, ...planned }: PlannedProgram): void {
  counts.programs++;
  counts.blocks += blocks.length;
  counts.arrays += buffers.size;
  counts.copies += copies.length;
  counts.sharing += sharingIn({ blocks, buffers, copies, ...planned });
}

const samples = (float: 'f32' | 'f64') =>
  [arbitraryProgram({ float }), fc.integer({ min: 1, max: 5 }), fc.nat(2 ** 30)] as const;

describe.each(['f32', 'f64'] as const)('%s programs', (float) => {
  it('run as loops to the bits of the evaluator, with memory apart, shared, and poisoned', {
    timeout: 120_000,
  }, () => {
    const property = fc.property(...samples(float), (program, batch, data) => {
      const { planned } = runPipeline(program);
      count(planned);
      expect(planFaults(planned)).toEqual([]);
      const leaf = dataFor(program, batch, data);
      const wanted = expected(planned.program, batch, leaf);
      expect(firstDifference(runApart(planned, batch, leaf), wanted), 'apart').toBeUndefined();
      expect(firstDifference(runArena(planned, batch, leaf), wanted), 'in one arena').toBeUndefined();
      const poisoned = runArena(planned, batch, leaf, { poison: true });
      expect(firstDifference(poisoned, wanted), 'poisoned').toBeUndefined();
    });
    fc.assert(property, { seed, numRuns: 300 });
  });
});

/** True when a broken plan gives other numbers, or cannot run at all. */
function changesNumbers(plan: PlannedProgram, batch: number, data: number): boolean {
  const leaf = dataFor(plan.program, batch, data);
  const wanted = expected(plan.program, batch, leaf);
  try {
    return firstDifference(runArena(plan, batch, leaf, { poison: true }), wanted) !== undefined;
  } catch {
    return true;
  }
}

/** Faults that change a number in most programs. */
const harmful: readonly string[] = [
  'a buffer freed one block early',
  'two values overlapped',
  'a dropped copy',
  'a state updated before its last reader',
  'two states in one place',
];

/** How many plans each breaker has broken. */
const brokenBy = new Map<string, number>();

describe('a fault put into the plan of a random program is found', () => {
  it.each(Object.entries(breakers))('%s', { timeout: 120_000 }, (name, breaker) => {
    let [broken, changed] = [0, 0];
    const property = fc.property(...samples('f32'), fc.nat(), (program, batch, data, choice) => {
      const found = breaker(runPipeline(program).planned, choice);
      if (!found) return;
      expect(planFaults(found.plan), found.what).not.toEqual([]);
      broken++;
      if (changesNumbers(found.plan, batch, data)) changed++;
    });
    fc.assert(property, { seed, numRuns: 60 });
    counts.broken += broken;
    counts.numbersChanged += changed;
    publishCounts('broken plans', { found: broken, 'with other numbers': changed });
    brokenBy.set(name, broken);
    if (harmful.includes(name)) expect(changed).toBeGreaterThan(0.5 * broken);
  });
});

const state = (name: string, ...shape: number[]): StateDecl => ({
  name,
  role: 'parameter',
  dtype: 'f32',
  shape,
  init: { kind: 'constant', value: 0 },
});

/** Two layers and a step of descent; and two numbers that change places in every step. */
function network(): Program {
  const o = createBuilder('f32');
  const states = [state('W', 3, 4), state('V', 4, 2), state('p'), state('q')];
  const [w, v, p, q] = states.map(({ name, dtype, shape }) => o.state({ name, dtype, shape }));
  if (!w || !v || !p || !q) throw new Error('a state is missing');
  const x = o.input({ name: 'x', dtype: 'f32', shape: ['batch', 3] });
  const call = (name: string, value: Value): Value => {
    o.annotate(value, { name });
    return value;
  };
  const hidden = call('hidden', o.tanh(call('inner', o.matmul(x, w))));
  const turned = call('turned', o.exp(call('out', o.matmul(hidden, v))));
  const loss = call('loss', o.sum(o.mul(turned, turned), { axes: [0, 1] }));
  const descend = (at: Value): Value => o.sub(at, o.mul(0.01, o.grad(loss, at)));
  const updates = o.within({ role: 'update' }, () => [
    { state: 'W', value: descend(w) },
    { state: 'V', value: descend(v) },
    { state: 'p', value: q },
    { state: 'q', value: p },
  ]);
  return {
    name: 'network',
    float: 'f32',
    maxBatch: 4,
    inputs: [{ name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 3] }],
    states,
    functions: [
      { name: 'step', results: [{ name: 'loss', value: loss }], updates },
      { name: 'evaluate', results: [{ name: 'loss', value: loss }], updates: [] },
      { name: 'predict', results: [{ name: 'out', value: turned }], updates: [] },
    ],
    notes: o.notes,
  };
}

const { planned } = runPipeline(network(), { verify: true });

function valueWhere(what: string, is: (value: Value) => boolean): Value {
  const found = [...planned.buffers.keys()].find(is);
  if (!found) throw new Error(`${what} has no place`);
  return found;
}

const named = (name: string): Value =>
  valueWhere(name, (value) => planned.program.notes.get(value)?.name === name);
const placeOf = (name: string): number => planned.buffers.get(named(name))?.offset ?? -1;
const moved = (name: string, offset: number): PlannedProgram => withBuffer(planned, named(name), { offset });

/** A step that takes the inner values of the first layer for computed. */
const withoutInner = (): PlannedProgram => ({
  ...planned,
  blocks: planned.blocks.map((block) => ({
    ...block,
    usedBy: new Set([...block.usedBy].filter((user) => block.name !== 'inner' || user !== 'step')),
  })),
});

const gradient = valueWhere('dW', ({ op, shape }) => op === 'matmul' && shape.join() === '3,4');
const oldP = planned.states.get('p') ?? { offset: -1, bytes: 0 };

describe('in the plan of a small network', () => {
  it('there is no fault', () => {
    expect(planFaults(planned)).toEqual([]);
    expect(changesNumbers(planned, 3, 1)).toBe(false);
  });

  it.each<[string, () => PlannedProgram, RegExp]>([
    [
      'a buffer freed one block early',
      () => moved('dOut', placeOf('hidden')),
      /^hidden and dOut share bytes \d+\.\.\d+ while both are needed between block 5 \(dOut\) and block 7 \(dInner\) of step$/,
    ],
    [
      'a product written over its own operand',
      () => withBuffer(planned, gradient, { offset: placeOf('dInner') }),
      /^in step, block t\d+ reads dInner where it has written matmul#\d+ already$/,
    ],
    [
      'a result that the next value overwrites',
      () => moved('dOut', placeOf('loss')),
      /^loss and dOut share bytes \d+\.\.\d+ while both are needed between block \d+ \(\w+\) and block \d+/,
    ],
    ['a dropped copy', () => withoutCopy(planned, 'p'), /^the update of p never reaches it$/],
    [
      'a state updated before its last reader',
      () => withoutCopy(withBuffer(planned, named('p'), oldP), 'p'),
      /^the old p and the new p share bytes \d+\.\.\d+ while both are needed between block \d+ \(p\) and block \d+ \(q\) of step$/,
    ],
    [
      'a value that a function does not compute',
      withoutInner,
      /^step reads inner, which nothing before has computed$/,
    ],
  ])('%s is found, and changes a number', (_name, plan, sentence) => {
    const broken = plan();
    expect(planFaults(broken).join('\n')).toMatch(new RegExp(sentence, 'm'));
    expect(changesNumbers(broken, 3, 1)).toBe(true);
  });
});

describe('a place that does not fit', () => {
  it.each<[string, () => PlannedProgram, string]>([
    [
      'one byte too few',
      () => withBuffer(planned, named('out'), { bytes: 31 }),
      'out has 31 bytes and needs 32',
    ],
    [
      'a place between those of 128 bits',
      () => moved('loss', placeOf('loss') + 4),
      `loss begins at byte ${placeOf('loss') + 4}, which is no multiple of 16`,
    ],
    ['a value among the state', () => moved('loss', 16), 'loss lies among the state'],
    [
      'an arena that ends too late',
      () => ({ ...planned, arenaBytes: planned.arenaBytes + 16 }),
      `the arena has ${planned.arenaBytes + 16} bytes and its arrays end at ${planned.arenaBytes}`,
    ],
    [
      'an arena that ends too early',
      () => ({ ...planned, arenaBytes: planned.arenaBytes - 16 }),
      `the arena has ${planned.arenaBytes - 16} bytes and its arrays end at ${planned.arenaBytes}`,
    ],
    [
      'a copy into the wrong state',
      () => ({ ...planned, copies: planned.copies.map((copy) => ({ ...copy, state: 'q' })) }),
      'p is copied into q, of which it is no update',
    ],
  ])('%s is found', (_name, plan, sentence) => {
    expect(planFaults(plan())).toContain(sentence);
  });

  it('what a call before has left behind counts as not computed', () => {
    const plan = withoutInner();
    const leaf = dataFor(plan.program, 3, 1);
    const wanted = expected(plan.program, 3, leaf);
    expect(() => runApart(plan, 3, leaf)).toThrow('is read before it is written');
    expect(firstDifference(runArena(plan, 3, leaf, { poison: true }), wanted)).toMatch('NaN');
  });
});

afterAll(() => {
  publishCounts('memory plans', counts);
  for (const [name, broken] of brokenBy) expect(broken, name).toBeGreaterThan(10);
  expect(counts.programs).toBeGreaterThanOrEqual(600);
  expect(counts.sharing).toBeGreaterThan(1_000);
  expect(counts.copies).toBeGreaterThan(100);
});
