/** What is a bare leaf and must be computed, because it would be read too late or from nowhere, is copied; nothing else is. */

import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import type { Program, ProgramFunction, StateDecl } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { materialize } from '../../passes/materialize.ts';

const o = createBuilder('f32');
const leaf = {
  v: o.state({ name: 'v', dtype: 'f32', shape: [2] }),
  u: o.state({ name: 'u', dtype: 'f32', shape: [2] }),
  x: o.input({ name: 'x', dtype: 'f32', shape: ['batch', 2] }),
  step: o.input({ name: 'step', dtype: 'i32', shape: [] }),
  half: o.constant({ value: 0.5, dtype: 'f32', shape: [2] }),
};
const computed = o.neg(leaf.v);

const states = ['v', 'u'].map(
  (name): StateDecl => ({
    name,
    role: 'parameter',
    dtype: 'f32',
    shape: [2],
    init: { kind: 'constant', value: 0 },
  }),
);

const programOf = (fn: ProgramFunction): Program => ({
  name: 'bare',
  float: 'f32',
  maxBatch: 4,
  inputs: [{ name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 2] }],
  states,
  functions: [fn],
  notes: o.notes,
});

const updating = (value: Value): Program =>
  programOf({ name: 'step', results: [], updates: [{ state: 'v', value }] });
const giving = (name: ProgramFunction['name'], value: Value): Program =>
  programOf({ name, results: [{ name: 'r', value }], updates: [] });

/** The one root of a program when the pass has run, and what is noted of it. */
function rootOf(program: Program) {
  const { functions, notes } = materialize.run(program);
  const [root] = functions.flatMap((fn) => [...fn.updates, ...fn.results]).map(({ value }) => value);
  if (!root) throw new Error('the root is gone');
  return { op: root.op, of: root.inputs[0]?.op, note: notes.get(root) };
}

describe('an update', () => {
  it.each(['u', 'half'] as const)('by %s is a copy of it, with the name of the state', (name) => {
    expect(rootOf(updating(leaf[name]))).toEqual({
      op: 'cast',
      of: leaf[name].op,
      note: { role: 'update', name: 'v' },
    });
  });

  it.each([leaf.v, computed])('by itself, or by what is computed, stays as it is', (value) => {
    const program = updating(value);
    expect(materialize.run(program)).toBe(program);
  });
});

describe('a result', () => {
  it.each<[ProgramFunction['name'], keyof typeof leaf]>([
    ['step', 'v'],
    ['predict', 'step'],
    ['predict', 'half'],
  ])('of %s that is %s is a copy of it, with the name of the result', (fn, name) => {
    expect(rootOf(giving(fn, leaf[name]))).toEqual({
      op: 'cast',
      of: leaf[name].op,
      note: { role: 'forward', name: 'r' },
    });
  });

  it.each<[ProgramFunction['name'], keyof typeof leaf]>([
    ['step', 'step'],
    ['step', 'half'],
    ['evaluate', 'v'],
    ['evaluate', 'step'],
    ['evaluate', 'half'],
    ['predict', 'v'],
    ['predict', 'x'],
  ])('of %s that is %s is found where it is', (fn, name) => {
    const program = giving(fn, leaf[name]);
    expect(materialize.run(program)).toBe(program);
  });

  it.each(['step', 'evaluate', 'predict'] as const)('of %s that is computed stays as it is', (fn) => {
    const program = giving(fn, computed);
    expect(materialize.run(program)).toBe(program);
  });
});

it('of several updates and results only those are copied that must be', () => {
  const program = programOf({
    name: 'step',
    results: [
      { name: 'old', value: leaf.u },
      { name: 'half', value: leaf.half },
    ],
    updates: [
      { state: 'v', value: leaf.u },
      { state: 'u', value: computed },
    ],
  });
  const [fn] = materialize.run(program).functions;
  expect(fn?.results.map(({ value }) => value.op)).toEqual(['cast', 'constant']);
  expect(fn?.updates.map(({ value }) => value.op)).toEqual(['cast', 'neg']);
});
