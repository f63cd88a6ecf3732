/**
 * Matrix products in tiles of registers: 4 rows by 8 columns of the result stay in registers while the terms are added in
 * ascending order. 8 columns of the second operand at a time are packed side by side, so that they lie in the first cache.
 *
 * K. Goto and R. van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008. Larger tiles or unrolling make
 * engines keep registers in memory.
 */

import { dimCode, offsetAddress } from './addresses.ts';
import { countingLoop } from './counting.ts';
import { type Code, type FunctionContext, type Part, panelBytes } from './function.ts';
import { get, type Instruction, i32, type Local, plain, set } from './instructions.ts';
import {
  type Contract,
  lanesOf,
  movedBy,
  type Portion,
  type Product,
  panelAddress,
  productOf,
} from './product.ts';
import { tile } from './tile.ts';

/** Terms per packed panel of 8 columns. */
export const maxTerms = panelBytes / 32;

export function contractCode(statement: Contract, cx: FunctionContext): Code {
  const product = productOf(statement);
  const { columns } = product;
  const width = typeof columns.extent === 'number' ? columns.extent : 0;
  const rest = width % 8;
  const full = width - rest;
  const strip = cx.fresh(columns.name, 'i32');
  const end = cx.fresh(`${columns.name}End`, 'i32');
  const run = (valid: number): Code => blocksOfTerms(statement, product, strip, valid, cx);
  const part = partAlong('columns', statement, cx);
  const isLast: Code = part
    ? [get(strip), i32(full), plain('i32.eq'), get(strip), get(part.to), plain('i32.lt_s'), plain('i32.and')]
    : [];
  return [
    ...(part ? [get(part.from)] : [i32(0)]),
    set(strip),
    ...(full > 0 ? [...smaller(i32(full), part?.to), set(end), ...countingLoop(strip, end, 8, run(8))] : []),
    ...(rest === 0 ? [] : part ? [...isLast, { op: 'if', yes: run(rest), no: [] } as const] : run(rest)),
  ];
}

const partAlong = (
  along: 'rows' | 'columns',
  statement: Contract,
  { part }: FunctionContext,
): Part | undefined => (part?.of === statement && part.along === along ? part : undefined);

/** `bound`, or what `other` holds if that is less. */
const smaller = (bound: Instruction, other: Local | undefined): Code =>
  other ? [bound, get(other), bound, get(other), plain('i32.lt_s'), plain('select')] : [bound];

/** Terms in portions that fit the panel. Where there are several, sums wait in memory in between. */
function blocksOfTerms(
  statement: Contract,
  product: Product,
  strip: Local,
  valid: number,
  cx: FunctionContext,
): Code {
  const { extent } = product.terms;
  const first = cx.fresh('first', 'i32');
  const count = cx.fresh('terms', 'i32');
  const inner = (): Code => [
    ...pack(product, { strip, first, count, valid }, cx),
    ...rowsOfTiles(statement, product, { strip, first, count, valid }, cx),
  ];
  if (!statement.accumulate) return [i32(0), set(first), ...dimCode(extent, cx), set(count), ...inner()];
  const end = cx.fresh('termsEnd', 'i32');
  const left: Code = [get(end), get(first), plain('i32.sub')];
  return [
    i32(0),
    set(first),
    ...dimCode(extent, cx),
    set(end),
    ...countingLoop(first, end, maxTerms, [
      ...left,
      i32(maxTerms),
      ...left,
      i32(maxTerms),
      plain('i32.lt_s'),
      plain('select'),
      set(count),
      ...inner(),
    ]),
  ];
}

/** Copies the strip's columns of the right operand into the panel, term by term; columns that are not there are 0. */
function pack({ right }: Product, { strip, first, count, valid }: Portion, cx: FunctionContext): Code {
  const lanes = lanesOf(valid);
  const [read, write, end] = [cx.fresh('read', 'i32'), cx.fresh('write', 'i32'), cx.fresh('writeEnd', 'i32')];
  const { code, offset } = offsetAddress(right.from, right.start, cx);
  const body: Instruction[] = [];
  const whole = right.across === 1 ? valid - (valid % 4) : 0;
  for (let lane = 0; lane < whole; lane += 4) {
    body.push(get(write), get(read), { op: 'v128.load', offset: offset + lane * 4 });
    body.push({ op: 'v128.store', offset: lane * 4 });
  }
  for (let lane = whole; lane < lanes; lane++) {
    const at = offset + lane * right.across * 4;
    body.push(get(write));
    if (lane < valid) body.push(get(read), { op: 'f32.load', offset: at });
    else body.push({ op: 'f32.const', value: 0 });
    body.push({ op: 'f32.store', offset: lane * 4 });
  }
  body.push(get(read), i32(right.along * 4), plain('i32.add'), set(read));
  return [
    ...code,
    ...movedBy(strip, right.across),
    ...movedBy(first, right.along),
    set(read),
    ...panelAddress(cx),
    { op: 'local.tee', local: write },
    get(count),
    i32(lanes * 4),
    plain('i32.mul'),
    plain('i32.add'),
    set(end),
    ...countingLoop(write, end, lanes * 4, body),
  ];
}

/** Four rows at a time, the rest one by one. */
function rowsOfTiles(statement: Contract, product: Product, portion: Portion, cx: FunctionContext): Code {
  const { extent, name } = product.rows;
  const row = cx.fresh(name, 'i32');
  const [whole, end] = [cx.fresh(`${name}Whole`, 'i32'), cx.fresh(`${name}End`, 'i32')];
  const tiles = (height: 1 | 4): Code => tile(statement, product, portion, row, height, cx);
  const few = typeof extent === 'number' && extent < 4;
  const exact = typeof extent === 'number' && extent % 4 === 0;
  const part = partAlong('rows', statement, cx);
  return [
    // A part begins at a multiple of 4.
    ...(part ? [get(part.from)] : [i32(0)]),
    set(row),
    ...(part ? [get(part.to)] : dimCode(extent, cx)),
    { op: 'local.tee', local: end },
    i32(-4),
    plain('i32.and'),
    set(whole),
    ...(few ? [] : countingLoop(row, whole, 4, tiles(4))),
    ...(exact ? [] : countingLoop(row, end, 1, tiles(1))),
  ];
}
