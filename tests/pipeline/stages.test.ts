/** What each pass of the pipeline is for, seen in what comes out when all have run. */

import { describe, expect, it } from 'vitest';
import type { PlannedProgram, Statement } from '../../ir/kernel.ts';
import { printLoops } from '../../ir/print-loops.ts';
import type { Value } from '../../ir/value.ts';
import { eachStatement } from '../../ir/walk.ts';
import { trace } from '../../src/dsl/trace.ts';
import { constant, gradientDescent, type ModelContext, model, type Tensor } from '../../src/index.ts';
import { runPipeline } from '../../src/pipeline.ts';
import { emitted } from './run-emitted.ts';
import { models, plannedOf } from './small-programs.ts';

/** -ln p[y], written out from exp, log and sum, at w: a model of one weight per class. */
const writtenOut = (float: 'f32' | 'f64') =>
  runPipeline(
    trace(
      model(
        'written-out',
        (m: ModelContext) => {
          const y = m.label('y', { classes: 3 });
          const logits = m.input('x', ['batch', 3]).add(m.param('w', [3], constant(0)));
          const e = logits.exp();
          const p = e.div(e.sum(1, { keep: true }));
          return { loss: y.oneHot(3).mul(p.log()).sum(1).mean().neg(), outputs: { p } };
        },
        { batch: 2, optimizer: gradientDescent({ learningRate: 1 }) },
      ),
      { float },
    ).program,
    { verify: true },
  ).planned;

/** Logits so far apart that their exponentials are 0 or infinite. */
const far = { x: [1e4, -1e4, 0, 0, 0, 1e4], y: [0, 1] };

/** Data by name; the step and the seed are 0. */
const leafOf = (data: Readonly<Record<string, readonly number[]>>) => {
  const known = new Map(Object.entries(data));
  return ({ attrs }: Value): readonly number[] => known.get(String(attrs.name)) ?? [0];
};

describe('simplification', () => {
  it('finds the stable form of a loss before it is differentiated: logits of 1e4 are finite', async () => {
    const planned = writtenOut('f64');
    const found = await emitted(planned, 2, leafOf({ ...far, w: [0, 0, 0] }));
    expect(found.get('step.loss')).toEqual([5e3]);
    expect(found.get('state.w')).toEqual([0, 0.5, -0.5]);
  });

  it('finds the softmax in a quotient of exponentials, and predicts it for logits of any size', async () => {
    const planned = writtenOut('f64');
    const found = await emitted(planned, 2, leafOf({ ...far, w: [0, 0, 0] }));
    expect(found.get('predict.p')).toEqual([1, 0, 0, 0, 0, 1]);
  });

  it('makes the gradient of a cross-entropy (p - y) / m', () => {
    const listing = printLoops(plannedOf('a network with momentum'));
    expect(listing).toContain('  dZ2: f32[batch, 3] = (p - onehot(label)) / m ');
  });
});

/** Names of what is computed into memory, in order. */
const stored = ({ blocks, program }: PlannedProgram): string[] =>
  blocks.flatMap(({ roots }) => roots.map((root) => program.notes.get(root)?.name ?? root.op));

const loopsOf = (statements: readonly Statement[]): Extract<Statement, { kind: 'for' }>[] =>
  eachStatement(statements).filter((statement) => statement.kind === 'for');

describe('fusion', () => {
  it('computes on the way what one reader needs at its own place', () => {
    const planned = plannedOf('differences within differences and quotients within quotients');
    expect(planned.blocks.filter(({ role }) => role === 'forward').map(({ roots }) => roots.length)).toEqual([
      1, 1, 1, 1, 1,
    ]);
  });

  it('keeps what the user named where it can be looked at', () => {
    const links = stored(plannedOf('a chain of values that are there to be seen'));
    expect(links).toEqual(expect.arrayContaining(['link0', 'link1', 'link2', 'link3', 'link4', 'link5']));
  });

  it('stores what a matrix product reads again and again', () => {
    expect(stored(plannedOf('a product of a function of a matrix'))).toContain('tanh');
  });
});

describe('the order of blocks', () => {
  const planned = runPipeline(trace(models['a network with momentum'], { float: 'f32' }).program).planned;
  const { blocks } = planned;
  const rolesInStep = blocks.filter(({ usedBy }) => usedBy.has('step')).map(({ role }) => role);

  it('is forward, backward, update', () => {
    const rank = ['forward', 'backward', 'update'];
    expect(rolesInStep).toEqual([...rolesInStep].sort((a, b) => rank.indexOf(a) - rank.indexOf(b)));
    expect(new Set(rolesInStep).size).toBe(3);
  });

  it('has what is for evaluating and predicting alone at the end', () => {
    const inStep = plannedOf('a softmax of rows').blocks.map(({ usedBy }) => usedBy.has('step'));
    expect(inStep).toEqual([true, false, false]);
  });

  it('computes the gradient of each parameter as soon as it can be', () => {
    const order = stored(planned);
    expect(order.indexOf('dW2')).toBeLessThan(order.indexOf('dZ1'));
    expect(order.indexOf('dB2')).toBeLessThan(order.indexOf('dZ1'));
  });
});

describe('loops', () => {
  it('add four terms of a matrix product per pass, and the rest one by one', () => {
    const { blocks } = plannedOf('a product of matrices with three terms left over');
    const steps = loopsOf(blocks.flatMap(({ statements }) => statements)).map(({ step }) => step);
    expect(steps).toContain(4);
  });

  it('of a matrix product run along memory: the last axis is innermost', () => {
    const { blocks } = plannedOf('a product of matrices with three terms left over');
    const text = printLoops({ ...plannedOf('a product of matrices with three terms left over'), blocks });
    expect(text).toMatch(/for k in .* by 4\n(?: +let .*\n)+ +for j in 0\.\.5 by 1\n/);
  });

  it('over the same samples are one: a softmax goes through its rows once', () => {
    const softmax = plannedOf('a softmax of rows').blocks.find(({ usedBy }) => usedBy.has('predict'));
    const overSamples = loopsOf(softmax?.statements ?? []).filter(({ to }) => to.extent === 'batch');
    expect(overSamples).toHaveLength(1);
  });

  it('keep in a variable what lives for one turn: the sums of rows that are read twice need no array', () => {
    const planned = plannedOf('sums of rows that are read in two places');
    expect(printLoops(planned)).toMatch(/let row = tanh/);
    const arrays = planned.blocks.flatMap(({ roots }) => roots).filter(({ shape }) => shape[0] === 'batch');
    expect(arrays.map(({ op }) => op)).toEqual(['div']);
  });

  it('over all elements of equal arrays are one loop, whatever the rank', () => {
    const { blocks } = plannedOf('a chain of values that are there to be seen');
    const [chain] = blocks.filter(({ name }) => name === 'link3');
    expect(loopsOf(chain?.statements ?? [])).toHaveLength(1);
  });
});

describe('stabilization', () => {
  const largest = (x: Tensor<readonly ['batch', 3]>) => x.logSumExp(1).mean();

  it('shifts by the maximum, so that no exponential overflows', async () => {
    const declared = model(
      'shifted',
      (m) => ({ loss: largest(m.input('x', ['batch', 3])).add(m.param('w', [], constant(0))) }),
      { batch: 1, optimizer: gradientDescent({ learningRate: 1 }) },
    );
    const { planned } = runPipeline(trace(declared, { float: 'f64' }).program, { verify: true });
    expect((await emitted(planned, 1, leafOf({ x: [1e4, 1e4, -1e4] }))).get('step.loss')?.[0]).toBeCloseTo(
      1e4 + Math.LN2,
      10,
    );
  });
});
