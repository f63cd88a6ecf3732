/** A planned program as a WebAssembly module: each group of blocks is a function over one memory. */

import { errors } from '../../ir/errors.ts';
import { type LoopBlock, type PlannedProgram, samplesBefore } from '../../ir/kernel.ts';
import { bytesPerElement, elementCount } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import {
  createLocals,
  type FunctionContext,
  type ModuleContext,
  type Place,
  panelBytes,
} from './function.ts';
import { helpersFor } from './helpers.ts';
import type { Instruction, Local, WasmFunction, WasmModule } from './instructions.ts';
import { statementsCode } from './loops.ts';

/** Blocks that are one function, and what it is called. */
export interface Section {
  readonly name: string;
  readonly doc: string;
  readonly blocks: readonly LoopBlock[];
}

/** Where the rows of a column are put. */
export interface Staging {
  readonly offset: number;
  readonly rows: number;
}

export interface WasmProgram {
  readonly module: WasmModule;
  readonly staging: ReadonlyMap<string, Staging>;
  /** The parameters of each function, in order: some of `rows`, `n`, `from`, `t` and `seed`. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
}

const pageBytes = 65536;
const align = (bytes: number): number => Math.ceil(bytes / 16) * 16;

export function wasmProgram(
  planned: PlannedProgram,
  sections: readonly Section[],
  { relaxed }: { readonly relaxed: boolean },
): WasmProgram {
  const { program, states, buffers } = planned;
  const staging = new Map<string, Staging>();
  const rows = planned.tiling?.rows ?? program.maxBatch;
  let end = align(planned.arenaBytes);
  for (const input of program.inputs) {
    staging.set(input.name, { offset: end, rows });
    end += align(elementCount(input.shape, rows) * bytesPerElement[input.dtype]);
  }
  const needs = new Set<string>();
  const module: ModuleContext = {
    float: program.float,
    relaxed,
    panel: { offset: end },
    uses(helper) {
      needs.add(helper);
      return helper;
    },
    placeOf(value: Value): Place {
      const name = String(value.attrs.name);
      const place =
        value.op === 'state'
          ? states.get(name)
          : value.op === 'input'
            ? staging.get(name)
            : buffers.get(value);
      if (!place) throw errors.invalid(`${value.op} ${name} has no place in memory`);
      return { offset: place.offset };
    },
  };
  const pages = Math.ceil((end + panelBytes) / pageBytes);
  if (pages > pageBytes) throw errors.tooLarge('the memory of the model', `${pages} pages`);
  const made = sections.map((section) =>
    sectionFunction(section, module, planned.tiling?.rows !== undefined),
  );
  const { functions, imports } = helpersFor(needs, module);
  return {
    module: { imports, functions: [...functions, ...made.map(({ fn }) => fn)], pages, shared: false },
    staging,
    parameters: new Map(made.map(({ fn, names }) => [fn.name, names])),
  };
}

/** One function; it takes those of the call's numbers that it needs. */
function sectionFunction(
  { name, doc, blocks }: Section,
  module: ModuleContext,
  tiled: boolean,
): { readonly fn: WasmFunction; readonly names: readonly string[] } {
  const { fresh, all } = createLocals();
  const parameter = (given: string): Local => ({ name: given, type: 'i32' });
  const [count, from] = [parameter('n'), parameter(samplesBefore)];
  const [step, seed] = [parameter('t'), parameter('seed')];
  const rows = tiled ? parameter('rows') : count;
  const scope = new Map([[samplesBefore, from]]);
  const cx: FunctionContext = { ...module, fresh, scope, lanes: 1, rows, count, step, seed };
  const body = blocks.flatMap((block) => statementsCode(block.statements, cx));
  const used = new Set(localsIn(body));
  const parameters = [...new Set([rows, count, from, step, seed])].filter((local) => used.has(local));
  return {
    fn: { name, doc, parameters, locals: all, body, exported: true },
    names: parameters.map((local) => local.name),
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
