/** How much work a block is: arithmetic operations, and bytes of the arrays that it reads and writes. */

import type { Index } from '../../ir/index-expr.ts';
import type { Bound, LoopBlock, Statement } from '../../ir/kernel.ts';
import { type Scalar, type ScalarFunction, scalarInputs } from '../../ir/scalar.ts';
import { bytesPerElement, type Dim, elementCount } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { loadsIn } from '../../ir/walk.ts';

export interface Cost {
  /** Arithmetic operations and comparisons; exp, log and their kin count as one. */
  readonly flops: number;
  /** Of every array that is read, once, whatever caches make of it. */
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** Of one block, over a whole step of `samples` samples. */
export function costOf(block: LoopBlock, samples: number): Cost {
  const roots = new Set(block.roots);
  const read = new Set(loadsIn(block.statements).map(({ from }) => from));
  const bytes = (values: Iterable<Value>): number =>
    [...values].reduce(
      (sum, { shape, dtype }) => sum + elementCount(shape, samples) * bytesPerElement[dtype],
      0,
    );
  return {
    flops: statementsFlops(block.statements, samples, new Set()),
    bytesRead: bytes([...read].filter((value) => !roots.has(value))),
    bytesWritten: bytes(roots),
  };
}

/** Neither arithmetic nor comparison: they move bits or choose. */
const free: ReadonlySet<ScalarFunction> = new Set([
  'select',
  'and',
  'or',
  'not',
  'toFloat',
  'toInt',
  'toBool',
  'bitsToFloat',
  'floatToBits',
  'xor',
  'shiftLeft',
  'shiftRight',
  'shiftRightUnsigned',
]);

const sizeOf = (dim: Dim, samples: number): number => (dim === 'batch' ? samples : dim);

function boundOf({ extent, times = 1, multipleOf = 1 }: Bound, samples: number): number {
  return Math.floor((sizeOf(extent, samples) * times) / multipleOf) * multipleOf;
}

/** `looped` are the variables of the loops around. */
function statementsFlops(
  statements: readonly Statement[],
  samples: number,
  looped: ReadonlySet<string>,
): number {
  return statements.reduce((sum, statement) => sum + statementFlops(statement, samples, looped), 0);
}

function statementFlops(statement: Statement, samples: number, looped: ReadonlySet<string>): number {
  switch (statement.kind) {
    case 'for': {
      const { from, to, step, variable, body } = statement;
      const turns = Math.max(0, Math.ceil((boundOf(to, samples) - boundOf(from, samples)) / step));
      return turns * statementsFlops(body, samples, new Set([...looped, variable]));
    }
    case 'if':
      return (
        flopsOf(statement.condition, samples, new Set()) + statementsFlops(statement.body, samples, looped)
      );
    case 'contract': {
      const own = statement.index
        .flatMap(variablesIn)
        .filter(({ name }, at, all) => all.findIndex((other) => other.name === name) === at);
      const elements = own
        .filter(({ name }) => !looped.has(name))
        .reduce((product, { extent, times = 1 }) => product * sizeOf(extent, samples) * times, 1);
      return elements * flopsOf(statement.value, samples, new Set());
    }
    case 'fill':
      return 0;
    case 'let':
    case 'set':
    case 'store':
      return flopsOf(statement.value, samples, new Set());
  }
}

function variablesIn(index: Index): readonly Extract<Index, { kind: 'var' }>[] {
  switch (index.kind) {
    case 'var':
      return [index];
    case 'const':
      return [];
    case 'add':
      return [...variablesIn(index.a), ...variablesIn(index.b)];
    case 'mul':
    case 'div':
    case 'mod':
      return variablesIn(index.a);
  }
}

/** Expressions share parts, each of which is computed once. */
function flopsOf(scalar: Scalar, samples: number, seen: Set<Scalar>): number {
  if (seen.has(scalar)) return 0;
  seen.add(scalar);
  if (scalar.kind === 'reduce') {
    const terms = sizeOf(scalar.extent, samples) * (1 + flopsOf(scalar.body, samples, new Set()));
    return terms + (scalar.start === undefined ? 0 : flopsOf(scalar.start, samples, seen));
  }
  const own = scalar.kind === 'apply' && !free.has(scalar.fn) ? 1 : 0;
  return scalarInputs(scalar).reduce((sum, input) => sum + flopsOf(input, samples, seen), own);
}
