/** The text around the WebAssembly in an emitted module: types, memory, and the instance. */

import { textLiteral } from '../ts/literal.ts';
import type { WasmModule } from './instructions.ts';

/** What every host of WebAssembly has, whatever the types of the project around know of it. */
export const declarations = (shared: boolean): readonly string[] => [
  'type Column = Float32Array | Float64Array | Int32Array;',
  `type Memory = { readonly buffer: ${shared ? 'ArrayBufferLike' : 'ArrayBuffer'} };`,
  ...(shared
    ? [
        '/** Other threads: they instantiate the module over the memory and call its `help`. */',
        'type Team = { readonly help: (module: object, memory: Memory) => void };',
      ]
    : []),
  'declare const WebAssembly: {',
  `  readonly Memory: new (size: { initial: number${shared ? '; maximum: number; shared: true' : ''} }) => Memory;`,
  '  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;',
  '  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;',
  '  readonly Instance: new (module: object, imports: object) => { readonly exports: object };',
  '};',
];

/** In `create`: gives the functions the address of their rows. */
export const rowsOf: readonly string[] = [
  '/** The address of some rows: where they are if that is in this memory, else of a copy in `columns`. */',
  'function rowsOf(column: Column, copy: Column, begin: number, end: number): number {',
  '  if (column.buffer === memory.buffer) return column.byteOffset + begin * column.BYTES_PER_ELEMENT;',
  '  copy.set(column.subarray(begin, end));',
  '  return copy.byteOffset;',
  '}',
];

/** The first lines of `create`, and the function that it gets its memory from. */
export const createHead = (shared: boolean): readonly string[] => [
  '/** Memory for one trainer. */',
  'function newMemory(): Memory {',
  '  try {',
  `    return new WebAssembly.Memory({ initial: pages${shared ? ', maximum: pages, shared: true' : ''} });`,
  '  } catch {',
  `    throw new Error(\`This host refuses the \${pages} pages of 64 KiB that the trainer needs. ${smaller}\`);`,
  '  }',
  '}',
  '',
  ...(shared
    ? [
        '/** Views into one memory and the functions over it, alone or with a team; nothing is allocated after this. */',
        'export function create(memory: Memory = newMemory(), team?: Team) {',
      ]
    : [
        '/** Views into one memory and the functions over them; nothing is allocated after this. */',
        'export function create(memory: Memory = newMemory()) {',
      ]),
];
const smaller = 'Compile the model for smaller batches.';

const noSimd = 'This host has no WebAssembly SIMD. Compile the model with --target ts.';
const noRelaxed =
  'This host has no relaxed WebAssembly SIMD (Node 20: start it with --experimental-wasm-relaxed-simd). Compile the model without --relaxed.';
const noThreads = 'This host has no WebAssembly SIMD with threads. Compile the model without --threads.';

export function printInstance({ imports }: WasmModule, relaxed: boolean, shared: boolean): string[] {
  const host = imports.map(({ name }) =>
    name === 'host_toInt' ? `${name}: (x: number) => x | 0` : `${name}: Math.${name.slice('host_'.length)}`,
  );
  const given = ['env: { memory }', ...(host.length > 0 ? [`math: { ${host.join(', ')} }`] : [])];
  return [
    'if (!WebAssembly.validate(bytes))',
    `  throw new Error(${textLiteral(relaxed ? noRelaxed : shared ? noThreads : noSimd)});`,
    'const module = new WebAssembly.Module(bytes);',
    `const instance = new WebAssembly.Instance(module, { ${given.join(', ')} });`,
    ...(shared ? ['team?.help(module, memory);'] : []),
    'const run = instance.exports as { readonly [name: string]: (...numbers: number[]) => void };',
  ];
}

/** The bytes as base64. */
export const embedded = (bytes: Uint8Array<ArrayBuffer>): readonly string[] => [
  `const code = '${base64(bytes)}';`,
  'const bytes = Uint8Array.from(atob(code), (unit) => unit.charCodeAt(0));',
];

/** Made in pieces, because a call has room for some ten thousand arguments. */
function base64(bytes: Uint8Array<ArrayBuffer>): string {
  const piece = 2 ** 13;
  let text = '';
  for (let at = 0; at < bytes.length; at += piece)
    text += String.fromCharCode(...bytes.subarray(at, at + piece));
  return btoa(text);
}

/** The bytes from a file beside the module, in Node and in browsers; bundlers know such a URL for a file to bring along. */
export const fromFile = (file: string): readonly string[] => [
  `const url = new URL(${textLiteral(`./${file}`)}, import.meta.url);`,
  "const bytes = url.protocol === 'file:' ? await read(url) : await download(url);",
  '',
  'async function read(url: URL): Promise<Uint8Array<ArrayBuffer>> {',
  '  // Not a literal, because bundlers for browsers look for what is imported, and there is no such module.',
  "  const name = 'node:fs/promises';",
  '  const { readFile } = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);',
  '  return new Uint8Array(await readFile(url));',
  '}',
  '',
  'async function download(url: URL): Promise<Uint8Array<ArrayBuffer>> {',
  '  const response = await fetch(url);',
  "  if (!response.ok) throw new Error(url + ' cannot be loaded: status ' + response.status);",
  '  return new Uint8Array(await response.arrayBuffer());',
  '}',
];
