/** Options that several commands have, and what is said about their values. */

import type { OptionSpec } from './command.ts';

export const dtype: OptionSpec = {
  name: 'dtype',
  value: 'f32|f64',
  about: 'precision of every float (default f32)',
};
export const target: OptionSpec = {
  name: 'target',
  value: 'ts|wasm|auto',
  about: 'what is emitted: TypeScript to read, or WebAssembly SIMD of the same bits (default ts)',
};
export const relaxed: OptionSpec = {
  name: 'relaxed',
  about: 'WebAssembly with fused multiply-add: faster, and other bits on other machines',
};
export const threads: OptionSpec = {
  name: 'threads',
  value: 'N',
  about: 'threads that share each step of WebAssembly; the same bits for any number (default 1)',
};
export const json: OptionSpec = { name: 'json', about: 'print JSON only, one object per line' };
export const data: OptionSpec = { name: 'data', value: 'SPEC', about: 'data set, see below' };
export const weights: OptionSpec = {
  name: 'weights',
  value: 'FILE',
  about: 'weights.safetensors of a training',
};

export const force: OptionSpec = { name: 'force', about: 'write over files that chainrule has not written' };

export const specs: readonly string[] = [
  'SPEC is one of',
  '  digits, moons, spirals, blobs          made on the spot; moons?count=2000&noise=0.2&seed=3',
  '  mnist                                  downloaded once; mnist:DIR reads its four files from DIR',
  '  csv:FILE?label=COLUMN                  with a header row; add &test=0.2 to hold out a part',
];
