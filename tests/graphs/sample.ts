/** One program with the data it is tried on, and everything that is checked of it. */

import type { Program } from '../../ir/program.ts';
import type { Float } from '../../ir/types.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import type { GraphPass } from '../../passes/pass.ts';
import type { Trace } from '../../passes/simplify.ts';
import { graphPasses } from '../../src/pipeline.ts';
import { type DataStyle, dataFor } from '../arbitraries/graph.ts';
import { checkGradients } from './check-gradients.ts';
import { checkInterpreter } from './check-interpreter.ts';
import { checkLowering } from './check-lowering.ts';
import {
  checkExactEquations,
  checkInOrder,
  checkOrder,
  drawOrder,
  type Mismatch,
  type Subject,
} from './check-passes.ts';
import { decidesByAHair } from './decisions.ts';
import { allFinite, numbersOf } from './numbers.ts';
import { recast } from './recast.ts';

export interface Sample {
  /** As traced, in f64, with gradients still to be derived. */
  readonly program: Program;
  /** The precision in which it is lowered and run. */
  readonly float: Float;
  readonly batch: number;
  readonly seed: number;
  readonly style: DataStyle;
  /**
   * False where functions may leave their domain and numbers may grow without bound: then only what must not change a
   * single bit is checked.
   */
  readonly guarded: boolean;
}

export interface CheckOptions {
  /** The passes to try; those of the pipeline unless given. */
  readonly passes?: readonly GraphPass[];
  /** Hears of every equation that fires. */
  readonly trace?: Trace;
  /** Hears the error of the gradients, relative to the sum of their absolute terms. */
  readonly onGradient?: (error: number) => void;
  /** Hears of numbers that rounding alone has changed, see `decidesByAHair`. */
  readonly onUndecided?: (detail: string) => void;
  /** Hears whether all numbers of a guarded sample are finite. */
  readonly onNumbers?: (finite: boolean) => void;
}

/** The first stage of the compiler that changes what the sample computes, or undefined. */
export async function checkSample(
  sample: Sample,
  {
    passes = graphPasses,
    trace = () => {},
    onGradient = () => {},
    onNumbers = () => {},
    onUndecided = () => {},
  }: CheckOptions = {},
): Promise<Mismatch | undefined> {
  const { batch, seed, guarded } = sample;
  verifyProgram(sample.program);
  if (guarded) {
    const subject = subjectOf(sample, 'f64', passes);
    onNumbers(allFinite(subject.numbers));
    const { error, mismatch } = checkGradients(subject);
    onGradient(error);
    if (mismatch) return mismatch;
    const found =
      checkInterpreter(subject) ??
      checkInOrder(subject) ??
      checkOrder(drawOrder(passes, seed, trace), subject);
    const isReal = found && !decidesByAHair(subject.plain, batch, subject.leaf);
    if (isReal) return found;
    if (found) onUndecided(found.detail);
  }
  const subject = subjectOf(sample, sample.float, passes);
  const inexact = checkExactEquations(subject, trace);
  if (inexact) return inexact;
  const finished = passes.reduce((current, pass) => pass.run(current), subject.program);
  return checkLowering(finished, batch, subject.leaf);
}

function subjectOf(sample: Sample, float: Float, passes: readonly GraphPass[]): Subject {
  const program = recast(sample.program, float);
  const { batch, seed, style } = sample;
  const leaf = dataFor(program, batch, seed, style);
  const plain = autodiff.run(program);
  return { program, plain, numbers: numbersOf(plain, batch, leaf), batch, leaf, passes };
}
