/** Functions of one element as instructions. */

import { errors } from '../../ir/errors.ts';
import { isDerived, isHostFunction } from '../../ir/expansions.ts';
import { isFloat } from '../../ir/types.ts';
import type { Apply, Code, FunctionContext } from './function.ts';
import { get, i32, plain } from './instructions.ts';
import { arithmetic, comparisons, numberCode, operation, wasmType } from './operations.ts';

/** The result of a function for one element, from its operands in the order of the stack. */
export function applyOne(scalar: Apply, parts: readonly Code[], cx: FunctionContext): Code {
  const { fn, args, dtype } = scalar;
  const [a = [], b = []] = parts;
  const [first] = args;
  const from = first?.dtype ?? dtype;
  const comparison = comparisons.get(fn);
  if (comparison) {
    const [float, int] = comparison;
    return [...a, ...b, operation(isFloat(from) ? `${from}.${float}` : `i32.${int}`)];
  }
  if (arithmetic.has(fn) && isFloat(dtype)) return [...parts.flat(), operation(`${dtype}.${fn}`)];
  if (isDerived(fn)) {
    const name = isHostFunction(fn, cx.float) ? `host_${fn}` : fn;
    return [...parts.flat(), { op: 'call', name: cx.uses(name) }];
  }
  return ofWholeNumbers(fn, parts, cx) ?? converted(scalar, parts, cx);
}

/** Arithmetic and logic of whole numbers, which wrap around. */
function ofWholeNumbers(
  fn: string,
  [a = [], b = []]: readonly Code[],
  cx: FunctionContext,
): Code | undefined {
  switch (fn) {
    case 'add':
    case 'sub':
    case 'mul':
      return [...a, ...b, plain(`i32.${fn}`)];
    case 'neg':
      return [i32(0), ...a, plain('i32.sub')];
    case 'floor':
      return a;
    case 'abs':
    case 'min':
    case 'max':
      return wholeExtreme(fn, a, b, cx);
    case 'and':
    case 'or':
    case 'xor':
      return [...a, ...b, plain(`i32.${fn}`)];
    case 'not':
      return [...a, plain('i32.eqz')];
    case 'shiftLeft':
      return [...a, ...b, plain('i32.shl')];
    case 'shiftRight':
      return [...a, ...b, plain('i32.shr_s')];
    case 'shiftRightUnsigned':
      return [...a, ...b, plain('i32.shr_u')];
    default:
      return undefined;
  }
}

/** Choices, and numbers as numbers of another type. */
function converted({ fn, args, dtype }: Apply, parts: readonly Code[], cx: FunctionContext): Code {
  const [a = []] = parts;
  const from = args[0]?.dtype ?? dtype;
  switch (fn) {
    case 'select':
      return [...parts.flat(), plain('select')];
    case 'toFloat':
      return from === dtype || isFloat(from) ? a : [...a, operation(`${wasmType(dtype, 1)}.convert_i32_s`)];
    case 'toInt':
      return isFloat(from)
        ? [...a, { op: 'call', name: cx.uses(from === 'f64' ? 'host_toInt' : 'wholeOf') }]
        : a;
    case 'toBool':
      if (from === 'bool') return a;
      return [...a, ...numberCode(0, from, 1), operation(`${wasmType(from, 1)}.ne`)];
    case 'bitsToFloat':
      return [...a, plain('f32.reinterpret_i32')];
    case 'floatToBits':
      return [...a, plain('i32.reinterpret_f32')];
    default:
      throw errors.invalid(`no WebAssembly for ${fn} of ${dtype}`);
  }
}

/** Whole numbers have no instruction for these. */
function wholeExtreme(fn: 'abs' | 'min' | 'max', a: Code, b: Code, cx: FunctionContext): Code {
  const [x, y] = [cx.fresh('a', 'i32'), cx.fresh('b', 'i32')];
  const second: Code = fn === 'abs' ? [i32(0), get(x), plain('i32.sub')] : b;
  return [
    ...a,
    { op: 'local.set', local: x },
    ...second,
    { op: 'local.set', local: y },
    get(x),
    get(y),
    get(x),
    get(y),
    plain(fn === 'min' ? 'i32.lt_s' : 'i32.gt_s'),
    plain('select'),
  ];
}
