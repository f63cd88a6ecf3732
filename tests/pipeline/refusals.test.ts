/** What the compiler refuses to go on with: programs that say other things than they mean, and passes run out of turn. */

import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import { evaluate } from '../../ir/evaluate.ts';
import type { InputDecl, Program, ProgramFunction, StateDecl } from '../../ir/program.ts';
import { copy } from '../../ir/substitute.ts';
import type { Value } from '../../ir/value.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { fuse } from '../../passes/fuse.ts';
import { lower } from '../../passes/lower.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { refusal } from '../dsl/support.ts';

const o = createBuilder('f32');
const x = o.input({ name: 'x', dtype: 'f32', shape: ['batch', 2] });
const w = o.state({ name: 'w', dtype: 'f32', shape: [2] });
const product = o.mul(x, w);
const loss = o.sum(product, { axes: [0, 1] });
const input: InputDecl = { name: 'x', role: 'input', dtype: 'f32', shape: ['batch', 2] };
const weights: StateDecl = {
  name: 'w',
  role: 'parameter',
  dtype: 'f32',
  shape: [2],
  init: { kind: 'constant', value: 0 },
};
const sound: Program = {
  name: 'sound',
  float: 'f32',
  maxBatch: 4,
  inputs: [input],
  states: [weights],
  functions: [
    { name: 'step', results: [{ name: 'loss', value: loss }], updates: [{ state: 'w', value: o.neg(w) }] },
    { name: 'predict', results: [], updates: [] },
  ],
  notes: o.notes,
};

/** The sound program with another loss, whose note is that of the loss. */
const computing = (value: Value): Program => ({
  ...sound,
  functions: [{ name: 'evaluate', results: [{ name: 'loss', value }], updates: [] }],
  notes: new Map([...o.notes, [value, { role: 'forward' }]]),
});

const doing = (fn: ProgramFunction): Program => ({ ...sound, functions: [fn] });
const scalar = (name: string, shape: readonly number[] = []): Value => o.input({ name, dtype: 'i32', shape });

describe('a program', () => {
  it('that is sound passes, with the step and the seed undeclared', () => {
    expect(() => verifyProgram(sound)).not.toThrow();
    expect(() => verifyProgram(computing(scalar('step')))).not.toThrow();
    expect(() => verifyProgram(computing(scalar('seed')))).not.toThrow();
  });

  it.each<[string, Program, string]>([
    ['has an operand too few', computing({ ...product, inputs: [x] }), 'mul has 1 inputs'],
    [
      'reads what is made after it',
      computing({ ...loss, id: product.id }),
      'sum reads a value made after it',
    ],
    [
      'says another shape than its op infers',
      computing({ ...loss, shape: [2] }),
      'sum says f32[2] and infers f32[]',
    ],
    [
      'says another type than its op infers',
      computing({ ...loss, dtype: 'f64' }),
      'sum says f64[] and infers f32[]',
    ],
    ['is of another precision', { ...sound, float: 'f64' }, 'is f32 in a program of f64'],
    ['has a value without a note', { ...sound, notes: new Map() }, 'has no note'],
    ['reads an input that is not declared', { ...sound, inputs: [] }, 'input x is not declared'],
    ['reads a state that is not declared', { ...sound, states: [] }, 'state w is not declared'],
    ['takes a row of steps', computing(scalar('step', [2])), 'input step is not declared'],
    [
      'reads an input of another shape than is declared',
      { ...sound, inputs: [{ ...input, shape: ['batch', 3] }] },
      'input x is not of its declared type',
    ],
    [
      'reads a state of another type than is declared',
      { ...sound, states: [{ ...weights, dtype: 'i32' }] },
      'state w is not of its declared type',
    ],
    [
      'updates what is no state',
      doing({ name: 'step', results: [], updates: [{ state: 'v', value: w }] }),
      'the update of v does not fit its state',
    ],
    [
      'updates a state by another shape',
      doing({ name: 'step', results: [], updates: [{ state: 'w', value: loss }] }),
      'the update of w does not fit its state',
    ],
    [
      'updates a state by another type',
      doing({ name: 'step', results: [], updates: [{ state: 'w', value: o.cast(w, { dtype: 'i32' }) }] }),
      'the update of w does not fit its state',
    ],
    ['computes nothing', doing({ name: 'step', results: [], updates: [] }), 'step computes nothing'],
  ])('that %s is the fault of the compiler', async (_, program, message) => {
    const diagnostic = await refusal(() => verifyProgram(program));
    expect(diagnostic).toMatchObject({ code: 'ir/invalid', severity: 'bug' });
    expect(diagnostic.message).toContain(message);
    expect(diagnostic.help).toMatch('a fault of the compiler, not of your model');
  });

  it('may no longer hold what a pass has removed', async () => {
    const { message } = await refusal(() => verifyProgram(sound, { ops: ['sum'] }));
    expect(message).toBe('sum should be gone by now');
  });
});

describe('a pass run out of turn', () => {
  it('lowers no value that an earlier one should have spelled out', async () => {
    const root = o.logSumExp(x, { axes: [1] });
    const program = computing(root);
    const diagnostic = await refusal(() => lower(program, { root, inlined: new Set(), role: 'forward' }));
    expect(diagnostic).toMatchObject({ code: 'ir/unlowered', severity: 'bug' });
    expect(diagnostic.message).toBe('logSumExp reached lowering; an earlier pass should have replaced it.');
  });

  it('evaluates no marker of a gradient', async () => {
    const { message } = await refusal(() =>
      evaluate([o.grad(loss, w)], { batch: 1, float: 'f32', leaf: () => [1, 2] }),
    );
    expect(message).toBe('a gradient marker reached the evaluator; run the autodiff pass first');
  });

  it('is not asked for by a name that no pass has', async () => {
    const diagnostic = await refusal(() => runPipeline(sound, { printAfter: 'tidy' }));
    expect(diagnostic.code).toBe('pass/unknown');
    expect(diagnostic.help).toMatch(
      'shield, simplify, autodiff, simplify-gradients, stabilize, materialize, fuse',
    );
  });
});

describe('what cannot be', () => {
  it('an op that there is none of is not copied', async () => {
    expect((await refusal(() => copy(o, { ...loss, op: 'total' }, [x]))).message).toBe(
      'there is no op "total"',
    );
  });

  it('data of another size than is declared is not evaluated', async () => {
    const { message } = await refusal(() => evaluate([x], { batch: 3, float: 'f32', leaf: () => [1, 2] }));
    expect(message).toBe('input gave 2 elements instead of 6');
  });

  it('blocks do not wait for each other', async () => {
    const first: Value = { ...product, inputs: [] };
    const second = { ...loss, inputs: [first] };
    Object.assign(first, { inputs: [second] });
    const program = doing({
      name: 'step',
      results: [first, second].map((value, i) => ({ name: `r${i}`, value })),
      updates: [],
    });
    const notes = new Map([...o.notes, [first, { role: 'forward', name: 'a' } as const]]);
    expect((await refusal(() => fuse({ ...program, notes }))).message).toBe('blocks wait for each other');
  });

  it.each<[string, () => unknown, string]>([
    ['of another size', () => o.reshape(x, { shape: ['batch', 3] }), '[batch, 3]'],
    ['without the batch', () => o.reshape(x, { shape: [2, 2] }), '[2, 2]'],
    ['with the batch elsewhere', () => o.reshape(x, { shape: [2, 'batch'] }), '[2, batch]'],
    ['with the batch twice', () => o.reshape(x, { shape: ['batch', 'batch'] }), '[batch, batch]'],
  ])('a value does not become one %s', async (_, run, shape) => {
    const diagnostic = await refusal(run);
    expect(diagnostic).toMatchObject({ code: 'shape/reshape', severity: 'error' });
    expect(diagnostic.message).toBe(`reshape: x f32[batch, 2] cannot become ${shape}.`);
  });
});
