/** Columns: what the user may give, and which error names what is wrong with it. */

import { describe, expect, test } from 'vitest';
import { checkColumns } from '../../src/runtime/columns.ts';
import type { Layout } from '../../src/runtime/index.ts';
import { failure } from './failing.ts';
import { linearLayout } from './linear.ts';

const layout: Layout = {
  ...linearLayout(),
  inputs: [
    { name: 'pixels', role: 'input', dtype: 'f32', shape: ['batch', 2] },
    { name: 'ids', role: 'input', dtype: 'i32', shape: ['batch'] },
    { name: 'digit', role: 'label', dtype: 'i32', shape: ['batch'], classes: 10 },
  ],
};
const good = { pixels: [1, 2, 3, 4], ids: [5, 6], digit: [0, 9] };
const check = (change: object) => failure(() => checkColumns(layout, { ...good, ...change }, 'all'));

describe('columns', () => {
  test.each([
    ['numbers', [1, 2, 3, 4]],
    [
      'rows',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['rows of typed arrays', [Uint8Array.of(1, 2), Float64Array.of(3, 4)]],
    ['an array of another type', Uint8Array.of(1, 2, 3, 4)],
  ])('may be %s', (_, pixels) => {
    const { count, arrays } = checkColumns(layout, { ...good, pixels }, 'all');
    expect(count).toBe(2);
    expect([...arrays]).toEqual([
      ['pixels', Float32Array.of(1, 2, 3, 4)],
      ['ids', Int32Array.of(5, 6)],
      ['digit', Int32Array.of(0, 9)],
    ]);
  });
  test('of the right type are not copied', () => {
    const pixels = Float32Array.of(1, 2, 3, 4);
    expect(checkColumns(layout, { ...good, pixels }, 'all').arrays.get('pixels')).toBe(pixels);
  });
  test('for labels are not needed, nor looked at, for predictions', () => {
    expect(checkColumns(layout, { pixels: [1, 2], ids: [3] }, 'inputs').count).toBe(1);
    expect(checkColumns(layout, { pixels: [1, 2], ids: [3], digit: ['?'] }, 'inputs').count).toBe(1);
  });
  test('named like members of Object are ordinary', () => {
    const inputs = ['__proto__', 'constructor'].map(
      (name) => ({ name, role: 'input', dtype: 'f64', shape: ['batch'] }) as const,
    );
    const data = { ['__proto__']: [1, 2], constructor: [3, 4] };
    expect([...checkColumns({ ...layout, inputs }, data, 'all').arrays.keys()]).toEqual([
      '__proto__',
      'constructor',
    ]);
    expect(failure(() => checkColumns({ ...layout, inputs }, {}, 'all'))).toMatch(
      /missing-column.*"__proto__"/,
    );
  });
  test('of records without numbers take their count from the others', () => {
    const inputs = [
      { name: 'none', role: 'input', dtype: 'f32', shape: ['batch', 0] },
      { name: 'x', role: 'input', dtype: 'f32', shape: ['batch'] },
    ] as const;
    expect(checkColumns({ ...layout, inputs }, { none: [], x: [1, 2, 3] }, 'all').count).toBe(3);
    expect(failure(() => checkColumns({ ...layout, inputs }, { none: [1], x: [1] }, 'all'))).toMatch(
      /wrong-length/,
    );
  });
  test('of a model without inputs are one empty record', () => {
    expect(checkColumns({ ...layout, inputs: [] }, {}, 'all').count).toBe(1);
  });
});

describe('errors of columns', () => {
  test('a missing column', () => {
    expect(failure(() => checkColumns(layout, { pixels: [1, 2], ids: [1] }, 'all'))).toMatch(
      /data\/missing-column.*"digit"/,
    );
    for (const data of [null, undefined, 3, [1, 2]]) {
      expect(failure(() => checkColumns(layout, data, 'all'))).toMatch(/data\/missing-column/);
    }
  });
  test('an unknown column, with the nearest name', () => {
    expect(check({ pixel: [1] })).toMatch(/data\/unknown-column.*"pixel".*Did you mean "pixels"\?/);
    expect(check({ somethingElse: [1] })).toMatch(/Known names: "pixels", "ids", "digit"/);
    expect(check({ '\u001b[31mred\u009b': [1] })).toContain('"\\u001b[31mred\\u009b"');
  });
  test('a wrong length', () => {
    expect(check({ pixels: [1, 2, 3] })).toMatch(/data\/wrong-length.*"pixels" has 3 values.*records of 2/);
    expect(check({ ids: [1, 2, 3] })).toMatch(/data\/wrong-length.*"pixels" has 2, "ids" has 3/);
    expect(check({ pixels: [[1, 2], [3]] })).toMatch(
      /data\/wrong-length: Record 1 \(counted from 0\).*needs 2 values, got 1/,
    );
    expect(check({ pixels: [[1, 2], 3] })).toMatch(/data\/wrong-length: Record 1.*not a row/);
    for (const pixels of ['12', 5, null, {}, new DataView(new ArrayBuffer(8)), new BigInt64Array(4)]) {
      expect(check({ pixels })).toMatch(/data\/wrong-length.*not an array/);
    }
  });
  test('no records', () => {
    const empty = { pixels: [], ids: [], digit: [] };
    expect(failure(() => checkColumns(layout, empty, 'all'))).toMatch(/data\/empty/);
  });
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s anywhere', (value) => {
    const place = new RegExp(
      `data/not-finite: Record 1 \\(counted from 0\\) of the column "pixels" is ${value}`,
    );
    expect(check({ pixels: [1, 2, 3, value] })).toMatch(place);
    expect(check({ pixels: Float32Array.of(1, 2, 3, value) })).toMatch(place);
    expect(
      check({
        pixels: [
          [1, 2],
          [value, 4],
        ],
      }),
    ).toMatch(place);
    expect(check({ digit: [1, value] })).toMatch(/data\/not-finite: Record 1/);
  });
  test('values that are no numbers', () => {
    for (const value of ['1', null, undefined, {}, Symbol('s'), 1n]) {
      expect(check({ pixels: [value, 2, 3, 4] })).toMatch(/data\/not-finite: Record 0/);
    }
  });
  test('a number too large for f32', () => {
    expect(check({ pixels: [1, 2, 1e39, 4] })).toMatch(
      /data\/not-finite: Record 1.*1e\+39, which is too large for f32/,
    );
  });
  test.each([-1, 10, 2.5])('the label %s', (value) => {
    const expected = new RegExp(`data/label-range: Record 1 .* is ${value}; .* integer from 0 to 9`);
    expect(check({ digit: [0, value] })).toMatch(expected);
    expect(check({ digit: Float64Array.of(0, value) })).toMatch(expected);
  });
  test.each([0.5, 2 ** 31])('the integer %s', (value) => {
    expect(check({ ids: [value, 1] })).toMatch(/data\/not-integer: Record 0 .*integer of 32 bits/);
  });
});
