/** Values that live for one turn of a shared loop stay in a variable: the sum of a row needs no array of sums. */

import { showIndex } from '../ir/index-expr.ts';
import type { Statement } from '../ir/kernel.ts';
import type { Scalar } from '../ir/scalar.ts';
import type { Value } from '../ir/value.ts';
import { bodyOf, eachStatement, loadsIn } from '../ir/walk.ts';
import { local, mapScalar, type Names } from './emit-statements.ts';

type For = Extract<Statement, { kind: 'for' }>;
type Store = Extract<Statement, { kind: 'store' }>;

interface Kept {
  readonly statements: readonly Statement[];
  /** Values that no longer need memory. */
  readonly kept: ReadonlySet<Value>;
}

/** Replaces the storage of those of `candidates` that are stored and read at one position of one loop. */
export function keepLocal(
  statements: readonly Statement[],
  candidates: readonly Value[],
  names: Names,
): Kept {
  const kept = new Set<Value>();
  let current = statements;
  for (const value of candidates) {
    const at = current.findIndex((statement) => statement.kind === 'for' && storesAtTop(statement, value));
    const loop = current[at];
    const elsewhere = current.some((statement, i) => i !== at && mentions([statement], value));
    if (loop?.kind !== 'for' || elsewhere || !onlyAt(loop, value)) continue;
    const stored = storeOf(loop, value)?.value;
    // A sum or a maximum is in a variable already.
    const name = stored?.kind === 'local' ? stored.name : names.fresh('row');
    const replaced: For = { ...loop, body: replaceStore(loop.body, value, name) };
    current = current.map((statement, i) => (i === at ? replaced : statement));
    kept.add(value);
  }
  return { statements: current, kept };
}

const storesAtTop = (loop: For, value: Value): boolean =>
  loop.body.filter((statement) => statement.kind === 'store' && statement.to === value).length === 1;

const storeOf = (loop: For, value: Value): Store | undefined =>
  loop.body.find((statement): statement is Store => statement.kind === 'store' && statement.to === value);

const writes = (statement: Statement, value: Value): boolean =>
  (statement.kind === 'store' || statement.kind === 'fill' || statement.kind === 'contract') &&
  statement.to === value;

const mentions = (statements: readonly Statement[], value: Value): boolean =>
  loadsIn(statements).some(({ from }) => from === value) ||
  eachStatement(statements).some((statement) => writes(statement, value));

/** Every access is at the loop's own variable, and no inner loop stores the value. */
function onlyAt(loop: For, value: Value): boolean {
  const loads = loadsIn(loop.body).filter(({ from }) => from === value);
  const stores = loop.body.flatMap((s) => (s.kind === 'store' && s.to === value ? [s.index] : []));
  const positions = [...loads.map(({ index }) => index), ...stores];
  const inner = eachStatement(loop.body.flatMap(bodyOf)).some((s) => writes(s, value));
  return (
    !inner &&
    positions.every((index) => index.length === 1 && index[0] && showIndex(index[0]) === loop.variable)
  );
}

function replaceStore(statements: readonly Statement[], value: Value, name: string): Statement[] {
  const variable = local(name, value.dtype);
  const swap = (scalar: Scalar): Scalar =>
    mapScalar(scalar, (node) => (node.kind === 'load' && node.from === value ? variable : undefined));
  return statements.flatMap((statement): Statement | Statement[] => {
    switch (statement.kind) {
      case 'for':
        return { ...statement, body: replaceStore(statement.body, value, name) };
      case 'if':
        return {
          ...statement,
          condition: swap(statement.condition),
          body: replaceStore(statement.body, value, name),
        };
      case 'fill':
      case 'contract':
        return statement;
      case 'store':
        if (statement.to === value) {
          // What is in a variable already stays there.
          const inPlace = statement.value.kind === 'local' && statement.value.name === name;
          return inPlace ? [] : { kind: 'let', name, value: swap(statement.value), mutable: false };
        }
        return { ...statement, value: swap(statement.value) };
      default:
        return { ...statement, value: swap(statement.value) };
    }
  });
}
