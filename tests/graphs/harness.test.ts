/** The harness finds faults that are put into the compiler on purpose, names the pass, and makes the case small. */

import '../properties/seed.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import type { Program } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import type { GraphPass } from '../../passes/pass.ts';
import { rebuild } from '../../passes/rebuild.ts';
import { trace } from '../../src/dsl/trace.ts';
import { constant, gradientDescent, type Model, model, normal } from '../../src/index.ts';
import { graphPasses } from '../../src/pipeline.ts';
import { dataFor } from '../arbitraries/graph.ts';

import { firstFarNumber, numbersOf } from './numbers.ts';
import { lossAlone, recast } from './recast.ts';
import { reduceSample } from './reduce.ts';
import { describeFailure, readSample, writeSample } from './regress.ts';
import { mismatchOf, samples } from './run.ts';
import type { Sample } from './sample.ts';
import { sourceOf } from './source.ts';
import { via } from './via.ts';

/** The pipeline with one pass that makes something else of every value of an op. */
const withFault = (name: string, op: string, wrong: (o: Builder, x: Value) => Value): readonly GraphPass[] =>
  graphPasses.map((pass) => {
    if (pass.name !== name) return pass;
    const run = (program: Program): Program => {
      const o = createBuilder(program.float);
      return rebuild(pass.run(program), o, (old, renamed) => {
        const [x] = old.inputs;
        return old.op === op && x ? wrong(o, renamed(x)) : undefined;
      });
    };
    return { ...pass, run };
  });

/** The first random sample that fails, made small. */
async function firstFailure(passes: readonly GraphPass[]): Promise<Sample> {
  for (const sample of fc.sample(samples, { numRuns: 400, seed: 5 })) {
    const mismatch = sample.guarded ? await mismatchOf(sample, { passes }) : undefined;
    if (mismatch)
      return reduceSample(
        sample,
        async (smaller) => (await mismatchOf(smaller, { passes }))?.stage === mismatch.stage,
      );
  }
  throw new Error('no sample fails');
}

describe('a fault that is put into a pass', () => {
  test.each<[string, string, (o: Builder, x: Value) => Value]>([
    ['simplify', 'cos', (o, x) => o.sin(x)],
    ['simplify-gradients', 'softplus', (o, x) => o.relu(x)],
    ['stabilize', 'erf', (o, x) => o.tanh(x)],
    ['materialize', 'floor', (o, x) => o.mul(x, 1)],
  ])(
    'in %s, which gets %s wrong, is found, blamed on it, and shown in ten lines',
    { timeout: 120_000 },
    async (name, op, wrong) => {
      const passes = withFault(name, op, wrong);
      const sample = await firstFailure(passes);
      const mismatch = await mismatchOf(sample, { passes });
      expect(mismatch?.stage).toBe(name);
      const source = sourceOf(sample.program, sample.batch) ?? '';
      expect(source).toContain(op);
      expect(source.split('\n').length).toBeLessThanOrEqual(10);
      if (mismatch) expect(describeFailure(sample, mismatch)).toContain(`differ is ${name}:`);
    },
  );
});

describe('a failing sample', () => {
  test('is written to a file and read back', () => {
    for (const sample of fc.sample(samples, { numRuns: 50, seed: 6 })) {
      const text = writeSample(sample);
      expect(writeSample(readSample(text))).toBe(text);
    }
  });

  test('as a model of a user computes what the program computes, up to the order of sums', () => {
    let written = 0;
    for (const sample of fc.sample(samples, { numRuns: 200, seed: 7 })) {
      if (!sample.guarded) continue;
      const program = lossAlone(sample.program);
      const source = program && sourceOf(program, sample.batch);
      if (!program || source === undefined) continue;
      written++;
      const { program: traced } = trace(load(source), { float: 'f64' });
      // What leads no gradient to a parameter updates it with zeros here, and not at all there.
      const leaf = dataFor(program, sample.batch, sample.seed, sample.style);
      const wanted = numbersOf(autodiff.run(program), sample.batch, leaf);
      const found = numbersOf(autodiff.run(traced), sample.batch, leaf);
      const same = new Map([...wanted].filter(([key]) => found.has(key)));
      expect(same.has('step.loss')).toBe(true);
      expect(firstFarNumber(found, same)).toBeUndefined();
    }
    expect(written).toBeGreaterThan(100);
  });

  test('keeps its meaning in the other precision, but for rounding', () => {
    for (const sample of fc.sample(samples, { numRuns: 50, seed: 8 })) {
      const there = recast(sample.program, 'f32');
      expect(recast(there, 'f64').functions.length).toBe(sample.program.functions.length);
      expect(writeSample({ ...sample, program: recast(there, 'f64') })).toBe(writeSample(sample));
    }
  });
});

/** Runs the text of a model. */
function load(source: string): Model {
  const scope = { model, gradientDescent, normal: () => normal(1), constant, via };
  const make: unknown = new Function(...Object.keys(scope), `return ${source};`)(...Object.values(scope));
  if (typeof make === 'object' && make !== null && 'kind' in make) return make as Model;
  throw new Error('the source makes no model');
}
