/** Units as functions: all of some statements, or the part of a loop that they are called for. */

import { samplesBefore } from '../../../ir/kernel.ts';
import {
  type Code,
  createLocals,
  type FunctionContext,
  type ModuleContext,
  panelBytes,
} from '../function.ts';
import {
  get,
  type Instruction,
  i32,
  integer,
  type Local,
  plain,
  set,
  type WasmFunction,
} from '../instructions.ts';
import { boundCode, statementsCode } from '../loops.ts';
import type { Division } from './divide.ts';
import type { Unit } from './jobs.ts';

/** The numbers of a call that every function of the threads is given: sizes, the step and the seed, and where the columns are. */
export interface CallNumbers {
  readonly count: Local;
  readonly rows: Local;
  readonly from: Local;
  readonly step: Local;
  readonly seed: Local;
  readonly columns: ReadonlyMap<string, Local>;
}

export const callNumbers = (columns: readonly string[]): CallNumbers => ({
  count: integer('n'),
  rows: integer('rows'),
  from: integer(samplesBefore),
  step: integer('t'),
  seed: integer('seed'),
  columns: new Map(columns.map((name) => [name, integer(`${name}At`)])),
});

/** In the order in which they are handed over. */
export const inOrder = ({ count, rows, from, step, seed, columns }: CallNumbers): readonly Local[] => [
  count,
  rows,
  from,
  step,
  seed,
  ...columns.values(),
];

/** The statements of a unit, or the given part of its loop. */
export function unitFunction(
  { name, statements, division }: Unit,
  module: ModuleContext,
  numbers: CallNumbers,
): WasmFunction {
  const [part, thread] = [integer('part'), integer('thread')];
  const { fresh, all } = createLocals();
  const [panel, begin, end] = [fresh('panel', 'i32'), fresh('begin', 'i32'), fresh('end', 'i32')];
  const cx: FunctionContext = {
    ...module,
    ...numbers,
    fresh,
    panel: { ...module.panel, pointer: panel },
    scope: new Map([[samplesBefore, numbers.from]]),
    lanes: 1,
    ...(division ? { part: { ...division, from: begin, to: end } } : {}),
  };
  return {
    name,
    doc: division ? 'a part of a loop' : 'whole',
    parameters: [part, thread, ...inOrder(numbers)],
    locals: all,
    exported: false,
    body: [
      ...panelOf(thread, panel),
      ...(division ? endsOf(division, { part, begin, end }, cx) : []),
      ...statementsCode(statements, cx),
    ],
  };
}

/** Each thread packs operands in a place of its own. */
export const panelOf = (thread: Local, panel: Local): Code => [
  get(thread),
  i32(panelBytes),
  plain('i32.mul'),
  set(panel),
];

/** Where the given part of a loop begins and ends. */
export function endsOf(
  { size, to }: Division,
  { part, begin, end }: { readonly part: Local; readonly begin: Local; readonly end: Local },
  cx: FunctionContext,
): Code {
  const whole = boundCode(to, cx);
  return [
    ...[get(part), i32(size), plain('i32.mul'), { op: 'local.tee', local: begin } as const],
    ...[i32(size), plain('i32.add'), set(end)],
    ...[get(end), ...whole, get(end), ...whole, plain('i32.lt_s'), plain('select'), set(end)],
  ];
}

/** How many parts a loop has for the rows at hand: at least one, which may be empty. */
export function partsOfLoop(division: Division | undefined, rows: Code): Code {
  if (!division) return [i32(1)];
  const { to, size } = division;
  const { extent, times = 1 } = to;
  if (extent !== 'batch') return [i32(Math.max(1, Math.ceil((extent * times) / size)))];
  return [...ceilOf([...rows, i32(times), plain('i32.mul')], size)];
}

/** The quotient, rounded up. */
export const ceilOf = (count: Code, size: number): Instruction[] => [
  ...count,
  i32(size - 1),
  plain('i32.add'),
  i32(size),
  plain('i32.div_u'),
];
