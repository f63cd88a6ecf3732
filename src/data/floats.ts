/** The two float widths a dataset can hold, and how arrays of them are made. */

/** `f32` for production runs, `f64` where a float64 reference must be matched digit for digit. */
export type FloatDtype = 'f32' | 'f64';

/** A zeroed array of `length` floats of the wanted width. */
export function floatArray(dtype: FloatDtype, length: number): Float32Array | Float64Array {
  return dtype === 'f32' ? new Float32Array(length) : new Float64Array(length);
}

/** Bytes 0..255 as byte/255 in the wanted width (f32 is the rounding of the double quotient). */
export function unitFloats(dtype: FloatDtype, bytes: Uint8Array): Float32Array | Float64Array {
  const table = floatArray(dtype, 256);
  for (let byte = 0; byte < 256; byte++) table[byte] = byte / 255;
  const out = floatArray(dtype, bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = table[bytes[i] ?? 0] ?? 0;
  return out;
}
