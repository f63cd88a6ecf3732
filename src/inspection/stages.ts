/** The model after each pass: its graph, the equations that fired, and what is gone. */

import { describe } from '../../ir/describe.ts';
import { printProgram } from '../../ir/print.ts';
import { printLoops } from '../../ir/print-loops.ts';
import type { Program } from '../../ir/program.ts';
import { fuse } from '../../passes/fuse.ts';
import { type Abilities, schedule } from '../../passes/schedule.ts';
import type { Compiled } from '../compile.ts';
import type { Firing as Fired } from '../derivation/firings.ts';
import { stagesOf } from '../derivation/stages.ts';
import { loopPasses } from '../pipeline.ts';
import { type Context, cut, namesOf } from './context.ts';
import { type DrawnStage, drawBlocks, drawProgram } from './graph.ts';
import type { Firing, Stage } from './inspection.ts';

/** `written` is the program that was traced; `compiled` what became of it for a target with `abilities`. */
export function inspectStages(
  written: Program,
  compiled: Compiled,
  abilities: Abilities,
  context: Context,
): readonly Stage[] {
  let drawn = drawProgram(written, context, undefined);
  const stages: Stage[] = [
    {
      name: 'trace',
      doc: 'What the model function wrote down, with a marker where a gradient is wanted.',
      graph: drawn.graph,
      equations: [],
      removed: [],
      listing: printProgram(written),
    },
  ];
  for (const { pass, program, firings } of stagesOf(written)) {
    const next = drawProgram(program, context, drawn.signatures);
    stages.push({
      name: pass.name,
      doc: pass.doc,
      graph: next.graph,
      equations: firings.all.map((firing) => inspectFiring(firing, program, context)),
      removed: [...drawn.signatures.keys()].filter((key) => !next.signatures.has(key)),
      listing: printProgram(program),
    });
    drawn = next;
  }
  return [...stages, ...loopStages(compiled, abilities, context)];
}

function inspectFiring({ name, from, to }: Fired, program: Program, context: Context): Firing {
  const keyOf = context.keysOf(program);
  const nameOf = namesOf(program);
  const site = context.placeOf((program.notes.get(to) ?? program.notes.get(from))?.site);
  return {
    name,
    before: cut(describe(from, nameOf).text),
    after:
      nameOf(to) !== undefined && to.inputs.length === 0
        ? (nameOf(to) ?? '')
        : cut(describe(to, nameOf).text),
    from: keyOf(from),
    to: keyOf(to),
    ...(site === undefined ? {} : { site }),
  };
}

/** What works on blocks and loops: a graph of blocks, before and after the batch is cut. */
function loopStages({ graph, loops }: Compiled, abilities: Abilities, context: Context): readonly Stage[] {
  const fused = fuse(graph);
  const blocks = fused.blocks.map(({ name, role, kernels }) => ({
    name,
    role,
    roots: kernels.map(({ root }) => root),
  }));
  const scheduled = drawBlocks(graph, loops.blocks, context);
  const of: Readonly<Record<string, readonly [DrawnStage, string]>> = {
    fuse: [drawBlocks(graph, blocks, context), printLoops(schedule(fused, abilities))],
    schedule: [scheduled, printLoops({ program: loops.program, blocks: loops.blocks })],
    'plan-memory': [scheduled, printLoops(loops)],
  };
  return loopPasses.flatMap(({ name, doc }) => {
    const [drawn, listing] = of[name] ?? [];
    if (drawn === undefined || listing === undefined) return [];
    return [{ name, doc, graph: drawn.graph, equations: [], removed: [], listing }];
  });
}
