/** A tile: 4 rows by 8 columns of a product in registers, from the first term to what is stored. */

import { startOf, strideOf } from '../../ir/affine.ts';
import { offsetOf } from '../../ir/index-expr.ts';
import type { Scalar } from '../../ir/scalar.ts';
import { offsetAddress } from './addresses.ts';
import { countingLoop, withLocal } from './counting.ts';
import { scalarCode } from './expression.ts';
import type { Code, FunctionContext } from './function.ts';
import { get, type Instruction, i32, type Local, plain, set } from './instructions.ts';
import { type Contract, lanesOf, movedBy, type Portion, type Product, panelAddress } from './product.ts';

export function tile(
  statement: Contract,
  product: Product,
  portion: Portion,
  row: Local,
  height: 1 | 4,
  cx: FunctionContext,
): Code {
  const { left } = product;
  const lanes = lanesOf(portion.valid);
  const groups = lanes / 4;
  const sums = Array.from({ length: height * groups }, () => cx.fresh('sum', 'v128'));
  const [read, panel, end] = [cx.fresh('left', 'i32'), cx.fresh('panel', 'i32'), cx.fresh('panelEnd', 'i32')];
  const columns = Array.from({ length: groups }, () => cx.fresh('column', 'v128'));
  const value = cx.fresh('element', 'v128');
  const { code, offset } = offsetAddress(left.from, left.start, cx);
  const body: Instruction[] = [];
  columns.forEach((local, g) => {
    body.push(get(panel), { op: 'v128.load', offset: g * 16 }, set(local));
  });
  for (let r = 0; r < height; r++) {
    body.push(get(read), { op: 'v128.load32_splat', offset: offset + r * left.across * 4 }, set(value));
    columns.forEach((column, g) => {
      const sum = sums[r * groups + g];
      if (!sum) return;
      if (cx.relaxed) body.push(get(value), get(column), get(sum), plain('f32x4.relaxed_madd'));
      else body.push(get(sum), get(value), get(column), plain('f32x4.mul'), plain('f32x4.add'));
      body.push(set(sum));
    });
  }
  body.push(get(read), i32(left.along * 4), plain('i32.add'), set(read));
  return [
    ...sums.flatMap((sum, i) => [...startOfSum(statement, product, portion, row, i, groups, cx), set(sum)]),
    ...code,
    ...movedBy(row, left.across),
    ...movedBy(portion.first, left.along),
    set(read),
    ...panelAddress(cx),
    { op: 'local.tee', local: panel },
    get(portion.count),
    i32(lanes * 4),
    plain('i32.mul'),
    plain('i32.add'),
    set(end),
    ...countingLoop(panel, end, lanes * 4, body),
    ...sums.flatMap((sum, i) => finish(statement, product, portion, { row, sum, i, groups }, cx)),
  ];
}

/** The address of a tile's group of columns in the result. */
function resultAddress(
  { to, index, rows, columns }: Product,
  { strip }: Portion,
  row: Local,
  i: number,
  groups: number,
  cx: FunctionContext,
): { readonly code: Code; readonly offset: number } {
  const whole = offsetOf(index, to.shape);
  const { code, offset } = offsetAddress(to, startOf(whole, new Set([rows.name, columns.name])), cx);
  const stride = strideOf(whole, rows.name) ?? 0;
  return {
    code: [...code, ...movedBy(row, stride), ...movedBy(strip, 1)],
    offset: offset + Math.floor(i / groups) * stride * 4 + (i % groups) * 16,
  };
}

function startOfSum(
  { accumulate }: Contract,
  product: Product,
  portion: Portion,
  row: Local,
  i: number,
  groups: number,
  cx: FunctionContext,
): Code {
  if (!accumulate) return [{ op: 'v128.const', words: [0, 0, 0, 0] }];
  const { code, offset } = resultAddress(product, portion, row, i, groups, cx);
  return [...code, { op: 'v128.load', offset }];
}

interface Sum {
  readonly row: Local;
  readonly sum: Local;
  /** Its number in the tile, row by row. */
  readonly i: number;
  readonly groups: number;
}

/** Computes what becomes of a sum, and stores it. */
function finish(
  { value, reduce }: Contract,
  product: Product,
  portion: Portion,
  { row, sum, i, groups }: Sum,
  cx: FunctionContext,
): Code {
  const { code, offset } = resultAddress(product, portion, row, i, groups, cx);
  const group = i % groups;
  const missing = Math.max(0, (group + 1) * 4 - portion.valid);
  const known = new Map<Scalar, Local>([[reduce, sum]]);
  const before: Instruction[] = [];
  let result = sum;
  if (value !== reduce) {
    const [line, column] = [cx.fresh('line', 'i32'), cx.fresh('place', 'i32')];
    before.push(get(row), i32(Math.floor(i / groups)), plain('i32.add'), set(line));
    before.push(get(portion.strip), i32(group * 4), plain('i32.add'), set(column));
    const here = withLocal(withLocal(cx, product.rows.name, line), product.columns.name, column);
    result = cx.fresh('result', 'v128');
    before.push(...scalarCode(value, { ...here, lanes: 4, lane: product.columns.name }, known), set(result));
  }
  if (missing === 0) return [...before, ...code, get(result), { op: 'v128.store', offset }];
  const stores: Instruction[] = [];
  for (let lane = 0; lane < 4 - missing; lane++) {
    stores.push(...code, get(result), { op: 'f32x4.extract_lane', lane });
    stores.push({ op: 'f32.store', offset: offset + lane * 4 });
  }
  return [...before, ...stores];
}
