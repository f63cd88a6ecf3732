/** Tensors of StableHLO: their types and the numbers in them as MLIR spells them, for a batch of a fixed size. */

import { type DType, extentOf, type Shape } from '../../ir/types.ts';

/** The type of a tensor whose sizes are all known. */
export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}

export type ElementType = DType;

const elementNames = { f32: 'f32', f64: 'f64', i32: 'i32', bool: 'i1' } as const;

/** The type of a value when `batch` samples are at hand. */
export const typeOf = (
  value: { readonly shape: Shape; readonly dtype: DType },
  batch: number,
): TensorType => ({
  shape: value.shape.map((dim) => extentOf(dim, batch)),
  dtype: value.dtype,
});

export const scalarOf = (dtype: ElementType): TensorType => ({ shape: [], dtype });

export const showTensor = ({ shape, dtype }: TensorType): string =>
  `tensor<${[...shape, elementNames[dtype]].join('x')}>`;

/** The number, rounded to `dtype`, as an element: decimal digits that give its bits back, or the bits. */
export function elementText(value: number, dtype: ElementType): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (dtype === 'i32') return String(value | 0);
  const rounded = dtype === 'f32' ? Math.fround(value) : value;
  return Number.isFinite(rounded) ? decimalText(rounded, dtype) : bitsText(rounded, dtype);
}

/** With a point, without which MLIR takes a number for a whole one. */
function decimalText(value: number, dtype: 'f32' | 'f64'): string {
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', exponent] = shortest(value, dtype).split('e');
  const mantissa = digits.includes('.') ? digits : `${digits}.0`;
  return exponent === undefined ? mantissa : `${mantissa}e${exponent}`;
}

/** As few digits as will do: nine always do for f32. */
function shortest(value: number, dtype: 'f32' | 'f64'): string {
  if (dtype === 'f64') return String(value);
  for (let precision = 1; precision < 9; precision++) {
    const text = String(Number(value.toPrecision(precision)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}

const scratch = new DataView(new ArrayBuffer(8));

function bitsText(value: number, dtype: 'f32' | 'f64'): string {
  scratch.setFloat64(0, value);
  if (dtype === 'f64') return `0x${scratch.getBigUint64(0).toString(16).toUpperCase().padStart(16, '0')}`;
  scratch.setFloat32(0, value);
  return `0x${scratch.getUint32(0).toString(16).toUpperCase().padStart(8, '0')}`;
}
