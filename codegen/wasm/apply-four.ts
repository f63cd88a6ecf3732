/** Functions of four neighbouring elements as instructions. */

import { errors } from '../../ir/errors.ts';
import { isDerived } from '../../ir/expansions.ts';
import { isFloat } from '../../ir/types.ts';
import type { Apply, Code, FunctionContext } from './function.ts';
import { get, i32, plain } from './instructions.ts';
import { arithmetic, comparisons, numberCode, operation } from './operations.ts';

const shifts: ReadonlyMap<string, string> = new Map([
  ['shiftLeft', 'shl'],
  ['shiftRight', 'shr_s'],
  ['shiftRightUnsigned', 'shr_u'],
]);

/** The result of a function for four elements, from its operands in the order of the stack. */
export function applyFour(scalar: Apply, parts: readonly Code[], cx: FunctionContext): Code {
  const { fn, args, dtype } = scalar;
  const [a = [], b = []] = parts;
  const shift = shifts.get(fn);
  const amount = args[1];
  // All lanes are shifted by one number.
  if (shift !== undefined && amount?.kind === 'number')
    return [...a, i32(amount.value), operation(`i32x4.${shift}`)];
  const from = args[0]?.dtype ?? dtype;
  const shape = isFloat(dtype) ? 'f32x4' : 'i32x4';
  const comparison = comparisons.get(fn);
  if (comparison) {
    const [float, int] = comparison;
    return [...a, ...b, operation(isFloat(from) ? `f32x4.${float}` : `i32x4.${int}`)];
  }
  if (dtype === 'i32' && (fn === 'min' || fn === 'max')) return [...a, ...b, plain(`i32x4.${fn}_s`)];
  if (dtype === 'i32' && fn === 'floor') return a;
  if (arithmetic.has(fn)) return [...parts.flat(), operation(`${shape}.${fn}`)];
  if (isDerived(fn)) return [...parts.flat(), { op: 'call', name: cx.uses(`${fn}4`) }];
  return chosen(scalar, parts, cx);
}

/** Logic, choices, and numbers as numbers of another type. */
function chosen({ fn, args, dtype }: Apply, parts: readonly Code[], cx: FunctionContext): Code {
  const [a = [], b = []] = parts;
  const from = args[0]?.dtype ?? dtype;
  switch (fn) {
    case 'and':
    case 'or':
    case 'xor':
      return [...a, ...b, plain(`v128.${fn}`)];
    case 'not':
      return [...a, plain('v128.not')];
    case 'select':
      return [...parts.flat(), plain('v128.bitselect')];
    case 'toFloat':
      if (from === 'bool') return [...a, ...numberCode(1, 'f32', 4), plain('v128.and')];
      return isFloat(from) ? a : [...a, plain('f32x4.convert_i32x4_s')];
    case 'toInt':
      if (from === 'bool') return [...a, ...numberCode(1, 'i32', 4), plain('v128.and')];
      return isFloat(from) ? wholeFour(a, cx) : a;
    case 'toBool':
      if (from === 'bool') return a;
      return [...a, ...numberCode(0, from, 4), operation(isFloat(from) ? 'f32x4.ne' : 'i32x4.ne')];
    case 'bitsToFloat':
    case 'floatToBits':
      return a;
    default:
      throw errors.invalid(`no WebAssembly for ${fn} of four ${dtype}`);
  }
}

/** To whole numbers that wrap around as those of JavaScript do: past 2^31 the instruction would stop at the limit. */
function wholeFour(x: Code, cx: FunctionContext): Code {
  const value = cx.fresh('x', 'v128');
  const limit = numberCode(2 ** 31, 'f32', 4);
  return [
    ...x,
    { op: 'local.tee', local: value },
    plain('f32x4.abs'),
    ...limit,
    plain('f32x4.lt'),
    // NaN is not below the limit either, and takes the slow way.
    plain('v128.not'),
    plain('v128.any_true'),
    {
      op: 'if',
      result: 'v128',
      yes: [get(value), { op: 'call', name: cx.uses('wholeOf4') }],
      no: [get(value), plain('i32x4.trunc_sat_f32x4_s')],
    },
  ];
}
