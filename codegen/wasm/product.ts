/** What a product of matrices is made of: its operands with their strides, and the part of it at hand. */

import { startOf, strideOf } from '../../ir/affine.ts';
import { errors } from '../../ir/errors.ts';
import { type Index, offsetOf } from '../../ir/index-expr.ts';
import type { Statement } from '../../ir/kernel.ts';
import type { Value } from '../../ir/value.ts';
import type { Load } from '../../ir/walk.ts';
import type { Code, FunctionContext } from './function.ts';
import { get, i32, type Local, plain } from './instructions.ts';

export type Contract = Extract<Statement, { kind: 'contract' }>;
type LoopVar = Extract<Index, { kind: 'var' }>;

/** The parts of a product of matrices, with strides in elements. */
export interface Product {
  readonly to: Value;
  readonly index: readonly Index[];
  readonly rows: LoopVar;
  readonly columns: LoopVar;
  readonly terms: LoopVar;
  /** The operand that changes with the rows. */
  readonly left: Operand;
  /** The operand that changes with the columns. */
  readonly right: Operand;
}

export interface Operand {
  readonly from: Value;
  /** Where it starts for the rows, columns and terms at 0. */
  readonly start: Index;
  readonly across: number;
  readonly along: number;
}

export function productOf({ to, index, reduce }: Contract): Product {
  const spatial = index.filter((position): position is LoopVar => position.kind === 'var');
  const columns = spatial[spatial.length - 1];
  const rows = spatial[spatial.length - 2];
  const [x, y] = reduce.body.kind === 'apply' ? reduce.body.args : [];
  if (!rows || !columns || x?.kind !== 'load' || y?.kind !== 'load' || reduce.over.kind !== 'var')
    throw errors.invalid('not a product of matrices');
  const terms = reduce.over;
  const operand = ({ from, index: position }: Load, across: LoopVar): Operand => {
    const offset = offsetOf(position, from.shape);
    return {
      from,
      start: startOf(offset, new Set([across.name, terms.name])),
      across: strideOf(offset, across.name) ?? 0,
      along: strideOf(offset, terms.name) ?? 0,
    };
  };
  const xMovesWithColumns = strideOf(offsetOf(x.index, x.from.shape), columns.name) !== 0;
  const [left, right] = xMovesWithColumns ? [y, x] : [x, y];
  return { to, index, rows, columns, terms, left: operand(left, rows), right: operand(right, columns) };
}

export interface Portion {
  /** The first column. */
  readonly strip: Local;
  readonly first: Local;
  readonly count: Local;
  /** Columns that there are, up to 8. */
  readonly valid: number;
}

export const lanesOf = (valid: number): 4 | 8 => (valid <= 4 ? 4 : 8);

/** base + (variable * stride) * 4. */
export const movedBy = (variable: Local, stride: number): Code =>
  stride === 0 ? [] : [get(variable), i32(stride * 4), plain('i32.mul'), plain('i32.add')];

export const panelAddress = (cx: FunctionContext): Code => [
  ...(cx.panel.pointer ? [get(cx.panel.pointer)] : [i32(0)]),
  i32(cx.panel.offset),
  plain('i32.add'),
];
