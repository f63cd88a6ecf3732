/** Deep and heavily shared graphs are differentiated and simplified in linear time, without recursion. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { parseProgram } from '../../ir/parse.ts';
import { printProgram } from '../../ir/print.ts';
import type { Value } from '../../ir/value.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { simplify } from '../../passes/simplify.ts';
import { stabilize } from '../../passes/stabilize.ts';
import { publishCounts } from '../counts.ts';
import { type Built, build as buildSources } from '../process/built.ts';
import { node } from '../process/children.ts';
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

/** Whole compilations in a process of their own, with the stack that Node.js gives unless asked for more. */
const whole = {
  'chain of 10,000': 'for (let i = 0; i < 10000; i++) y = i % 2 === 0 ? y.add((i % 7) / 1e4) : y.relu();',
  'fan-out of 10,000': 'for (let i = 0; i < 10000; i++) y = y.add(p.mul((i + 1) / 1024));',
  'ladder of 50 diamonds': 'for (let i = 0; i < 50; i++) y = y.maximum(0).sub(y.neg().minimum(0));',
};

/** Prints what a compilation takes: milliseconds of processor time, of all threads, and the most memory it had. */
const program = (built: Built, body: string): string => `
import { constant, gradientDescent, model } from ${built.url('src/index.ts')};
import { trace } from ${built.url('src/dsl/trace.ts')};
import { runPipeline } from ${built.url('src/pipeline.ts')};
import { targets } from ${built.url('codegen/targets.ts')};
const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const build = (m) => {
  const p = m.param('p', [], constant(1));
  let y = p;
  ${body}
  return { loss: y.mul(m.input('x', ['batch']).mean()) };
};
const begin = spent();
const declared = model('scale', build, { batch: 1, optimizer: gradientDescent({ learningRate: 1 }) });
const traced = trace(declared, { float: 'f32' }).program;
const compiling = spent();
const code = targets.ts.emit(runPipeline(traced).planned).code;
const end = spent();
console.log(JSON.stringify({
  trace: compiling - begin, compile: end - compiling, megabytes: process.resourceUsage().maxRSS / 1024, bytes: code.length,
}));
`;

/**
 * The aim is 2,000 ms and 300 MB on an idle core. Measured on two cores that six other processes were using: passes, loops,
 * plan and emission took 2,100 ms and 250 MB for the chain, 2,150 ms and 310 MB for the fan-out, 350 ms for the ladder;
 * about a third of it is for the load. What is held here is the aim where it is reached, and else what catches a step
 * that is no longer linear: a quadratic one takes minutes.
 */
const limits: { readonly [K in keyof typeof whole]: { readonly ms: number; readonly megabytes: number } } = {
  'chain of 10,000': { ms: 5_000, megabytes: 300 },
  'fan-out of 10,000': { ms: 5_000, megabytes: 400 },
  'ladder of 50 diamonds': { ms: 2_000, megabytes: 300 },
};

describe('the whole compilation, loops, plan and emission included', () => {
  let built: Built;
  beforeAll(() => {
    built = buildSources();
  }, 60_000);
  afterAll(() => built.remove());

  test.each(Object.entries(whole))('of a %s is linear in time and memory', async (name, body) => {
    const { ms, megabytes } = new Map(Object.entries(limits)).get(name) ?? { ms: 0, megabytes: 0 };
    const output = await node([built.program('scale.js', program(built, body))]);
    const found: Readonly<Record<'trace' | 'compile' | 'megabytes' | 'bytes', number>> = JSON.parse(output);
    publishCounts('scale', {
      [`worst ms to trace a ${name}`]: Math.round(found.trace),
      [`worst ms to compile a ${name}`]: Math.round(found.compile),
      [`worst MB of a ${name}`]: Math.round(found.megabytes),
    });
    expect(found.compile).toBeLessThan(ms);
    expect(found.megabytes).toBeLessThan(megabytes);
    expect(found.bytes).toBeGreaterThan(1_000);
  });
});
