/** The small parts that passes are made of, each by itself: positions, expressions, attributes, loops side by side. */

import { describe, expect, it } from 'vitest';
import { constIndex, reshapeIndex, showIndex } from '../../ir/index-expr.ts';
import type { Statement } from '../../ir/kernel.ts';
import { parseProgram } from '../../ir/parse.ts';
import { printProgram } from '../../ir/print.ts';
import { type Scalar, scalarBuilder, showScalar } from '../../ir/scalar.ts';
import { elementCount } from '../../ir/types.ts';
import { listOf, numberList, type Value } from '../../ir/value.ts';
import { mapScalar, scalarVars } from '../../passes/emit-statements.ts';
import { shareLoops } from '../../passes/share-loops.ts';

describe('positions', () => {
  it('that are known are worked out', () => {
    expect(reshapeIndex([constIndex(5)], [6], [2, 3])).toEqual([constIndex(1), constIndex(2)]);
  });

  it('that depend on the number of samples say so', () => {
    expect(showIndex({ kind: 'mul', a: { kind: 'var', name: 'i', extent: 3 }, by: 'batch' })).toBe('(i)*n');
  });

  it('are not counted beyond what a number can count', () => {
    expect(elementCount([2 ** 30, 2 ** 30], 1)).toBeNaN();
    expect(elementCount(['batch', 2 ** 20], 4)).toBe(2 ** 22);
  });
});

describe('parts of expressions', () => {
  const i = { kind: 'var', name: 'i', extent: 3 } as const;
  const position: Scalar = { kind: 'index', index: i, dtype: 'i32' };
  const s = scalarBuilder('f32', () => 'k');

  it('depend on the loop variables that they count by', () => {
    expect([...scalarVars(s.apply('toFloat', position))]).toEqual(['i']);
    expect([...scalarVars(s.number(1, 'f32'))]).toEqual([]);
  });

  it('are replaced inside reductions as well', () => {
    const sum = s.reduce('sum', 2, () => s.apply('neg', s.number(1, 'f32')));
    const replaced = mapScalar(sum, (node) => (node.kind === 'number' ? s.number(2, 'f32') : undefined));
    expect(showScalar(replaced, () => 'x')).toBe('sum{k < 2}(neg(2))');
  });
});

it('attributes that are no lists have no elements', () => {
  expect(numberList(undefined)).toEqual([]);
  expect(listOf('batch')).toEqual([]);
  expect(numberList([1, '2'])).toEqual([1, 2]);
});

it('a program is read with attributes that are true or false', () => {
  const text = `program "p" f32 batch <= 4
input "x": f32[batch, 2]
%0 = input() {dtype: "f32", name: "x", shape: ["batch", 2]}: f32[batch, 2]
%1 = sum(%0) {axes: [0, 1], exact: true, late: false}: f32[]
function evaluate
  result "loss" = %1
`;
  const program = parseProgram(text);
  expect(program.functions[0]?.results[0]?.value.attrs).toEqual({ axes: [0, 1], exact: true, late: false });
  expect(printProgram(program)).toBe(text);
});

describe('loops over the same range', () => {
  const value = (id: number): Value => ({ id, op: 'exp', inputs: [], attrs: {}, shape: [4], dtype: 'f32' });
  const [a, b] = [value(0), value(1)];
  const i = { kind: 'var', name: 'i', extent: 4 } as const;
  const loop = (to: Value, from: Value, at: Parameters<typeof showIndex>[0]): Statement => ({
    kind: 'for',
    variable: 'i',
    from: { extent: 0 },
    to: { extent: 4 },
    step: 1,
    body: [{ kind: 'store', to, index: [i], value: { kind: 'load', from, index: [at], dtype: 'f32' } }],
  });
  const x = value(2);
  const one: Scalar = { kind: 'number', value: 1, dtype: 'f32' };

  it('become one where they meet at the same element', () => {
    expect(shareLoops([[loop(a, x, i)], [loop(b, a, i)]])).toHaveLength(1);
    expect(shareLoops([[loop(b, a, i)], [loop(a, x, i)]])).toHaveLength(1);
  });

  it('stay apart where the second reads what the first has not written yet', () => {
    expect(shareLoops([[loop(a, x, i)], [loop(b, a, constIndex(3))]])).toHaveLength(2);
  });

  it('stay apart where the second would overwrite what the first has not read yet', () => {
    expect(shareLoops([[loop(b, a, constIndex(3))], [loop(a, x, i)]])).toHaveLength(2);
  });

  const first = loop(a, x, i);
  const second = loop(b, x, i);
  const changed = (change: Partial<Extract<Statement, { kind: 'for' }>>): Statement =>
    second.kind === 'for' ? { ...second, ...change } : second;

  it.each<[string, readonly Statement[], readonly Statement[]]>([
    ['count by other names', [first], [changed({ variable: 'j' })]],
    ['end elsewhere', [first], [changed({ to: { extent: 5 } })]],
    ['end at another multiple', [first], [changed({ to: { extent: 4, times: 2 } })]],
    ['begin elsewhere', [first], [changed({ from: { extent: 4, multipleOf: 4 } })]],
    ['take several steps at a time', [first], [changed({ step: 4 })]],
    [
      'have something between them',
      [first, { kind: 'store', to: a, index: [constIndex(0)], value: one }],
      [second],
    ],
    ['have a loop of their own before them', [first], [first, second]],
    [
      'have something other than a declaration before them',
      [first],
      [{ kind: 'fill', to: b, at: [], value: 0 }, second],
    ],
    ['have a loop of their own after them', [first], [second, first]],
  ])('stay apart where they %s', (_, before, after) => {
    expect(shareLoops([before, after])).toEqual([...before, ...after]);
  });

  it('keep what is declared before them before, and what is stored after them after', () => {
    const sum: Statement = { kind: 'let', name: 'sum', value: one, mutable: true };
    const total: Statement = { kind: 'store', to: b, index: [constIndex(0)], value: one };
    const joined = shareLoops([[first], [sum, second, total]]);
    expect(joined.map(({ kind }) => kind)).toEqual(['let', 'for', 'store']);
  });

  it('are left alone where there is nothing but statements', () => {
    const total: Statement = { kind: 'store', to: b, index: [], value: one };
    expect(shareLoops([[total], [first], [total]])).toEqual([total, first, total]);
  });
});
