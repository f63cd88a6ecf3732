/** What the threads do for a call: jobs made of steps, steps made of units that may run at the same time. */

import { errors } from '../../../ir/errors.ts';
import type { LoopBlock, Phase, PlannedProgram, Statement } from '../../../ir/kernel.ts';
import type { ProgramFunction } from '../../../ir/program.ts';
import { type Division, divisionOf, type Grain } from './divide.ts';
import { disturb, type Footprint, footprintOf } from './footprint.ts';

/** Statements that one function runs: whole, or a part of their loop. */
export interface Unit extends Footprint {
  readonly name: string;
  readonly statements: readonly Statement[];
  readonly division?: Division;
}

/** The next step begins when a step is done. */
export type Step =
  /** Units that do not disturb each other. */
  | { readonly kind: 'units'; readonly units: readonly Unit[] }
  /** All tiles of the batch: each is made by one thread, with sums growing in the order of the tiles. */
  | { readonly kind: 'tiles'; readonly name: string; readonly blocks: readonly LoopBlock[] };

/** What is set off by one call. */
export interface Job {
  readonly name: string;
  readonly fn: ProgramFunction['name'];
  /** Where a job is made for each tile: what it is a part of. Otherwise it is all of the call. */
  readonly phase?: Phase;
  /** Numbers of the steps, which count from 1 over all jobs: the first, and the last. */
  readonly first: number;
  readonly last: number;
}

export interface Schedule {
  readonly steps: readonly Step[];
  readonly jobs: readonly Job[];
  /** For people: who does what. */
  readonly sharing: string;
}

/** Blocks that are one function without threads. */
export interface Section {
  readonly name: string;
  readonly blocks: readonly LoopBlock[];
}

const phases: readonly Phase[] = ['before', 'each', 'after'];
const endings: { readonly [P in Phase]: string } = { before: 'Before', each: 'Tile', after: 'After' };

/** The number of a step has 16 bits in the ticket, and the count of its parts as well. */
const ticketSize = 2 ** 16;
/** Units of a step, of up to 16 parts each. */
const mostUnits = 1024;

export function scheduleJobs(planned: PlannedProgram, sections: readonly Section[], grain: Grain): Schedule {
  const unitsOf = new Map<LoopBlock, readonly Unit[]>();
  for (const { name, blocks } of sections) {
    let count = 0;
    for (const block of blocks)
      unitsOf.set(
        block,
        cutBlock(block, planned, grain).map((unit) => ({ ...unit, name: `${name}_${++count}` })),
      );
  }
  const blocks = sections.flatMap((section) => section.blocks);
  const steps: Step[] = [];
  const jobs: Job[] = [];
  const add = (job: Omit<Job, 'first' | 'last'>, made: readonly Step[]): void => {
    if (made.length === 0) return;
    jobs.push({ ...job, first: steps.length + 1, last: steps.length + made.length });
    steps.push(...made);
  };
  const rows = planned.tiling?.rows;
  const count = Math.ceil(planned.program.maxBatch / (rows ?? planned.program.maxBatch));
  const manyTiles = rows !== undefined && count >= grain.tiles && count < ticketSize;
  for (const { name: fn } of planned.program.functions) {
    const own = (phase?: Phase): readonly LoopBlock[] =>
      blocks.filter((block) => block.usedBy.has(fn) && block.phase === phase);
    const inUnits = (some: readonly LoopBlock[]): Step[] =>
      stepsOf(some.flatMap((block) => unitsOf.get(block) ?? []));
    if (rows === undefined) add({ name: `${fn}Batch`, fn }, inUnits(own()));
    // The rows of a prediction are handed out tile by tile.
    else if (manyTiles && fn !== 'predict') {
      const tiles: Step = { kind: 'tiles', name: `${fn}_tile`, blocks: own('each') };
      add({ name: `${fn}Batch`, fn }, [...inUnits(own('before')), tiles, ...inUnits(own('after'))]);
    } else
      for (const phase of phases) add({ name: `${fn}${endings[phase]}`, fn, phase }, inUnits(own(phase)));
  }
  if (steps.length >= ticketSize)
    throw errors.option(
      'threads',
      '1 for a program of more than 65,535 steps',
      `several for ${steps.length}`,
    );
  const sharing = manyTiles
    ? `each makes some of the ${count} tiles of a batch, and takes turns to add to the sums`
    : `they share the loops of ${rows === undefined ? 'the batch' : 'each tile'}`;
  return { steps, jobs, sharing };
}

/** A unit for each loop of the block, unless they share variables. */
function cutBlock({ statements }: LoopBlock, planned: PlannedProgram, grain: Grain): Omit<Unit, 'name'>[] {
  const rows = planned.tiling?.rows ?? planned.program.maxBatch;
  const unit = (own: readonly Statement[], division?: Division): Omit<Unit, 'name'> => ({
    statements: own,
    ...footprintOf(own, planned),
    ...(division === undefined ? {} : { division }),
  });
  if (statements.some(({ kind }) => kind === 'let')) return [unit(statements)];
  const units: Omit<Unit, 'name'>[] = [];
  let small: Statement[] = [];
  const flush = (): void => {
    if (small.length > 0) units.push(unit(small));
    small = [];
  };
  for (const statement of statements) {
    const division = divisionOf(statement, planned, rows, grain);
    if (division === undefined) {
      small.push(statement);
      continue;
    }
    flush();
    units.push(unit([statement], division));
  }
  flush();
  return units;
}

/** Each unit goes to the step before if it disturbs nothing there. */
function stepsOf(units: readonly Unit[]): Step[] {
  const steps: Unit[][] = [];
  for (const unit of units) {
    const last = steps[steps.length - 1];
    const joins =
      last !== undefined && last.length < mostUnits && !last.some((other) => disturb(other, unit));
    if (joins) last.push(unit);
    else steps.push([unit]);
  }
  return steps.map((own): Step => ({ kind: 'units', units: own }));
}
