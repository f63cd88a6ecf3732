/** Kernels of one block that run over the same outermost axis and meet only at equal positions share its loop. */

import { type Index, showIndex } from '../ir/index-expr.ts';
import type { Statement } from '../ir/kernel.ts';
import type { Value } from '../ir/value.ts';
import { eachStatement, loadsIn } from '../ir/walk.ts';

type For = Extract<Statement, { kind: 'for' }>;

/** One kernel's statements: what precedes its outer loop, the loop, and what follows. */
interface Split {
  readonly before: readonly Statement[];
  readonly loop: For;
  readonly after: readonly Statement[];
}

/** Joins the statements of consecutive kernels, merging outer loops where that changes no result. */
export function shareLoops(kernels: readonly (readonly Statement[])[]): Statement[] {
  const done: Statement[] = [];
  let current: Split | undefined;
  for (const statements of kernels) {
    const next = split(statements);
    const merged = current && next && mergeable(current, next) ? merge(current, next) : undefined;
    if (merged) {
      current = merged;
      continue;
    }
    if (current) done.push(...current.before, current.loop, ...current.after);
    current = next;
    if (!next) done.push(...statements);
  }
  if (current) done.push(...current.before, current.loop, ...current.after);
  return done;
}

/** Splits at the only loop, if what stands around it are declarations before and stores after. */
function split(statements: readonly Statement[]): Split | undefined {
  const at = statements.findIndex((statement) => statement.kind === 'for');
  const loop = statements[at];
  const [before, after] = [statements.slice(0, at), statements.slice(at + 1)];
  const simple =
    before.every((s) => s.kind === 'let') && after.every((s) => s.kind === 'store' || s.kind === 'let');
  return loop?.kind === 'for' && loop.step === 1 && simple ? { before, loop, after } : undefined;
}

const merge = (a: Split, b: Split): Split => ({
  before: [...a.before, ...b.before],
  loop: { ...a.loop, body: [...a.loop.body, ...b.loop.body] },
  after: b.after,
});

function mergeable(a: Split, b: Split): boolean {
  const sameRange =
    a.loop.variable === b.loop.variable &&
    a.loop.to.extent === b.loop.to.extent &&
    a.loop.to.times === b.loop.to.times &&
    a.loop.from.extent === 0 &&
    b.loop.from.extent === 0;
  if (!sameRange || a.after.length > 0) return false;
  const [inA, inB] = [touched(a.loop.body), touched([...b.before, ...b.loop.body, ...b.after])];
  for (const [value, writes] of inA.stores) {
    const met = [...(inB.stores.get(value) ?? []), ...(inB.loads.get(value) ?? [])];
    if (met.length > 0 && ![...writes, ...met].every((index) => isAt(index, a.loop.variable))) return false;
  }
  for (const [value, reads] of inA.loads) {
    const met = inB.stores.get(value) ?? [];
    if (met.length > 0 && ![...reads, ...met].every((index) => isAt(index, a.loop.variable))) return false;
  }
  return true;
}

const isAt = (index: readonly Index[], variable: string): boolean =>
  index[0] !== undefined && showIndex(index[0]) === variable;

type Positions = Map<Value, (readonly Index[])[]>;

interface Touched {
  readonly stores: Positions;
  readonly loads: Positions;
}

/** Where `statements` write and read memory. */
function touched(statements: readonly Statement[]): Touched {
  const [stores, loads]: [Positions, Positions] = [new Map(), new Map()];
  const note = (table: Positions, value: Value, index: readonly Index[]): void => {
    table.set(value, [...(table.get(value) ?? []), index]);
  };
  for (const { from, index } of loadsIn(statements)) note(loads, from, index);
  for (const statement of eachStatement(statements)) {
    if (statement.kind === 'store' || statement.kind === 'contract')
      note(stores, statement.to, statement.index);
    else if (statement.kind === 'fill') note(stores, statement.to, statement.at);
  }
  return { stores, loads };
}
