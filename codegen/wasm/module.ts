/** Builds the trainer module around a WebAssembly module: types, layout, memory, and step, evaluate and predict on top. */

import type { PlannedProgram } from '../../ir/kernel.ts';
import { valuesOf } from '../../ir/program.ts';
import { extentOf, type Type } from '../../ir/types.ts';
import { blockComment } from '../ts/comments.ts';
import { createConstants } from '../ts/constants.ts';
import { type Driver, printDrivers, type Staged, widthOf } from '../ts/drivers.ts';
import { type Group, groupBlocks } from '../ts/groups.ts';
import { arrayType, layoutOf, printData, printTypes } from '../ts/layout.ts';
import { header, indent } from '../ts/module.ts';
import { type ModuleNames, nameModule } from '../ts/names.ts';
import { encodeModule } from './encode.ts';
import { createHead, declarations, embedded, fromFile, printInstance, rowsOf } from './instance.ts';
import type { WasmModule } from './instructions.ts';
import type { Staging } from './memory.ts';
import { type WasmProgram, wasmProgram } from './program.ts';
import { printWat } from './text.ts';
import { type Grain, usualGrain } from './threads/divide.ts';
import { threadedBody } from './threads/drivers.ts';
import { threadedProgram } from './threads/program.ts';

export interface WasmOptions {
  /** Fused multiply-add where the host has it. */
  readonly relaxed?: boolean;
  /** Room for so many threads over a shared memory; 1 unless given. */
  readonly threads?: number;
  /** How fine the work is cut for them. */
  readonly grain?: Grain;
  /** The WebAssembly lies in this file, named from where the trainer lies, and is loaded with it; otherwise it is in the text. */
  readonly wasmFile?: string;
  /** What a step computes, as a hash for the layout. */
  readonly fingerprint?: string;
}

export interface WasmTrainer {
  readonly code: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** The same as text for people. */
  readonly wat: () => string;
  /** How threads share a step; absent for one thread. */
  readonly sharing?: string;
}

/** What differs between one thread and several. */
interface Form {
  readonly module: WasmModule;
  readonly staging: ReadonlyMap<string, Staging>;
  readonly groups: readonly Group[];
  readonly bindings: readonly string[];
  readonly drivers: readonly string[];
  readonly constants: readonly string[];
  readonly sharing?: string;
}

/** The source text of the trainer, with the WebAssembly in it. Same program, same bytes. */
export function emitWasmModule(planned: PlannedProgram, options: WasmOptions = {}): WasmTrainer {
  const { relaxed = false, threads = 1, grain = usualGrain, wasmFile } = options;
  const { program } = planned;
  const leaves = valuesOf(program).filter((value) => value.op === 'input' || value.op === 'state');
  const names = nameModule(planned, leaves);
  const staged: Staged = new Map(
    program.inputs.map(({ name, shape }) => [
      name,
      {
        array: names.identifiers.claim(`${names.inputs.get(name)}Rows`),
        at: names.identifiers.claim(`${names.inputs.get(name)}At`),
        width: widthOf(shape),
      },
    ]),
  );
  const context: FormContext = { planned, names, staged, relaxed, threads, grain };
  const form = threads > 1 ? severalThreads(context) : oneThread(context);
  const bytes = encodeModule(form.module);
  const text = [...form.constants, ...form.drivers];
  const lines = [
    header(planned),
    '',
    '/** What the trainer holds, for `chainrule/runtime` and for files. */',
    `export const layout = ${printData(layoutOf(planned, options.fingerprint))} as const;`,
    '',
    ...printTypes(program),
    '',
    ...(text.some((line) => line.includes('f32('))
      ? ['/** Rounds to float32. */', 'const f32 = Math.fround;']
      : []),
    ...form.constants,
    '/** Pages of 64 KiB: the arena, the rows of a batch, and room to pack a part of a matrix. */',
    `export const pages = ${form.module.pages};`,
    ...(threads > 1 ? ['/** Threads that there is room for. */', `export const threads = ${threads};`] : []),
    `/** The loops as WebAssembly${relaxed ? ' with relaxed SIMD' : ''}, ${bytes.length} bytes. */`,
    ...(wasmFile === undefined ? embedded(bytes) : fromFile(wasmFile)),
    '',
    ...declarations(threads > 1),
    '',
    ...createHead(threads > 1),
    ...indent([
      ...printInstance(form.module, relaxed, threads > 1),
      ...form.bindings,
      '',
      ...printViews(planned, names, form, staged),
      '',
      ...form.drivers,
    ]),
    '}',
  ];
  return {
    code: `${lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trimEnd()}\n`,
    wasm: bytes,
    wat: () => printWat(form.module),
    ...(form.sharing === undefined ? {} : { sharing: form.sharing }),
  };
}

interface FormContext {
  readonly planned: PlannedProgram;
  readonly names: ModuleNames;
  readonly staged: Staged;
  readonly relaxed: boolean;
  readonly threads: number;
  readonly grain: Grain;
}

/** A function for each group of blocks. */
function oneThread({ planned, names, staged, relaxed }: FormContext): Form {
  const groups = groupBlocks(planned, names);
  const sections = groups.map(({ name, blocks }) => ({ name, doc: name, blocks }));
  const wasm = wasmProgram(planned, sections, { relaxed });
  const calls = groups.map((group) => ({ ...group, parameters: parametersOf(group, wasm) }));
  const constants = createConstants(names.identifiers);
  return {
    ...wasm,
    groups,
    bindings: groups.flatMap((group) => [
      '',
      ...equationsOf(group, planned, names),
      `const ${group.name} = run.${group.name};`,
    ]),
    drivers: printDrivers(planned, names, calls, constants, {
      staged,
      offersColumns: offersColumns(planned, wasm.staging),
    }),
    constants: constants.declarations(),
  };
}

/** A function for each job, in which the groups are cut into what threads can do at once. */
function severalThreads({ planned, names, staged, relaxed, threads, grain }: FormContext): Form {
  const groups = groupBlocks(planned, names);
  const wasm = threadedProgram(planned, groups, { relaxed, threads, grain });
  const jobs = wasm.schedule.jobs.map((job) => ({ ...job, own: names.identifiers.claim(job.name) }));
  const constants = createConstants(names.identifiers);
  const body = (driver: Driver): readonly string[] =>
    threadedBody(
      driver,
      jobs.map((job) => ({ ...job, name: job.own })),
    );
  return {
    ...wasm,
    sharing: wasm.schedule.sharing,
    groups,
    bindings: [
      ...groups.flatMap((group) => ['', `// ${group.name}`, ...equationsOf(group, planned, names)]),
      '',
      '// Each sets all threads to work on its steps; with `join` this thread does its share until all is done.',
      ...jobs.map(({ own, name, first, last }) => `const ${own} = run.${name}; // steps ${first} to ${last}`),
      'const join = run.join;',
    ],
    drivers: printDrivers(planned, names, groups, constants, {
      staged,
      body,
      offersColumns: offersColumns(planned, wasm.staging),
    }),
    constants: constants.declarations(),
  };
}

/** Whether there is room for all columns of the largest batch. */
const offersColumns = ({ program }: PlannedProgram, staging: ReadonlyMap<string, Staging>): boolean =>
  program.inputs.length > 0 && [...staging.values()].every(({ rows }) => rows >= program.maxBatch);

/** The equations that a group computes, as comments. */
const equationsOf = ({ blocks }: Group, planned: PlannedProgram, names: ModuleNames): string[] =>
  blocks.flatMap((block) => {
    if (!block.statements.every(({ kind }) => kind === 'fill'))
      return blockComment(block, planned, names).map((line) => `// ${line}`);
    return block.roots.map((root) => `// ${names.arrays.get(root)} = 0, to grow with each tile`);
  });

/** What the function takes, as it is called in the module. */
function parametersOf({ name, parameters }: Group, { parameters: taken }: WasmProgram): Group['parameters'] {
  return (taken.get(name) ?? []).flatMap((each) =>
    'name' in each
      ? [{ name: each.name, type: 'number' }]
      : parameters.filter(({ column }) => column === each.column),
  );
}

/** The arrays that code outside of the functions reads or writes. */
function printViews(
  { program, states, buffers, blocks, tiling }: PlannedProgram,
  names: ModuleNames,
  { staging, drivers }: Form,
  staged: Staged,
): string[] {
  // A variable may begin or end with a dollar sign, where a pattern sees no bound of a word.
  const words = new Set(drivers.join('\n').match(/[\w$]+/g));
  const array = ({ dtype, shape }: Type, offset: number, rows: number): string => {
    const count = shape.reduce<number>((product, dim) => product * extentOf(dim, rows), 1);
    return `new ${arrayType(dtype)}(memory.buffer, ${offset}, ${count})`;
  };
  const view = (name: string, type: Type, offset: number, rows: number): string =>
    `const ${name} = ${array(type, offset, rows)}; // [${type.shape.join(', ')}]`;
  const own = new Set(names.states.values());
  const isRead = (name: string): boolean => words.has(name);
  const roots = new Set(blocks.flatMap((block) => block.roots));
  const results = [...roots].flatMap((root) => {
    const name = names.arrays.get(root) ?? '';
    return own.has(name) || !isRead(name)
      ? []
      : [view(name, root, buffers.get(root)?.offset ?? 0, tiling?.rows ?? program.maxBatch)];
  });
  const columns = program.inputs.flatMap((input) => {
    const { array: name = '' } = staged.get(input.name) ?? {};
    const { offset = 0, rows = 0 } = staging.get(input.name) ?? {};
    return isRead(name) ? [view(name, input, offset, rows)] : [];
  });
  return [
    '// state',
    ...program.states.map((state) =>
      view(names.states.get(state.name) ?? '', state, states.get(state.name)?.offset ?? 0, 1),
    ),
    '// results',
    ...results,
    '// the columns of a batch',
    ...columns,
    ...(columns.length > 0 ? ['', ...rowsOf] : []),
  ];
}
