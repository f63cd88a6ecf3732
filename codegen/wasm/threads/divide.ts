/**
 * Cuts the loops of a block into parts that several threads may take: parts of a loop in which each turn writes elements of its
 * own. Sums stay whole, so that their terms are added in the one order that there is.
 */

import type { Index } from '../../../ir/index-expr.ts';
import type { Bound, PlannedProgram, Statement } from '../../../ir/kernel.ts';
import type { Value } from '../../../ir/value.ts';
import { eachStatement, loadsIn } from '../../../ir/walk.ts';
import type { Part } from '../function.ts';
import { productOf } from '../product.ts';
import { overlaps, regionOf } from './footprint.ts';
import { turnsOf, workOf } from './work.ts';

/** A loop that is cut, and how. */
export interface Division extends Pick<Part, 'of' | 'along'> {
  /** The loop runs from 0 to this. */
  readonly to: Bound;
  /** Turns of the loop in each part but the last, a multiple of what its instructions take at once. */
  readonly size: number;
}

/** How fine the work is cut. */
export interface Grain {
  /** Nanoseconds that a part should take at least: several times what it costs to take it. */
  readonly work: number;
  /** Rows of a product per part at least: each part packs the other operand anew. */
  readonly rows: number;
  /** Fewer tiles than this, and threads share each tile instead of the tiles. */
  readonly tiles: number;
}

export const usualGrain: Grain = { work: 5000, rows: 32, tiles: 8 };

/** Parts of one loop: enough for the threads to balance. */
const mostParts = 16;

/** How `statement` is cut for batches of up to so many rows; undefined when it stays whole. */
export function divisionOf(
  statement: Statement,
  planned: PlannedProgram,
  rows: number,
  grain: Grain,
  most = mostParts,
): Division | undefined {
  const found = candidateOf(statement, statement, planned, grain);
  if (!found) return undefined;
  const { least, unit, ...cut } = found;
  const turns = turnsOf(cut.to, rows);
  const parts = Math.min(most, Math.floor(workOf(statement, rows) / grain.work), Math.floor(turns / least));
  if (parts < 2) return undefined;
  return { ...cut, size: Math.ceil(turns / parts / unit) * unit };
}

interface Candidate extends Omit<Division, 'size'> {
  /** Turns that its instructions take at once. */
  readonly unit: number;
  /** Turns that a part should have. */
  readonly least: number;
}

type For = Extract<Statement, { kind: 'for' }>;
type Contract = Extract<Statement, { kind: 'contract' }>;

/** `whole` is the statement of the block that `statement` is in. */
function candidateOf(
  statement: Statement,
  whole: Statement,
  planned: PlannedProgram,
  grain: Grain,
): Candidate | undefined {
  if (statement.kind === 'contract') return productCandidate(statement, planned, grain);
  if (statement.kind !== 'for') return undefined;
  if (isParallel(statement, whole, planned)) return { of: statement, to: statement.to, unit: 4, least: 4 };
  const rest = statement.body.filter(({ kind }) => kind !== 'let');
  const [inner] = rest;
  // Every thread makes all turns of this loop, each for its own part of the one inside.
  return inner && rest.length === 1 ? candidateOf(inner, whole, planned, grain) : undefined;
}

function productCandidate(statement: Contract, planned: PlannedProgram, grain: Grain): Candidate | undefined {
  const { rows, columns, left, right } = productOf(statement);
  const operands = new Set([left.from, right.from]);
  const own = { value: statement.to, index: statement.index };
  const read = loadsIn([statement]).filter(({ from }) => operands.has(from));
  if (read.some(({ from }) => shares(from, own.value, planned))) return undefined;
  const width = typeof columns.extent === 'number' ? columns.extent : 0;
  // Each part of the columns has operands of its own to pack.
  const wide = width >= 128 && !(typeof rows.extent === 'number' && rows.extent > width);
  const along = wide ? columns : rows;
  if (!isSafe(along.name, statement, planned, operands)) return undefined;
  const to = { extent: along.extent };
  return wide
    ? { of: statement, along: 'columns', to, unit: 8, least: 16 }
    : { of: statement, along: 'rows', to, unit: 4, least: grain.rows };
}

/** Whether each turn of `loop` writes elements of its own, and reads no other's. */
function isParallel(loop: For, whole: Statement, planned: PlannedProgram): boolean {
  if (loop.step !== 1 || loop.from.extent !== 0 || loop.to.multipleOf !== undefined) return false;
  const inside = eachStatement(loop.body);
  const declared = new Set(inside.flatMap((statement) => (statement.kind === 'let' ? [statement.name] : [])));
  const keeps = inside.every((statement) => statement.kind !== 'set' || declared.has(statement.name));
  return keeps && isSafe(loop.variable, whole, planned);
}

/** Whether all writes are to elements at `variable` along some axis, and all that is written is met there only. */
function isSafe(
  variable: string,
  whole: Statement,
  planned: PlannedProgram,
  operands: ReadonlySet<Value> = new Set(),
): boolean {
  const writes = eachStatement([whole]).flatMap((statement): Access[] =>
    statement.kind === 'for' || !('to' in statement)
      ? []
      : [
          {
            value: statement.to,
            axis: axisOf(variable, statement.kind === 'fill' ? statement.at : statement.index),
          },
        ],
  );
  const reads = loadsIn([whole])
    .filter(({ from }) => !operands.has(from))
    .map(({ from, index }): Access => ({ value: from, axis: axisOf(variable, index) }));
  return writes.every(
    (write) =>
      write.axis >= 0 &&
      [...writes, ...reads].every(
        (other) =>
          !shares(write.value, other.value, planned) ||
          (other.axis === write.axis && isSamePlace(write.value, other.value, planned)),
      ),
  );
}

interface Access {
  readonly value: Value;
  /** The axis along which the variable moves alone, or -1. */
  readonly axis: number;
}

/** Which position of `index` is `variable` and nothing else. */
const axisOf = (variable: string, index: readonly Index[]): number =>
  index.findIndex((position) => position.kind === 'var' && position.name === variable);

function shares(a: Value, b: Value, planned: PlannedProgram): boolean {
  const [x, y] = [regionOf(a, planned), regionOf(b, planned)];
  return a === b || (x !== undefined && y !== undefined && overlaps(x, y));
}

/** Whether equal indices are equal addresses. */
const isSamePlace = (a: Value, b: Value, planned: PlannedProgram): boolean =>
  a === b ||
  (a.dtype === b.dtype &&
    a.shape.join() === b.shape.join() &&
    regionOf(a, planned)?.start === regionOf(b, planned)?.start);
