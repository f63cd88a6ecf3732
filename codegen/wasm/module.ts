/** Builds the trainer module around a WebAssembly module: types, layout, memory, and step, evaluate and predict on top. */

import type { PlannedProgram } from '../../ir/kernel.ts';
import { valuesOf } from '../../ir/program.ts';
import { extentOf, type Type } from '../../ir/types.ts';
import { blockComment } from '../ts/comments.ts';
import { createConstants } from '../ts/constants.ts';
import { printDrivers, type Staged, widthOf } from '../ts/drivers.ts';
import { type Group, groupBlocks } from '../ts/groups.ts';
import { arrayType, layoutOf, printData, printTypes } from '../ts/layout.ts';
import { textLiteral } from '../ts/literal.ts';
import { header, indent } from '../ts/module.ts';
import { type ModuleNames, nameModule } from '../ts/names.ts';
import { encodeModule } from './encode.ts';
import { type WasmProgram, wasmProgram } from './program.ts';

export interface WasmOptions {
  /** Fused multiply-add where the host has it. */
  readonly relaxed?: boolean;
}

export interface WasmTrainer {
  readonly code: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
}

/** The source text of the trainer, with the WebAssembly in it. Same program, same bytes. */
export function emitWasmModule(planned: PlannedProgram, { relaxed = false }: WasmOptions = {}): WasmTrainer {
  const { program } = planned;
  const leaves = valuesOf(program).filter((value) => value.op === 'input' || value.op === 'state');
  const names = nameModule(planned, leaves);
  const groups = groupBlocks(planned, names);
  const sections = groups.map(({ name, blocks }) => ({ name, doc: name, blocks }));
  const wasm = wasmProgram(planned, sections, { relaxed });
  const bytes = encodeModule(wasm.module);
  const constants = createConstants(names.identifiers);
  const calls = groups.map((group) => ({ ...group, parameters: parametersOf(group, wasm) }));
  const staged: Staged = new Map(
    program.inputs.map(({ name, shape }) => [
      name,
      { array: names.identifiers.claim(`${names.inputs.get(name)}Rows`), width: widthOf(shape) },
    ]),
  );
  const drivers = printDrivers(planned, names, calls, constants, staged);
  const lines = [
    header(planned),
    '',
    '/** What the trainer holds, for `chainrule/runtime` and for files. */',
    `export const layout = ${printData(layoutOf(planned))} as const;`,
    '',
    ...printTypes(program),
    '',
    ...([...constants.declarations(), ...drivers].some((line) => line.includes('f32('))
      ? ['/** Rounds to float32. */', 'const f32 = Math.fround;']
      : []),
    ...constants.declarations(),
    `/** Pages of 64 KiB: the arena, the rows of a batch, and room to pack a part of a matrix. */`,
    `export const pages = ${wasm.module.pages};`,
    `/** The loops as WebAssembly${relaxed ? ' with relaxed SIMD' : ''}, ${bytes.length} bytes. */`,
    `const code = '${Buffer.from(bytes).toString('base64')}';`,
    '',
    ...declarations,
    '',
    '/** Views into one memory and the functions over them; nothing is allocated after this. */',
    'export function create(memory: Memory = new WebAssembly.Memory({ initial: pages })) {',
    ...indent([
      ...printInstance(wasm, relaxed),
      ...groups.flatMap((group) => ['', ...printBinding(group, planned, names)]),
      '',
      ...printViews(planned, names, wasm, staged, drivers.join('\n')),
      '',
      ...drivers,
    ]),
    '}',
  ];
  return {
    code: `${lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd()}\n`,
    wasm: bytes,
  };
}

/** What every host of WebAssembly has, whatever the types of the project around know of it. */
const declarations: readonly string[] = [
  'type Memory = { readonly buffer: ArrayBuffer };',
  'declare const WebAssembly: {',
  '  readonly Memory: new (size: { initial: number }) => Memory;',
  '  readonly validate: (bytes: Uint8Array<ArrayBuffer>) => boolean;',
  '  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;',
  '  readonly Instance: new (module: object, imports: object) => { readonly exports: object };',
  '};',
];

/** Only what the function takes, and the columns it reads, which are copied before. */
function parametersOf({ name, parameters }: Group, { parameters: taken }: WasmProgram): Group['parameters'] {
  const names = taken.get(name) ?? [];
  return [
    ...names.map((parameter) => ({ name: parameter, type: 'number' })),
    ...parameters.filter(({ column }) => column !== undefined),
  ];
}

const noSimd = 'This host has no WebAssembly SIMD. Compile the model with --target ts.';
const noRelaxed =
  'This host has no relaxed WebAssembly SIMD (Node 20: start it with --experimental-wasm-relaxed-simd). Compile the model without --relaxed.';

function printInstance({ module }: WasmProgram, relaxed: boolean): string[] {
  const host = module.imports.map(({ name }) =>
    name === 'host_toInt' ? `${name}: (x: number) => x | 0` : `${name}: Math.${name.slice('host_'.length)}`,
  );
  const imports = ['env: { memory }', ...(host.length > 0 ? [`math: { ${host.join(', ')} }`] : [])];
  return [
    'const bytes = Uint8Array.from(atob(code), (unit) => unit.charCodeAt(0));',
    'if (!WebAssembly.validate(bytes))',
    `  throw new Error(${textLiteral(relaxed ? noRelaxed : noSimd)});`,
    `const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { ${imports.join(', ')} });`,
    'const run = instance.exports as { readonly [name: string]: (...numbers: number[]) => void };',
  ];
}

/** The function of a group, under the equations that it computes. */
function printBinding({ name, blocks }: Group, planned: PlannedProgram, names: ModuleNames): string[] {
  return [
    ...blocks.flatMap((block) => blockComment(block, planned, names).map((line) => `// ${line}`)),
    `const ${name} = run.${name};`,
  ];
}

/** The arrays that code outside of the functions reads or writes. */
function printViews(
  { program, states, buffers, blocks, tiling }: PlannedProgram,
  names: ModuleNames,
  { staging }: WasmProgram,
  staged: Staged,
  text: string,
): string[] {
  const view = (name: string, { dtype, shape }: Type, offset: number, rows: number): string => {
    const count = shape.reduce<number>((product, dim) => product * extentOf(dim, rows), 1);
    return `const ${name} = new ${arrayType(dtype)}(memory.buffer, ${offset}, ${count}); // [${shape.join(', ')}]`;
  };
  const own = new Set(names.states.values());
  const isRead = (name: string): boolean => new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`).test(text);
  const roots = new Set(blocks.flatMap((block) => block.roots));
  const results = [...roots].flatMap((root) => {
    const name = names.arrays.get(root) ?? '';
    return own.has(name) || !isRead(name)
      ? []
      : [view(name, root, buffers.get(root)?.offset ?? 0, tiling?.rows ?? program.maxBatch)];
  });
  const columns = program.inputs.flatMap((input) => {
    const { array = '' } = staged.get(input.name) ?? {};
    const { offset = 0, rows = 0 } = staging.get(input.name) ?? {};
    return isRead(array) ? [view(array, input, offset, rows)] : [];
  });
  return [
    '// state',
    ...program.states.map((state) =>
      view(names.states.get(state.name) ?? '', state, states.get(state.name)?.offset ?? 0, 1),
    ),
    '// results',
    ...results,
    '// the rows of a batch',
    ...columns,
  ];
}
