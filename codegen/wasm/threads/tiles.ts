/**
 * Tiles of the batch as units of work: a thread makes all of a tile, with memory of its own for what is of samples. What grows with
 * each tile has turns: a thread adds its tile when the one before has been added, so that sums have the bits of one thread. Large
 * sums are added part by part, each part with a turn of its own: threads follow each other through them.
 */

import { type LoopBlock, type PlannedProgram, type Statement, samplesBefore } from '../../../ir/kernel.ts';
import { bytesPerElement, elementCount } from '../../../ir/types.ts';
import { countingLoop } from '../counting.ts';
import { type Code, createLocals, type FunctionContext, type ModuleContext } from '../function.ts';
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
import { statementsCode } from '../loops.ts';
import { type Division, divisionOf, type Grain } from './divide.ts';
import { writtenBy } from './footprint.ts';
import type { Step } from './jobs.ts';
import { type CallNumbers, endsOf, inOrder, panelOf, partsOfLoop } from './units.ts';

/** Parts of a sum: enough for threads not to wait for each other. */
const partsOfSum = 4;
/** Each turn lies in a cache line of its own. */
const line = 64;

/** Some statements of a tile, and where their turns are when they have to wait for them. */
interface Piece {
  readonly statements: readonly Statement[];
  readonly division?: Division;
  readonly turns?: number;
}

export type Tiles = Extract<Step, { kind: 'tiles' }>;

/** Where things are that the threads have several of. */
export interface TileMemory {
  /** The first turn. */
  readonly turns: number;
  /** The arena of the second thread; the first has the one that every program has. */
  readonly arenas: number;
  readonly arenaBytes: number;
}

/** Bytes for the turns of a tile. */
export const turnBytes = ({ blocks }: Tiles, planned: PlannedProgram, grain: Grain): number =>
  piecesOf(blocks, planned, grain).filter(({ turns }) => turns !== undefined).length * partsOfSum * line;

function piecesOf(blocks: readonly LoopBlock[], planned: PlannedProgram, grain: Grain): readonly Piece[] {
  let turns = 0;
  const piece = (statements: readonly Statement[]): Piece => {
    if (writtenBy(statements).every(({ shape }) => shape[0] === 'batch')) return { statements };
    const [first, ...others] = statements;
    const rows = planned.tiling?.rows ?? planned.program.maxBatch;
    const division =
      first && others.length === 0 ? divisionOf(first, planned, rows, grain, partsOfSum) : undefined;
    return { statements, turns: turns++ * partsOfSum * line, ...(division ? { division } : {}) };
  };
  return blocks.flatMap(({ statements }) =>
    statements.some(({ kind }) => kind === 'let')
      ? [piece(statements)]
      : statements.map((statement) => piece([statement])),
  );
}

/** The function that makes the tile of the given number. */
export function tileFunction(
  { name, blocks }: Tiles,
  planned: PlannedProgram,
  module: ModuleContext,
  numbers: CallNumbers,
  memory: TileMemory,
  grain: Grain,
): WasmFunction {
  const size = planned.tiling?.rows ?? planned.program.maxBatch;
  const [part, thread] = [integer('part'), integer('thread')];
  const { fresh, all } = createLocals();
  const [panel, arena] = [fresh('panel', 'i32'), fresh('arena', 'i32')];
  const { rows, from, count, columns } = numbers;
  const cx: FunctionContext = {
    ...module,
    ...numbers,
    fresh,
    panel: { ...module.panel, pointer: panel },
    placeOf(value) {
      const place = module.placeOf(value);
      const isOwn = value.op !== 'input' && value.op !== 'state' && value.shape[0] === 'batch';
      return isOwn ? { ...place, pointer: arena } : place;
    },
    scope: new Map([[samplesBefore, from]]),
    lanes: 1,
  };
  return {
    name,
    doc: `${size} samples of the batch, from the first operation to the last`,
    parameters: [part, thread, ...inOrder(numbers)],
    locals: all,
    exported: false,
    body: [
      ...panelOf(thread, panel),
      ...arenaOf(thread, arena, memory),
      ...[get(part), i32(size), plain('i32.mul'), set(from)],
      ...rowsFrom(count, from, rows, size),
      ...[...columns].flatMap(([column, at]) => movedTo(rowBytes(planned, column), from, at)),
      ...piecesOf(blocks, planned, grain).flatMap((piece) => pieceCode(piece, part, memory, cx)),
    ],
  };
}

const arenaOf = (thread: Local, arena: Local, { arenas, arenaBytes }: TileMemory): Code => [
  get(thread),
  {
    op: 'if',
    yes: [
      ...[get(thread), i32(1), plain('i32.sub'), i32(arenaBytes), plain('i32.mul')],
      ...[i32(arenas), plain('i32.add'), set(arena)],
    ],
    no: [],
  },
];

/** rows = min(size, count - from). */
const rowsFrom = (count: Local, from: Local, rows: Local, size: number): Code => [
  ...[get(count), get(from), plain('i32.sub'), set(rows)],
  ...[get(rows), i32(size), get(rows), i32(size), plain('i32.lt_s'), plain('select'), set(rows)],
];

const rowBytes = ({ program }: PlannedProgram, column: string): number => {
  const input = program.inputs.find(({ name }) => name === column);
  return input ? elementCount(input.shape, 1) * bytesPerElement[input.dtype] : 0;
};

const movedTo = (bytes: number, from: Local, at: Local): Code => [
  ...[get(at), get(from), i32(bytes), plain('i32.mul'), plain('i32.add'), set(at)],
];

function pieceCode(
  { statements, division, turns }: Piece,
  tile: Local,
  memory: TileMemory,
  cx: FunctionContext,
): Code {
  if (turns === undefined) return statementsCode(statements, cx);
  const turn = cx.fresh('turn', 'i32');
  const address = memory.turns + turns;
  const inTurn = (body: Code): Instruction[] => [
    {
      op: 'loop',
      body: [
        ...[get(turn), { op: 'i32.atomic.load', address } as const, get(tile), plain('i32.ne')],
        { op: 'br_if', depth: 0 },
      ],
    },
    ...body,
    ...[get(turn), get(tile), i32(1), plain('i32.add'), { op: 'i32.atomic.store', address } as const],
  ];
  if (!division) return inTurn(statementsCode(statements, cx));
  const [part, parts] = [cx.fresh('piece', 'i32'), cx.fresh('pieces', 'i32')];
  const [begin, end] = [cx.fresh('begin', 'i32'), cx.fresh('end', 'i32')];
  const inner = { ...cx, part: { ...division, from: begin, to: end } };
  return [
    ...[i32(0), set(part), ...partsOfLoop(division, [get(cx.rows)]), set(parts)],
    ...countingLoop(part, parts, 1, [
      ...[get(part), i32(line), plain('i32.mul'), set(turn)],
      ...endsOf(division, { part, begin, end }, cx),
      ...inTurn(statementsCode(statements, inner)),
    ]),
  ];
}
