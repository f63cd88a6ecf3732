/** A planned program as a WebAssembly module for several threads: units over one shared memory, and the control around them. */

import type { PlannedProgram } from '../../../ir/kernel.ts';
import { type Code, type ModuleContext, panelBytes } from '../function.ts';
import { helpersFor } from '../helpers.ts';
import {
  get,
  type Instruction,
  i32,
  integer,
  type Local,
  plain,
  set,
  type WasmFunction,
  type WasmModule,
  type WasmType,
} from '../instructions.ts';
import { pagesFor, placeColumns, placeIn, type Staging } from '../memory.ts';
import { controlBytes, createControl } from './control.ts';
import type { Grain } from './divide.ts';
import { type Job, type Schedule, type Section, type Step, scheduleJobs } from './jobs.ts';
import { type TileMemory, type Tiles, tileFunction, turnBytes } from './tiles.ts';
import { callNumbers, ceilOf, inOrder, partsOfLoop, unitFunction } from './units.ts';

export interface ThreadedProgram {
  readonly module: WasmModule;
  readonly staging: ReadonlyMap<string, Staging>;
  readonly schedule: Schedule;
}

export interface ThreadOptions {
  readonly relaxed: boolean;
  /** Threads that there is room for. */
  readonly threads: number;
  readonly grain: Grain;
}

export function threadedProgram(
  planned: PlannedProgram,
  sections: readonly Section[],
  { relaxed, threads, grain }: ThreadOptions,
): ThreadedProgram {
  const schedule = scheduleJobs(planned, sections, grain);
  const { steps, jobs } = schedule;
  const numbers = callNumbers(planned.program.inputs.map(({ name }) => name));
  const names = inOrder(numbers).map(({ name }) => name);
  const { staging, memory, panel, control, pages } = layOut(planned, schedule, {
    numbers: names.length,
    threads,
    grain,
  });
  const needs = new Set<string>();
  const module: ModuleContext = {
    float: planned.program.float,
    relaxed,
    panel: { offset: panel },
    uses(helper) {
      needs.add(helper);
      return helper;
    },
    placeOf: placeIn(planned, numbers.columns),
  };
  const made = steps.flatMap((step) =>
    step.kind === 'tiles'
      ? [tileFunction(step, planned, module, numbers, memory, grain)]
      : step.units.map((unit) => unitFunction(unit, module, numbers)),
  );
  // A unit of several functions is made once.
  const units = [...new Map(made.map((fn) => [fn.name, fn])).values()];
  const { functions, imports } = helpersFor(needs, module);
  const { functions: controls, call } = createControl(control, names);
  const [count = [], rows = []] = call;
  const size = planned.tiling?.rows ?? planned.program.maxBatch;
  return {
    module: {
      imports,
      functions: [
        ...functions,
        ...units,
        partsOf(steps, rows, ceilOf(count, size)),
        runPart(steps, call, rows),
        ...controls,
        ...jobs.map((job) => starter(job, steps, inOrder(numbers), memory)),
      ],
      pages,
      shared: true,
    },
    staging,
    schedule,
  };
}

const upTo = (bytes: number, line: number): number => Math.ceil(bytes / line) * line;

/** Behind the columns: the words of the control, turns, a panel for each thread, and an arena for each but the first. */
function layOut(
  planned: PlannedProgram,
  { steps }: Schedule,
  { numbers, threads, grain }: { readonly numbers: number; readonly threads: number; readonly grain: Grain },
) {
  const { staging, end } = placeColumns(planned, true);
  const tiles = steps.filter((step): step is Tiles => step.kind === 'tiles');
  const bytes = Math.max(0, ...tiles.map((step) => turnBytes(step, planned, grain)));
  const control = upTo(end, 64);
  const turns = control + controlBytes(numbers);
  const panel = turns + bytes;
  const arenas = upTo(panel + threads * panelBytes, 64);
  const arenaBytes = tiles.length > 0 ? upTo(planned.arenaBytes, 64) : 0;
  const pages = pagesFor(arenas + (threads - 1) * arenaBytes);
  const memory: TileMemory & { readonly turnBytes: number } = { turns, turnBytes: bytes, arenas, arenaBytes };
  return { staging, memory, panel, control, pages };
}

/** The parts of a step: of all of its units, or the tiles. */
function partsOf(steps: readonly Step[], rows: Code, tiles: Code): WasmFunction {
  const step = integer('step');
  const sums = steps.map((each) =>
    each.kind === 'tiles'
      ? tiles
      : each.units.flatMap(({ division }, i) => [
          ...partsOfLoop(division, rows),
          ...(i === 0 ? [] : [plain('i32.add')]),
        ]),
  );
  return {
    name: 'partsOf',
    doc: 'how many parts the step has',
    parameters: [step],
    result: 'i32',
    locals: [],
    exported: false,
    body: choose(step, sums, 1, 'i32'),
  };
}

/** Finds the unit that a part of a step belongs to, and runs it. */
function runPart(steps: readonly Step[], call: readonly Code[], rows: Code): WasmFunction {
  const [step, part, thread] = [integer('step'), integer('part'), integer('thread')];
  const callOf = (name: string): Instruction[] => [
    get(part),
    get(thread),
    ...call.flat(),
    { op: 'call', name },
  ];
  const run = (units: Extract<Step, { kind: 'units' }>['units']): Instruction[] => {
    const [unit, ...others] = units;
    if (!unit) return [];
    const own = callOf(unit.name);
    if (others.length === 0) return own;
    const parts = partsOfLoop(unit.division, rows);
    const next: Instruction[] = [get(part), ...parts, plain('i32.sub'), set(part), ...run(others)];
    return [get(part), ...parts, plain('i32.lt_s'), { op: 'if', yes: own, no: next }];
  };
  return {
    name: 'runPart',
    doc: 'runs the part of the step',
    parameters: [step, part, thread],
    locals: [],
    exported: false,
    body: choose(
      step,
      steps.map((each) => (each.kind === 'tiles' ? callOf(each.name) : run(each.units))),
      1,
    ),
  };
}

/** The case for the number that `by` holds, counted from `first`. */
function choose(by: Local, cases: readonly Code[], first: number, result?: WasmType): Code {
  const [only = []] = cases;
  if (cases.length <= 1) return only;
  const middle = cases.length >> 1;
  return [
    get(by),
    i32(first + middle),
    plain('i32.lt_s'),
    {
      op: 'if',
      ...(result === undefined ? {} : { result }),
      yes: choose(by, cases.slice(0, middle), first, result),
      no: choose(by, cases.slice(middle), first + middle, result),
    },
  ];
}

/** The function that sets a job off. */
function starter(
  { name, first, last }: Job,
  steps: readonly Step[],
  numbers: readonly Local[],
  { turns, turnBytes: bytes }: TileMemory & { readonly turnBytes: number },
): WasmFunction {
  const hasTiles = steps.slice(first - 1, last).some((step) => step.kind === 'tiles');
  return {
    name,
    doc: `steps ${first} to ${last}`,
    parameters: numbers,
    locals: [],
    exported: true,
    body: [
      ...(hasTiles ? [i32(turns), i32(0), i32(bytes), plain('memory.fill')] : []),
      i32(first),
      i32(last),
      ...numbers.map(get),
      { op: 'call', name: 'start' },
    ],
  };
}
