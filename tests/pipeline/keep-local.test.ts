/** A value that lives for one turn of a loop is kept in a variable, and nothing else is. */

import { describe, expect, it } from 'vitest';
import { constIndex, type Index } from '../../ir/index-expr.ts';
import type { Statement } from '../../ir/kernel.ts';
import type { Scalar } from '../../ir/scalar.ts';
import type { Value } from '../../ir/value.ts';
import { createNames } from '../../passes/emit-statements.ts';
import { keepLocal } from '../../passes/keep-local.ts';

const value = (id: number): Value => ({ id, op: 'sum', inputs: [], attrs: {}, shape: [4], dtype: 'f32' });
const [kept, other, result] = [value(0), value(1), value(2)];
const i: Index = { kind: 'var', name: 'i', extent: 4 };
const j: Index = { kind: 'var', name: 'j', extent: 4 };

const load = (from: Value, at: Index = i): Scalar => ({ kind: 'load', from, index: [at], dtype: 'f32' });
const exp = (x: Scalar): Scalar => ({ kind: 'apply', fn: 'exp', args: [x], dtype: 'f32' });
const store = (to: Value, x: Scalar, at: Index = i): Statement => ({
  kind: 'store',
  to,
  index: [at],
  value: x,
});
const fill = (to: Value): Statement => ({ kind: 'fill', to, at: [], value: 0 });
const loop = (variable: string, ...body: readonly Statement[]): Statement => ({
  kind: 'for',
  variable,
  from: { extent: 0 },
  to: { extent: 4 },
  step: 1,
  body,
});
const isLess: Scalar = { kind: 'apply', fn: 'less', args: [load(kept), load(other)], dtype: 'bool' };

const run = (statements: readonly Statement[], candidates: readonly Value[] = [kept]) =>
  keepLocal(statements, candidates, createNames());
const isKept = (...statements: readonly Statement[]): boolean => run(statements).kept.has(kept);

const written = store(kept, exp(load(other)));
const row: Scalar = { kind: 'local', name: 'row', dtype: 'f32' };

describe('what is written and read in one turn', () => {
  it('is declared where it was written, and read by name', () => {
    const { statements, kept: names } = run([loop('i', written, store(result, exp(load(kept))))]);
    expect(names).toEqual(new Set([kept]));
    expect(statements).toEqual([
      loop(
        'i',
        { kind: 'let', name: 'row', value: exp(load(other)), mutable: false },
        store(result, exp(row)),
      ),
    ]);
  });

  it('stays in the variable in which it is already', () => {
    const sum: Scalar = { kind: 'local', name: 'sum', dtype: 'f32' };
    const { statements } = run([loop('i', store(kept, sum), store(result, load(kept)))]);
    expect(statements).toEqual([loop('i', store(result, sum))]);
  });

  it('is read by name inside of loops and conditions as well', () => {
    const inner = loop('j', { kind: 'set', name: 'sum', value: load(kept) });
    const choice: Statement = { kind: 'if', condition: isLess, body: [store(result, load(kept))] };
    const { statements } = run([loop('i', written, inner, choice, fill(other))]);
    expect(statements).toEqual([
      loop(
        'i',
        { kind: 'let', name: 'row', value: exp(load(other)), mutable: false },
        loop('j', { kind: 'set', name: 'sum', value: row }),
        {
          kind: 'if',
          condition: { kind: 'apply', fn: 'less', args: [row, load(other)], dtype: 'bool' },
          body: [store(result, row)],
        },
        fill(other),
      ),
    ]);
  });

  it('has a name of its own beside another', () => {
    const { statements, kept: names } = run(
      [loop('i', written, store(other, exp(load(kept))), store(result, load(other)))],
      [kept, other],
    );
    expect(names).toEqual(new Set([kept, other]));
    expect(JSON.stringify(statements)).toContain('"row2"');
  });

  it('is none of what other values are', () => {
    expect(run([loop('i', written)], [result]).kept).toEqual(new Set());
  });
});

describe('a value keeps its place in memory', () => {
  it.each<[string, readonly Statement[]]>([
    ['that is written in no loop', [store(kept, load(other), constIndex(0))]],
    ['that is written twice', [loop('i', written, written)]],
    ['that a second loop reads', [loop('i', written), loop('i', store(result, load(kept)))]],
    ['that a second loop writes', [loop('i', written), loop('i', store(kept, load(other)))]],
    ['that is cleared before', [fill(kept), loop('i', written)]],
    ['that is written by a loop inside as well', [loop('i', written, loop('j', written))]],
    [
      'that is cleared inside of a condition',
      [loop('i', written, { kind: 'if', condition: isLess, body: [fill(kept)] })],
    ],
    ['that is read at another position', [loop('i', written, store(result, load(kept, j)))]],
    ['that is read at a fixed position', [loop('i', written, store(result, load(kept, constIndex(0))))]],
    ['that is written at another position', [loop('i', store(kept, load(other), j))]],
    [
      'that has two axes',
      [loop('i', { kind: 'store', to: kept, index: [i, j], value: load(other) }, store(result, load(other)))],
    ],
  ])('%s', (_, statements) => {
    expect(isKept(...statements)).toBe(false);
    expect(run(statements).statements).toEqual(statements);
  });
});
