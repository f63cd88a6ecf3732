/** Every program that the passes make is valid; that they keep its meaning, tests/graphs says. */

import './seed.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Program, rootsOf } from '../../ir/program.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import type { GraphPass } from '../../passes/pass.ts';
import { shield } from '../../passes/shield.ts';
import { simplify } from '../../passes/simplify.ts';
import { stabilize } from '../../passes/stabilize.ts';
import { arbitraryProgram } from '../arbitraries/graph.ts';

const run = (program: Program, passes: readonly GraphPass[]): Program =>
  passes.reduce((current, pass) => {
    const next = pass.run(current);
    verifyProgram(next, { ops: pass.removes });
    return next;
  }, program);

describe('passes on random programs', () => {
  test.each(['f32', 'f64'] as const)('give valid %s programs, of any size asked for', (float) => {
    const sizes = fc.constantFrom({ minOps: 1, maxOps: 5 }, { minOps: 30, maxOps: 40, empty: false });
    const programs = sizes.chain((size) => arbitraryProgram({ ...size, float, random: false }));
    const property = fc.property(programs, (program) => {
      const finished = run(program, [shield, simplify, autodiff, simplify, stabilize]);
      verifyProgram(finished, { ops: ['grad', 'logSumExp', 'stopGradient', 'opaque', 'uniform'] });
      // Names follow their values through every pass.
      const [loss] = finished.functions.flatMap(rootsOf);
      expect(loss && finished.notes.get(loss)?.name).toBe('loss');
    });
    fc.assert(property, { numRuns: 100 });
  });
});
