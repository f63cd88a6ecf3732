/** Blocks that always run together become one function: forward, measure, backward, update. */

import type { LoopBlock, Phase, PlannedProgram } from '../../ir/kernel.ts';
import type { ProgramFunction } from '../../ir/program.ts';
import { arrayType } from './layout.ts';
import { isCallScalar, loadedLeaves } from './leaves.ts';
import type { ModuleNames } from './names.ts';

export interface Parameter {
  readonly name: string;
  readonly type: string;
  /** The column of the batch it comes from; absent for the number of samples, the step and the seed. */
  readonly column?: string;
}

export interface Group {
  readonly name: string;
  readonly blocks: readonly LoopBlock[];
  readonly usedBy: ReadonlySet<ProgramFunction['name']>;
  readonly parameters: readonly Parameter[];
  readonly phase?: Phase;
}

/** Engines compile a function as a whole, and slowly when it is long. */
const maxBlocks = 16;

/** Consecutive blocks of one role that the same functions need. */
export function groupBlocks(planned: PlannedProgram, names: ModuleNames): Group[] {
  const runs: LoopBlock[][] = [];
  for (const block of planned.blocks) {
    const run = runs[runs.length - 1];
    const last = run?.[run.length - 1];
    if (run && last && alike(last, block) && run.length < maxBlocks) run.push(block);
    else runs.push([block]);
  }
  return runs.map((blocks) => ({
    name: names.identifiers.claim(groupName(blocks)),
    blocks,
    usedBy: blocks[0]?.usedBy ?? new Set(),
    ...(blocks[0]?.phase === undefined ? {} : { phase: blocks[0].phase }),
    parameters: parametersOf(blocks, planned, names),
  }));
}

const alike = (a: LoopBlock, b: LoopBlock): boolean =>
  a.role === b.role && a.phase === b.phase && [...a.usedBy].join() === [...b.usedBy].join();

function groupName([first]: readonly LoopBlock[]): string {
  if (first?.phase === 'before') return 'begin';
  if (first?.phase === 'after' && first.role !== 'update') return 'finish';
  if (first?.role !== 'forward') return first?.role ?? 'forward';
  const { usedBy } = first;
  if (!usedBy.has('step')) return usedBy.has('predict') ? 'forwardInference' : 'measureInference';
  if (usedBy.has('predict')) return 'forward';
  return usedBy.has('evaluate') ? 'measure' : 'forwardTraining';
}

/** In a fixed order: the number of samples, the step and the seed, then data. */
function parametersOf(
  blocks: readonly LoopBlock[],
  { program }: PlannedProgram,
  names: ModuleNames,
): Parameter[] {
  const leaves = loadedLeaves(blocks.flatMap((block) => block.statements)).filter(
    (leaf) => leaf.op === 'input',
  );
  const columns = program.inputs.filter(({ name }) =>
    leaves.some((leaf) => leaf.attrs.name === name && leaf.shape.length > 0),
  );
  return [
    { name: 'n', type: 'number' },
    ...(leaves.some((leaf) => isCallScalar(leaf, 'step')) ? [{ name: 't', type: 'number' }] : []),
    ...(leaves.some((leaf) => isCallScalar(leaf, 'seed')) ? [{ name: 'seed', type: 'number' }] : []),
    ...columns.map(({ name, dtype }) => ({
      name: names.inputs.get(name) ?? '',
      type: arrayType(dtype),
      column: name,
    })),
  ];
}
