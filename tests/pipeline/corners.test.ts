/** Programs that few models are like, and the parts of the compiler that only these reach. */

import { describe, expect, it } from 'vitest';
import { targets } from '../../codegen/targets.ts';
import { type ExpressionContext, printScalar } from '../../codegen/ts/expression.ts';
import { helpersFor } from '../../codegen/ts/helpers.ts';
import { numberLiteral } from '../../codegen/ts/literal.ts';
import { printStatements } from '../../codegen/ts/statements.ts';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import type { InputDecl, Program, ProgramFunction } from '../../ir/program.ts';
import { type Scalar, scalarBuilder, showScalar } from '../../ir/scalar.ts';
import { applyScalar } from '../../ir/scalar-evaluate.ts';
import { elementCount, type Float, type Shape } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { fuse } from '../../passes/fuse.ts';
import { planMemory } from '../../passes/plan-memory.ts';
import { schedule } from '../../passes/schedule.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { refusal } from '../dsl/support.ts';
import { emitted, expected, firstDifference } from './run-emitted.ts';

const shapes: Readonly<Record<string, Shape>> = {
  x: ['batch', 8],
  a: [40],
  b: [2, 4, 3],
  deep: [2, 2, 2, 2, 2, 2, 2, 2, 2],
};

/** What a program predicts and evaluates, of leaves that are all inputs. */
interface Parts {
  readonly predict?: Readonly<Record<string, Value>>;
  readonly evaluate?: Readonly<Record<string, Value>>;
}

function programOf(
  build: (o: Builder, leaf: (name: string) => Value) => Parts,
  float: Float = 'f32',
): Program {
  const o = createBuilder(float);
  const leaf = (name: string): Value => o.input({ name, dtype: float, shape: shapes[name] ?? [] });
  const { predict = {}, evaluate = { sum: o.sum(leaf('a'), { axes: [0] }) } } = build(o, leaf);
  const results = (of: Readonly<Record<string, Value>>) =>
    Object.entries(of).map(([name, value]) => ({ name, value }));
  const functions: readonly ProgramFunction[] = [
    { name: 'step', results: results(evaluate), updates: [] },
    { name: 'evaluate', results: results(evaluate), updates: [] },
    { name: 'predict', results: results(predict), updates: [] },
  ];
  const inputs = Object.entries(shapes).map(
    ([name, shape]): InputDecl => ({ name, role: 'input', dtype: float, shape }),
  );
  return { name: 'corner', float, maxBatch: 3, inputs, states: [], functions, notes: o.notes };
}

const dataOf =
  (batch: number) =>
  ({ attrs }: Value): readonly number[] => {
    const name = String(attrs.name);
    if (name === 'step' || name === 'seed') return [7];
    const size = elementCount(shapes[name] ?? [], batch);
    return Array.from({ length: size }, (_, i) => Math.fround(3 * Math.sin(2 * i + name.length)));
  };

async function expectBits(program: Program): Promise<string> {
  const { planned } = runPipeline(program, { verify: true });
  for (const batch of [1, 3]) {
    const wanted = expected(planned.program, batch, dataOf(batch));
    expect(firstDifference(await emitted(planned, batch, dataOf(batch)), wanted)).toBeUndefined();
  }
  return targets.ts.emit(planned).code;
}

const whole = (o: Builder, x: Value): Value => o.cast(x, { dtype: 'i32' });

describe.each(['f32', 'f64'] as const)('the emitted code in %s has the bits of', (float) => {
  it.each<[string, Parameters<typeof programOf>[0]]>([
    [
      'a product by a matrix that is a list in another shape, four terms at a time',
      (o, leaf) => ({
        predict: {
          z: o.matmul(leaf('x'), o.transpose(o.reshape(leaf('a'), { shape: [5, 8] }), { perm: [1, 0] })),
        },
      }),
    ],
    [
      'a product by a matrix that is a list in rows, four rows at a time',
      (o, leaf) => {
        const columns = o.transpose(o.reshape(leaf('b'), { shape: [8, 3] }), { perm: [1, 0] });
        return { predict: { z: o.matmul(columns, o.reshape(leaf('a'), { shape: [8, 5] })) } };
      },
    ],
    [
      'a product over two axes that have become one',
      (o, leaf) => ({ predict: { z: o.matmul(leaf('x'), o.reshape(leaf('b'), { shape: [8, 3] })) } }),
    ],
    [
      'the largest of whole numbers below 0, and where it is',
      (o, leaf) => {
        const below = o.sub(o.neg(whole(o, o.abs(leaf('x')))), 3);
        return { predict: { most: o.reduceMax(below, { axes: [1] }), at: o.argmax(below, { axis: 1 }) } };
      },
    ],
    [
      'an array of nine axes, turned around',
      (o, leaf) => ({
        predict: { z: o.exp(o.transpose(leaf('deep'), { perm: [8, 7, 6, 5, 4, 3, 2, 1, 0] })) },
      }),
    ],
    [
      'a maximum over the ninth axis',
      (o, leaf) => ({ predict: { z: o.sum(o.exp(leaf('deep')), { axes: [8] }) } }),
    ],
    ['the largest of each column', (o, leaf) => ({ predict: { z: o.reduceMax(leaf('x'), { axes: [0] }) } })],
    [
      'the sum and the largest of each column in one',
      (o, leaf) => ({
        predict: { z: o.add(o.sum(leaf('x'), { axes: [0] }), o.reduceMax(leaf('x'), { axes: [0] })) },
      }),
    ],
    [
      'a column times a row',
      (o, leaf) => ({
        predict: {
          z: o.matmul(o.reshape(leaf('a'), { shape: [40, 1] }), o.reshape(leaf('a'), { shape: [1, 40] })),
        },
      }),
    ],
    ['a mask made of floats', (o, leaf) => ({ predict: { z: o.cast(leaf('x'), { dtype: 'bool' }) } })],
    [
      'a mask made of sums',
      (o, leaf) => {
        const mask = o.cast(o.sum(leaf('x'), { axes: [1] }), { dtype: 'bool' });
        return { predict: { z: o.select(mask, 1, 2), mask } };
      },
    ],
    [
      'results that are the number of samples, the step, and a number with a name',
      (o) => {
        const rate = o.constant({ value: 0.25, dtype: o.float, shape: [], name: 'rate' });
        o.annotate(rate, { name: 'rate' });
        const t = o.cast(o.input({ name: 'step', dtype: 'i32', shape: [] }), { dtype: o.float });
        return { evaluate: { n: o.batchSize({ dtype: o.float }), rate, half: o.fill(rate, -0.5), t } };
      },
    ],
    [
      'a result that is the step itself',
      (o) => ({ evaluate: { t: o.input({ name: 'step', dtype: 'i32', shape: [] }) } }),
    ],
  ])('%s', async (_, build) => {
    await expectBits(programOf(build, float));
  });
});

it('a prediction of truth values is declared as one of whole numbers', async () => {
  const code = await expectBits(programOf((o, leaf) => ({ predict: { mask: o.less(leaf('x'), 0) } })));
  expect(code).toMatch(/outputs: \[\{ name: 'mask', dtype: 'i32'/);
  expect(code).toMatch('readonly mask: Int32Array');
});

it('a constant array that is predicted is written down, also before results are copied', () => {
  const program = programOf((o) => ({
    predict: { ones: o.constant({ value: 1, dtype: 'f32', shape: [4] }) },
  }));
  const planned = planMemory(schedule(fuse(program)));
  expect(planned.blocks.map(({ roots }) => roots.map(({ op }) => op))).toContainEqual(['constant']);
});

it('a gradient whose rule is not known is said to come from its op', () => {
  const program = programOf((o, leaf) => {
    const hidden = o.within({ role: 'backward', name: 'dx', of: () => 'y = x' }, () => o.exp(leaf('x')));
    return { predict: { hidden } };
  });
  expect(targets.ts.emit(runPipeline(program).planned).code).toMatch(/by the rule of its op in {2}y = x/);
});

const context: ExpressionContext = {
  float: 'f32',
  arrayOf: () => 'xs',
  localOf: (name) => name,
  constantOf: (_name, literal) => literal,
  spill: (text) => text,
  uses: () => {},
};

describe('the printer', () => {
  const s = scalarBuilder('f32', () => 'k');
  const reduce = s.reduce('sum', 3, () => s.number(1, 'f32'));
  /** A function that there is none of, as only a broken program has it. */
  const unknown: Scalar = JSON.parse('{"kind":"apply","fn":"cube","args":[],"dtype":"f32"}');

  it('is never given a reduction', async () => {
    const { message } = await refusal(() => printScalar(reduce, context));
    expect(message).toBe('a reduction reached the printer; scheduling turns them into loops');
  });

  it('has no text for a function that there is none of', async () => {
    expect((await refusal(() => printScalar(unknown, context))).message).toBe('no TypeScript for cube');
    expect((await refusal(() => helpersFor(new Set(['cube']), 'f32'))).message).toBe('no helper cube');
  });

  it('neither has the evaluator', () => {
    if (unknown.kind !== 'apply') throw new Error('the example is another one');
    const { fn } = unknown;
    expect(() => applyScalar(fn, [1], 'f32', 'f32')).toThrow('cube is not a core function');
  });

  it('writes truth values as words', () => {
    expect([0, 1].map((value) => numberLiteral(value, 'bool'))).toEqual(['false', 'true']);
  });

  it('clears one number per sample up to the last sample at hand', () => {
    const to: Value = { id: 0, op: 'sum', inputs: [], attrs: {}, shape: ['batch'], dtype: 'f32' };
    const lines = (shape: Shape): readonly string[] =>
      printStatements([{ kind: 'fill', to: { ...to, shape }, at: [], value: 0 }], context, () => 'u');
    expect(lines(['batch'])).toEqual(['xs.fill(0, 0, n);']);
    expect(lines(['batch', 3])).toEqual(['xs.fill(0, 0, n * 3);']);
    expect(lines([2, 3])).toEqual(['xs.fill(0);']);
  });

  it('lists reductions and -0 as they are', () => {
    expect(showScalar(reduce, () => 'x')).toBe('sum{k < 3}(1)');
    expect(showScalar(s.number(-0, 'f32'), () => 'x')).toBe('-0');
  });
});
