/** Kernels, loops, the plan of memory and the emitted code compute what the evaluator computes, bit for bit. */

import type { LoopProgram } from '../../ir/kernel.ts';
import { type Program, valuesOf } from '../../ir/program.ts';
import { fuse } from '../../passes/fuse.ts';
import { planMemory } from '../../passes/plan-memory.ts';
import { schedule } from '../../passes/schedule.ts';
import { planFaults } from '../oracle/liveness.ts';
import { runApart, runArena } from '../oracle/loops.ts';
import { emitted, firstDifference } from '../pipeline/run-emitted.ts';
import type { Mismatch } from './check-passes.ts';
import { type Leaf, numbersOf } from './numbers.ts';

/**
 * Runs `program`, which has been through all passes over the graph, as loops without fusion, as loops, in a poisoned arena,
 * and as emitted code.
 */
export async function checkLowering(
  program: Program,
  batch: number,
  leaf: Leaf,
): Promise<Mismatch | undefined> {
  const wanted = numbersOf(program, batch, leaf);
  const loops = schedule(fuse(program));
  const planned = planMemory(loops);
  const cut = () => schedule(fuse(program), { tiles: true, cut: { cacheBytes: 0, tileRows: 2 } });
  const whole = () => schedule(fuse(program), { tiles: true });
  const [fault] = planFaults(planned);
  if (fault !== undefined) return { stage: 'plan-memory', detail: fault };
  const stages = [
    ['fuse', () => runApart(unfused(program), batch, leaf)],
    ['schedule', () => runApart(loops, batch, leaf)],
    ['plan-memory', () => runArena(planned, batch, leaf, { poison: true })],
    ['emit', () => emitted(planned, batch, leaf)],
    // Loops in tiles of registers have no other reader than their target; a batch is cut or whole by its size.
    ...(batch % 2 === 0
      ? ([['emit as WebAssembly', () => emitted(planMemory(whole()), batch, leaf, 'wasm')]] as const)
      : ([['emit as WebAssembly by tiles', () => emitted(planMemory(cut()), batch, leaf, 'wasm')]] as const)),
  ] as const;
  for (const [stage, run] of stages) {
    const detail = firstDifference(await run(), wanted);
    if (detail !== undefined) return { stage, detail };
  }
  return undefined;
}

/** The loops of a program that computes every value into memory: what fusion does changes no bit. */
function unfused(program: Program): LoopProgram {
  const notes = new Map(
    valuesOf(program).map((value, i) => {
      const note = program.notes.get(value) ?? { role: 'forward' as const };
      return [value, { ...note, name: note.name ?? `v${i}` }] as const;
    }),
  );
  return schedule(fuse({ ...program, notes }));
}
