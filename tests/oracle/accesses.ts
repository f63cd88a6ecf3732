/** What loops read and write, found by a walk of its own: the passes have another. */

import type { Index } from '../../ir/index-expr.ts';
import type { Bound, Statement } from '../../ir/kernel.ts';
import type { Scalar } from '../../ir/scalar.ts';
import type { Dim, DType, Type } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';

export type Load = Extract<Scalar, { kind: 'load' }>;

const widths: Readonly<Record<DType, number>> = { f64: 8, f32: 4, i32: 4, bool: 1 };

export const widthOf = (dtype: DType): number => widths[dtype];

export const extent = (dim: Dim, batch: number): number => (dim === 'batch' ? batch : dim);

/** How many elements a value has when `batch` samples are at hand. */
export function countOf({ shape }: Pick<Type, 'shape'>, batch: number): number {
  let total = 1;
  for (const dim of shape) total *= extent(dim, batch);
  return total;
}

/** Every load in an expression, in the order of evaluation; parts that are shared count once. */
export function loadsIn(scalar: Scalar, into: Load[] = [], seen: Set<Scalar> = new Set()): Load[] {
  if (seen.has(scalar)) return into;
  seen.add(scalar);
  if (scalar.kind === 'load') into.push(scalar);
  else if (scalar.kind === 'reduce') loadsIn(scalar.body, into, seen);
  else if (scalar.kind === 'apply') for (const arg of scalar.args) loadsIn(arg, into, seen);
  return into;
}

/** The loads that a statement makes itself, not those of the statements in its body. */
export function ownLoads(statement: Statement): readonly Load[] {
  if (statement.kind === 'for' || statement.kind === 'fill') return [];
  return loadsIn(statement.kind === 'if' ? statement.condition : statement.value);
}

export interface Accesses {
  readonly loads: ReadonlySet<Value>;
  readonly stores: ReadonlySet<Value>;
}

/** The values that some statements load and store. */
export function accessesOf(statements: readonly Statement[]): Accesses {
  const loads = new Set<Value>();
  const stores = new Set<Value>();
  const visit = (statement: Statement): void => {
    for (const { from } of ownLoads(statement)) loads.add(from);
    if (statement.kind === 'store' || statement.kind === 'fill') stores.add(statement.to);
    if (statement.kind === 'for' || statement.kind === 'if') statement.body.forEach(visit);
  };
  statements.forEach(visit);
  return { loads, stores };
}

/** The number that a loop starts from or stays below. */
export function boundOf({ extent: dim, times = 1, multipleOf = 1 }: Bound, batch: number): number {
  const whole = extent(dim, batch) * times;
  return whole - (whole % multipleOf);
}

/** The number that an index stands for. */
export function indexAt(index: Index, variables: ReadonlyMap<string, number>, batch: number): number {
  switch (index.kind) {
    case 'var': {
      const at = variables.get(index.name);
      if (at === undefined) throw new Error(`the loop variable ${index.name} is not running`);
      return at;
    }
    case 'const':
      return index.value;
    case 'add':
      return indexAt(index.a, variables, batch) + indexAt(index.b, variables, batch);
    case 'mul':
      return indexAt(index.a, variables, batch) * extent(index.by, batch);
    case 'div':
      return Math.floor(indexAt(index.a, variables, batch) / index.by);
    case 'mod':
      return indexAt(index.a, variables, batch) % index.by;
  }
}
