/** Deep and heavily shared graphs are differentiated and simplified in linear time, without recursion. */

import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { parseProgram } from '../../ir/parse.ts';
import { printProgram } from '../../ir/print.ts';
import type { Value } from '../../ir/value.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { simplify } from '../../passes/simplify.ts';
import { stabilize } from '../../passes/stabilize.ts';
import { bind, inputOf, programOf, resultsOf, valuesAt } from './programs.ts';

const repeat = (times: number, x: Value, next: (value: Value, i: number) => Value): Value => {
  let value = x;
  for (let i = 0; i < times; i++) value = next(value, i);
  return value;
};

type Build = (o: Builder, x: Value) => Value;

/** A graph, where it is differentiated, and what the derivative is there. */
const graphs: readonly (readonly [string, Build, number, number])[] = [
  [
    'a chain of 10,000 values',
    (o, x) => repeat(10_000, x, (value, i) => (i % 2 === 0 ? o.add(value, (i % 7) / 1e4) : o.relu(value))),
    1,
    1,
  ],
  ['a ladder of 50 diamonds', (o, x) => repeat(50, x, (value) => o.add(value, value)), 1, 2 ** 50],
  [
    'a ladder of 50 unlike diamonds',
    (o, x) => repeat(50, x, (value) => o.sub(o.maximum(value, 0), o.minimum(o.neg(value), 0))),
    1,
    2 ** 50,
  ],
  [
    'a value with 5,000 readers',
    (o, x) => {
      const terms = Array.from({ length: 5_000 }, (_, i) => o.mul(x, i / 2 ** 10));
      return terms.reduce((a, b) => o.add(a, b));
    },
    1,
    (5_000 * 4_999) / 2 ** 11,
  ],
];

describe.each(graphs)('%s', (_name, build, at, derivative) => {
  const o = createBuilder('f64');
  const x = inputOf(o, 'x');
  const program = programOf(o, [o.grad(build(o, x), x)]);

  test('is differentiated and simplified within 2 seconds of the processor', () => {
    const start = process.cpuUsage();
    const differentiated = autodiff.run(simplify.run(program));
    const finished = stabilize.run(simplify.run(differentiated));
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6, 'seconds of the processor').toBeLessThan(2);
    verifyProgram(finished, { ops: ['grad'] });
    for (const each of [differentiated, finished]) {
      const [gradient] = valuesAt(resultsOf(each), 1, bind({ x: [at] }));
      expect(gradient?.data[0]).toBe(derivative);
    }
  });

  test('is written down and read back', () => {
    const text = printProgram(program);
    expect(printProgram(parseProgram(text))).toBe(text);
  });
});
