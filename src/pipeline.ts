/** The pipeline as data: what runs on a program, in which order, and why. */

import { blockGraph, findCycles } from '../ir/digraph.ts';
import { errors } from '../ir/errors.ts';
import type { BlockProgram, PlannedProgram } from '../ir/kernel.ts';
import { printProgram } from '../ir/print.ts';
import { printLoops } from '../ir/print-loops.ts';
import type { Program } from '../ir/program.ts';
import { verifyProgram } from '../ir/verify.ts';
import { autodiff } from '../passes/autodiff.ts';
import { fuse } from '../passes/fuse.ts';
import { materialize } from '../passes/materialize.ts';
import type { GraphPass } from '../passes/pass.ts';
import { planMemory } from '../passes/plan-memory.ts';
import { type Abilities, noAbilities, schedule } from '../passes/schedule.ts';
import { shield } from '../passes/shield.ts';
import { simplify } from '../passes/simplify.ts';
import { stabilize } from '../passes/stabilize.ts';

/** Losses find their stable form, are differentiated, and the gradients are simplified in turn. */
export const graphPasses: readonly GraphPass[] = [
  shield,
  simplify,
  autodiff,
  { ...simplify, name: 'simplify-gradients', needs: ['autodiff'] },
  stabilize,
  materialize,
];

/** What follows works on kernels and loops. */
export const loopPasses = [
  { name: 'fuse', doc: 'Chooses which values are computed into memory, and orders them.' },
  { name: 'schedule', doc: 'Writes each kernel as loops, in the order that suits memory.' },
  { name: 'plan-memory', doc: 'Gives every value its place in one arena.' },
] as const;

export const passNames: readonly string[] = [...graphPasses, ...loopPasses].map(({ name }) => name);

export interface PipelineOptions {
  readonly verify?: boolean;
  readonly printAfter?: string;
  /** What the target can do. */
  readonly abilities?: Abilities;
}

export interface PipelineResult {
  readonly planned: PlannedProgram;
  readonly listing?: string;
  readonly timings: readonly { readonly pass: string; readonly ms: number }[];
}

export function runPipeline(
  traced: Program,
  { verify = false, printAfter, abilities = noAbilities }: PipelineOptions = {},
): PipelineResult {
  if (printAfter !== undefined && !passNames.includes(printAfter))
    throw errors.unknownPass(printAfter, passNames);
  const timings: { pass: string; ms: number }[] = [];
  let listing: string | undefined;
  const timed = <T>(pass: string, run: () => T, print: (result: T) => string): T => {
    const start = performance.now();
    const result = run();
    timings.push({ pass, ms: performance.now() - start });
    if (pass === printAfter) listing = print(result);
    return result;
  };
  let program = traced;
  const gone: string[] = [];
  for (const pass of graphPasses) {
    program = timed(pass.name, () => pass.run(program), printProgram);
    gone.push(...pass.removes);
    if (verify) verifyProgram(program, { ops: gone });
  }
  const blocks = timed(
    'fuse',
    () => fuse(program),
    (fused) => printLoops(schedule(fused, abilities)),
  );
  if (verify) verifyBlocks(blocks);
  const loops = timed('schedule', () => schedule(blocks, abilities), printLoops);
  const planned = timed('plan-memory', () => planMemory(loops), printLoops);
  return { planned, ...(listing === undefined ? {} : { listing }), timings };
}

/** graphlib walks recursively, so very long programs are left to the order that `fuse` checks itself. */
const longestChecked = 2000;

function verifyBlocks(blocks: BlockProgram): void {
  if (blocks.blocks.length > longestChecked) return;
  if (findCycles(blockGraph(blocks)).length > 0) throw errors.invalid('blocks wait for each other');
}
