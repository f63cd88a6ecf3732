/** Every pass over the graph, alone, in the order of the pipeline and in others, changes no number. */

import type { Program } from '../../ir/program.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { simplifyEquations, simplifyRules } from '../../passes/equations/index.ts';
import type { GraphPass } from '../../passes/pass.ts';
import { shield } from '../../passes/shield.ts';
import { simplify, simplifyWith, type Trace } from '../../passes/simplify.ts';
import { type Random, randomFrom } from '../arbitraries/draw.ts';
import { firstDifference, type Numbers } from '../pipeline/run-emitted.ts';
import { firstFarNumber, type Leaf, numbersOf } from './numbers.ts';

/** The first stage after which the numbers are others, and the first number that is. */
export interface Mismatch {
  readonly stage: string;
  readonly detail: string;
}

/** Passes that copy or mark values and compute nothing: not one bit may change. */
const exact: ReadonlySet<string> = new Set(['shield', 'materialize']);

export interface Subject {
  /** As traced, and with its gradients derived. */
  readonly program: Program;
  readonly plain: Program;
  /** What `plain` computes, by the evaluator. */
  readonly numbers: Numbers;
  readonly batch: number;
  readonly leaf: Leaf;
  /** What the passes are to be: those of the pipeline, or faulty ones to try the harness on. */
  readonly passes: readonly GraphPass[];
}

/** A program that can be evaluated: gradients are derived where they are still markers. */
const differentiated = (program: Program, gone: readonly string[]): Program =>
  gone.includes('grad') ? program : autodiff.run(program);

/** Runs `passes` one by one; after each of them the program is valid and computes what it computed before. */
export function checkInOrder(subject: Subject): Mismatch | undefined {
  const { batch, leaf, passes } = subject;
  let current = subject.program;
  let numbers = subject.numbers;
  const gone: string[] = [];
  for (const pass of passes) {
    current = pass.run(current);
    gone.push(...pass.removes);
    verifyProgram(current, { ops: gone });
    const found = numbersOf(differentiated(current, gone), batch, leaf);
    const detail = (exact.has(pass.name) ? firstDifference : firstFarNumber)(found, numbers);
    if (detail !== undefined) return { stage: pass.name, detail };
    numbers = found;
  }
  return undefined;
}

/** A simplification that knows some of the equations only. */
function partial(random: Random, trace: Trace): GraphPass {
  const some = <T>(list: readonly T[]): T[] => list.filter(() => random() < 0.5);
  const [rules, equations] = [some(simplifyRules), some(simplifyEquations)];
  const run = (program: Program): Program => simplifyWith(program, rules, equations, trace);
  return { ...simplify, name: `simplify by ${rules.length + equations.length} equations`, run };
}

/** Some of the passes in some order that their needs allow: gradients are shielded before anything is simplified. */
export function drawOrder(passes: readonly GraphPass[], seed: number, trace: Trace): readonly GraphPass[] {
  const random = randomFrom(seed);
  const after = passes.filter(({ name }) => ['stabilize', 'materialize'].includes(name));
  const before = random() < 0.5 ? [shield, partial(random, trace)] : random() < 0.5 ? [shield] : [];
  const later = [...after, ...after, partial(random, trace), partial(random, trace)]
    .filter(() => random() < 0.6)
    .map((pass) => ({ pass, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ pass }) => pass);
  return [...before, autodiff, ...later];
}

/** What `order` makes of the program computes the same numbers as the gradients alone. */
export function checkOrder(
  order: readonly GraphPass[],
  { program, numbers, batch, leaf }: Subject,
): Mismatch | undefined {
  const ordered = order.reduce((current, pass) => pass.run(current), program);
  const detail = firstFarNumber(numbersOf(ordered, batch, leaf), numbers);
  return detail === undefined ? undefined : { stage: order.map(({ name }) => name).join(', '), detail };
}

/** Equations that claim to be exact are so for every number, poles and NaN included. */
export function checkExactEquations(subject: Subject, trace: Trace): Mismatch | undefined {
  const { plain, numbers, batch, leaf } = subject;
  const isExact = ({ exactness }: { readonly exactness: string }): boolean => exactness === 'exact';
  const rules = simplifyRules.filter(isExact);
  const rewritten = simplifyWith(plain, rules, simplifyEquations.filter(isExact), trace);
  const detail = firstDifference(numbersOf(rewritten, batch, leaf), numbers);
  return detail === undefined ? undefined : { stage: 'the exact equations', detail };
}
