/** What the WebAssembly of this host can do. */

/** The types of this project are those of Node and browsers alike, which do not have it. */
declare const WebAssembly: { readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean } | undefined;

/** A module whose only function has `body`. */
const moduleOf = (body: readonly number[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x0a, body.length + 4, 0x01, body.length + 2, 0x00, ...body, 0x0b],
  ]);

const zero = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)];

const accepts = (body: readonly number[]): boolean =>
  typeof WebAssembly === 'undefined' ? false : WebAssembly.validate(moduleOf(body));

/** Four floats at a time. */
export const hasSimd = (): boolean => accepts(zero);

/** `f32x4.relaxed_madd`. Node 20 has it behind the flag `--experimental-wasm-relaxed-simd`. */
export const hasRelaxedSimd = (): boolean => accepts([...zero, ...zero, ...zero, 0xfd, 0x85, 0x02]);
