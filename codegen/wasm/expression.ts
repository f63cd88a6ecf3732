/** Scalar expressions as instructions, for one element or for four neighbours at once: the same operations in both. */

import { strideOf } from '../../ir/affine.ts';
import { errors } from '../../ir/errors.ts';
import { offsetOf } from '../../ir/index-expr.ts';
import type { Scalar } from '../../ir/scalar.ts';
import { scalarInputs } from '../../ir/scalar.ts';
import { type DType, isFloat } from '../../ir/types.ts';
import { addressCode, indexCode } from './addresses.ts';
import { applyFour } from './apply-four.ts';
import { applyOne } from './apply-one.ts';
import type { Apply, Code, FunctionContext } from './function.ts';
import { get, type Instruction, i32, type Local, plain } from './instructions.ts';
import { numberCode, wasmType } from './operations.ts';

/** Leaves the value of `scalar` on the stack. Parts that are used twice are computed once, those `known` not at all. */
export function scalarCode(
  scalar: Scalar,
  cx: FunctionContext,
  known: ReadonlyMap<Scalar, Local> = new Map(),
): Code {
  const uses = new Map<Scalar, number>();
  const stack: Scalar[] = [scalar];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const count = (uses.get(node) ?? 0) + 1;
    uses.set(node, count);
    if (count === 1) stack.push(...scalarInputs(node));
  }
  return emit(scalar, { cx, uses, known: new Map(known) });
}

interface Emission {
  readonly cx: FunctionContext;
  readonly uses: ReadonlyMap<Scalar, number>;
  readonly known: Map<Scalar, Local>;
}

function emit(scalar: Scalar, emission: Emission): Code {
  const { cx, uses, known } = emission;
  const before = known.get(scalar);
  if (before) return [get(before)];
  const code = emitOnce(scalar, emission);
  if ((uses.get(scalar) ?? 0) < 2 || (scalar.kind !== 'apply' && scalar.kind !== 'load')) return code;
  const local = cx.fresh('shared', wasmType(scalar.dtype, cx.lanes));
  known.set(scalar, local);
  return [...code, { op: 'local.tee', local }];
}

function emitOnce(scalar: Scalar, emission: Emission): Code {
  const { cx } = emission;
  switch (scalar.kind) {
    case 'number':
      return numberCode(scalar.value, scalar.dtype, cx.lanes);
    case 'batch': {
      const type = isFloat(scalar.dtype) ? scalar.dtype : 'i32';
      const convert: Code = type === 'i32' ? [] : [plain(`${type}.convert_i32_s`)];
      return [get(cx.count), ...convert, ...splat(scalar.dtype, cx)];
    }
    case 'index':
      return positionCode(scalar, cx);
    case 'local': {
      const local = cx.scope.get(scalar.name);
      if (!local) throw errors.invalid(`the variable ${scalar.name} is not declared`);
      return [get(local), ...(local.type === 'v128' ? [] : splat(scalar.dtype, cx))];
    }
    case 'load':
      return loadCode(scalar, cx);
    case 'apply': {
      const parts = inStackOrder(scalar).map((arg) => emit(arg, emission));
      return cx.lanes === 4 ? applyFour(scalar, parts, cx) : applyOne(scalar, parts, cx);
    }
    case 'reduce':
      throw errors.invalid('a reduction reached the printer; scheduling turns them into loops');
  }
}

/** From one value to four equal ones. */
function splat(dtype: DType, { lanes }: FunctionContext): Code {
  if (lanes === 1) return [];
  if (dtype === 'bool') return [i32(0), plain('i32.ne'), i32(-1), plain('i32.mul'), plain('i32x4.splat')];
  return [plain(dtype === 'f32' ? 'f32x4.splat' : 'i32x4.splat')];
}

function positionCode(scalar: Extract<Scalar, { kind: 'index' }>, cx: FunctionContext): Code {
  const first = indexCode(scalar.index, cx);
  if (cx.lanes === 1) return first;
  const stride = cx.lane === undefined ? 0 : (strideOf(scalar.index, cx.lane) ?? 0);
  const words = [0, stride, 2 * stride, 3 * stride];
  return [...first, plain('i32x4.splat'), { op: 'v128.const', words }, plain('i32x4.add')];
}

function loadCode({ from, index, dtype }: Extract<Scalar, { kind: 'load' }>, cx: FunctionContext): Code {
  if (from.op === 'input' && from.shape.length === 0) {
    const given = from.attrs.name === 'step' ? cx.step : cx.seed;
    const convert: Code = isFloat(dtype) ? [plain(`${dtype}.convert_i32_s`)] : [];
    return [get(given), ...convert, ...splat(dtype, cx)];
  }
  const { code, offset } = addressCode(from, index, cx);
  const stride = cx.lane === undefined ? 0 : strideOf(offsetOf(index, from.shape), cx.lane);
  if (cx.lanes === 4 && stride === 1) {
    if (dtype !== 'bool') return [...code, { op: 'v128.load', offset }];
    const widen = ['i16x8.extend_low_i8x16_u', 'i32x4.extend_low_i16x8_u'] as const;
    const zero: Code = numberCode(0, 'i32', 4);
    return [...code, { op: 'v128.load32_zero', offset }, ...widen.map(plain), ...zero, plain('i32x4.ne')];
  }
  if (cx.lanes === 4 && dtype !== 'bool') return [...code, { op: 'v128.load32_splat', offset }];
  const load: Instruction =
    dtype === 'bool' ? { op: 'i32.load8_u', offset } : { op: `${dtype}.load`, offset };
  return [...code, load, ...splat(dtype, cx)];
}

/** Operands as instructions want them. A shared part is computed where it comes first, so the order is that of the code. */
function inStackOrder({ fn, args }: Apply): readonly Scalar[] {
  const [condition, ...branches] = args;
  return fn === 'select' && condition ? [...branches, condition] : args;
}
