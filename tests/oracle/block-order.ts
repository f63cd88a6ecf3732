/**
 * When two values that one block touches share bytes: does every read find what it asks for? The block's loops are run
 * without their arithmetic, and every byte remembers who has written it.
 */

import type { Index } from '../../ir/index-expr.ts';
import type { LoopBlock, Statement } from '../../ir/kernel.ts';
import type { Value } from '../../ir/value.ts';
import { boundOf, countOf, extent, indexAt, type Load, ownLoads, widthOf } from './accesses.ts';
import type { Need } from './needs.ts';

interface Run {
  readonly block: string;
  readonly batch: number;
  readonly variables: Map<string, number>;
  /** The needs that are watched, by the value that is loaded or stored. */
  readonly watched: ReadonlyMap<Value, Need>;
  readonly moment: number;
  /** Who has written a byte in this block. */
  readonly owners: Map<number, Need>;
  readonly faults: Set<string>;
}

/** A statement with what it loads itself, and what of its body touches anything watched. */
interface Step {
  readonly statement: Statement;
  readonly loads: readonly Load[];
  readonly body: readonly Step[];
}

/** What goes wrong when `needs`, which share bytes, are read and written by `block`, the block `moment` of a call. */
export function orderFaults(
  block: LoopBlock,
  moment: number,
  needs: readonly Need[],
  batch: number,
): readonly string[] {
  const watched = new Map(needs.flatMap((need) => (need.value ? [[need.value, need] as const] : [])));
  const run: Run = {
    block: `block ${block.name}`,
    batch,
    variables: new Map(),
    watched,
    moment,
    owners: new Map(),
    faults: new Set(),
  };
  for (const step of watchedSteps(block.statements, watched)) runStep(step, run);
  return [...run.faults];
}

/** What remains of statements without those that touch nothing watched. */
function watchedSteps(statements: readonly Statement[], watched: ReadonlyMap<Value, Need>): Step[] {
  return statements.flatMap((statement): Step[] => {
    const loads = ownLoads(statement).filter(({ from }) => watched.has(from));
    const inside = statement.kind === 'for' || statement.kind === 'if' ? statement.body : [];
    const body = watchedSteps(inside, watched);
    const stores = (statement.kind === 'store' || statement.kind === 'fill') && watched.has(statement.to);
    return loads.length > 0 || body.length > 0 || stores ? [{ statement, loads, body }] : [];
  });
}

function runStep({ statement, loads, body }: Step, run: Run): void {
  for (const { from, index } of loads) read(from, index, run);
  if (statement.kind === 'for') {
    const to = boundOf(statement.to, run.batch);
    for (let at = boundOf(statement.from, run.batch); at < to; at += statement.step) {
      run.variables.set(statement.variable, at);
      for (const inner of body) runStep(inner, run);
    }
  } else if (statement.kind === 'if') {
    // Whether it is taken depends on numbers: to be safe, what it does is done.
    for (const inner of body) runStep(inner, run);
  } else if (statement.kind === 'store') {
    write(statement.to, statement.index, 1, run);
  } else if (statement.kind === 'fill') {
    const rest = statement.to.shape.slice(statement.at.length);
    const start = [...statement.at, ...rest.map((): Index => ({ kind: 'const', value: 0 }))];
    write(statement.to, start, countOf({ shape: rest }, run.batch), run);
  }
}

/** The bytes of `count` elements from `index` on. */
function bytesAt(value: Value, index: readonly Index[], count: number, need: Need, run: Run): number[] {
  let offset = 0;
  index.forEach((part, axis) => {
    offset = offset * extent(value.shape[axis] ?? 1, run.batch) + indexAt(part, run.variables, run.batch);
  });
  const width = widthOf(value.dtype);
  return Array.from({ length: count * width }, (_, i) => need.span.from + offset * width + i);
}

function read(value: Value, index: readonly Index[], run: Run): void {
  const need = run.watched.get(value);
  if (!need) return;
  for (const byte of bytesAt(value, index, 1, need, run)) {
    const owner = run.owners.get(byte);
    if (owner && owner !== need)
      run.faults.add(`${run.block} reads ${need.name} where it has written ${owner.name} already`);
  }
}

function write(value: Value, index: readonly Index[], count: number, run: Run): void {
  const need = run.watched.get(value);
  if (!need) return;
  for (const byte of bytesAt(value, index, count, need, run)) {
    const owner = run.owners.get(byte);
    if (owner && owner !== need && owner.last > run.moment)
      run.faults.add(`${run.block} writes ${need.name} over ${owner.name}, which is needed later`);
    run.owners.set(byte, need);
  }
}
