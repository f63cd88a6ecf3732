/** Integers of loop variables as instructions, and the addresses of elements. */

import { errors } from '../../ir/errors.ts';
import { type Index, offsetOf } from '../../ir/index-expr.ts';
import { accessKey } from '../../ir/lanes.ts';
import { bytesPerElement, type Dim } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import type { Code, FunctionContext } from './function.ts';
import { get, i32, plain } from './instructions.ts';

/** The value of `index`. */
export function indexCode(index: Index, cx: FunctionContext): Code {
  switch (index.kind) {
    case 'const':
      return [i32(index.value)];
    case 'var': {
      const local = cx.scope.get(index.name);
      if (!local) throw errors.invalid(`the loop variable ${index.name} is not declared`);
      return [get(local)];
    }
    case 'add':
      return [...indexCode(index.a, cx), ...indexCode(index.b, cx), plain('i32.add')];
    case 'mul':
      return [...indexCode(index.a, cx), ...dimCode(index.by, cx), plain('i32.mul')];
    case 'div':
      return [...indexCode(index.a, cx), i32(index.by), plain('i32.div_u')];
    case 'mod':
      return [...indexCode(index.a, cx), i32(index.by), plain('i32.rem_u')];
  }
}

export const dimCode = (dim: Dim, cx: FunctionContext): Code =>
  dim === 'batch' ? [get(cx.rows)] : [i32(dim)];

/** The address of an element, and the constant to add to it: memory instructions take that as an immediate. */
export function addressCode(
  value: Value,
  index: readonly Index[],
  cx: FunctionContext,
): { readonly code: Code; readonly offset: number } {
  const ready = cx.addresses?.get(accessKey(value, index));
  if (ready?.pointer) {
    const code = ready.moving
      ? [get(ready.pointer), get(ready.moving), plain('i32.add')]
      : [get(ready.pointer)];
    return { code, offset: ready.offset };
  }
  return offsetAddress(value, offsetOf(index, value.shape), cx);
}

/** The address of the element at a row-major offset. */
export function offsetAddress(
  value: Value,
  offset: Index,
  cx: FunctionContext,
): { readonly code: Code; readonly offset: number } {
  const bytes = bytesPerElement[value.dtype];
  const place = cx.placeOf(value);
  const base = place.pointer ? [get(place.pointer)] : [];
  if (offset.kind === 'const')
    return {
      code: base.length > 0 ? base : [i32(0)],
      offset: place.offset + offset.value * bytes,
    };
  const scaled = [...indexCode(offset, cx), ...(bytes === 1 ? [] : [i32(bytes), plain('i32.mul')])];
  return {
    code: base.length > 0 ? [...base, ...scaled, plain('i32.add')] : scaled,
    offset: place.offset,
  };
}
