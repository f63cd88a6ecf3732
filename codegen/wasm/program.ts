/** A planned program as a WebAssembly module: each group of blocks is a function over one memory. */

import { type LoopBlock, type PlannedProgram, samplesBefore } from '../../ir/kernel.ts';
import { createLocals, type FunctionContext, type ModuleContext, panelBytes } from './function.ts';
import { helpersFor } from './helpers.ts';
import type { Instruction, Local, WasmFunction, WasmModule } from './instructions.ts';
import { statementsCode } from './loops.ts';
import { pagesFor, placeColumns, placeIn, type Staging } from './memory.ts';

/** Blocks that are one function, and what it is called. */
export interface Section {
  readonly name: string;
  readonly doc: string;
  readonly blocks: readonly LoopBlock[];
}

export interface WasmProgram {
  readonly module: WasmModule;
  readonly staging: ReadonlyMap<string, Staging>;
  /** The parameters of each function, in order. */
  readonly parameters: ReadonlyMap<string, readonly Taken[]>;
}

/** What a function takes: one of `rows`, `n`, `from`, `t` and `seed`, or the address of the rows of a column. */
export type Taken = { readonly name: string } | { readonly column: string };

export function wasmProgram(
  planned: PlannedProgram,
  sections: readonly Section[],
  { relaxed }: { readonly relaxed: boolean },
): WasmProgram {
  const { staging, end } = placeColumns(planned);
  const pointers = new Map(
    planned.program.inputs.map(({ name }): [string, Local] => [name, { name: `${name}At`, type: 'i32' }]),
  );
  const needs = new Set<string>();
  const module: ModuleContext = {
    float: planned.program.float,
    relaxed,
    panel: { offset: end },
    uses(helper) {
      needs.add(helper);
      return helper;
    },
    placeOf: placeIn(planned, pointers),
  };
  const pages = pagesFor(end + panelBytes);
  const made = sections.map((section) =>
    sectionFunction(section, module, { tiled: planned.tiling?.rows !== undefined, pointers }),
  );
  const { functions, imports } = helpersFor(needs, module);
  return {
    module: { imports, functions: [...functions, ...made.map(({ fn }) => fn)], pages, shared: false },
    staging,
    parameters: new Map(made.map(({ fn, taken }) => [fn.name, taken])),
  };
}

/** One function; it takes those of the call's numbers that it needs. */
function sectionFunction(
  { name, doc, blocks }: Section,
  module: ModuleContext,
  { tiled, pointers }: { readonly tiled: boolean; readonly pointers: ReadonlyMap<string, Local> },
): { readonly fn: WasmFunction; readonly taken: readonly Taken[] } {
  const { fresh, all } = createLocals();
  const parameter = (given: string): Local => ({ name: given, type: 'i32' });
  const [count, from] = [parameter('n'), parameter(samplesBefore)];
  const [step, seed] = [parameter('t'), parameter('seed')];
  const rows = tiled ? parameter('rows') : count;
  const scope = new Map([[samplesBefore, from]]);
  const cx: FunctionContext = { ...module, fresh, scope, lanes: 1, rows, count, step, seed };
  const body = blocks.flatMap((block) => statementsCode(block.statements, cx));
  const used = new Set(localsIn(body));
  const numbers = [...new Set([rows, count, from, step, seed])].filter((local) => used.has(local));
  const columns = [...pointers].filter(([, local]) => used.has(local));
  const parameters = [...numbers, ...columns.map(([, local]) => local)];
  return {
    fn: { name, doc, parameters, locals: all, body, exported: true },
    taken: [...numbers.map((local) => ({ name: local.name })), ...columns.map(([column]) => ({ column }))],
  };
}

/** Every variable that instructions mention. */
function localsIn(body: readonly Instruction[]): Local[] {
  return body.flatMap((instruction) => {
    if ('local' in instruction) return [instruction.local];
    if ('body' in instruction) return localsIn(instruction.body);
    if ('yes' in instruction) return [...localsIn(instruction.yes), ...localsIn(instruction.no)];
    return [];
  });
}
