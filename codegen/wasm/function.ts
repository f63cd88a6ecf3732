/** A function under construction: its variables, and what its instructions need of the module around it. */

import type { Statement } from '../../ir/kernel.ts';
import type { Scalar } from '../../ir/scalar.ts';
import type { Float } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import type { Instruction, Local, WasmType } from './instructions.ts';

/** Where an array begins: at a fixed byte, or so many bytes after what a variable holds. */
export interface Place {
  readonly pointer?: Local;
  readonly offset: number;
}

/** What all functions of a module share. */
export interface ModuleContext {
  readonly float: Float;
  readonly placeOf: (value: Value) => Place;
  /** Told of every helper that is called, `4` behind its name for four lanes; gives the name to call. */
  readonly uses: (helper: string) => string;
  /** Fused multiply-add where the host has it: faster, and other bits. */
  readonly relaxed: boolean;
  /** Where a function may pack operands: `panelBytes` bytes. */
  readonly panel: Place;
}

/** The part of a loop that one call runs through, where several threads share it. */
export interface Part {
  readonly of: Statement;
  /** For a product of matrices: of its rows, or of its columns. */
  readonly along?: 'rows' | 'columns';
  readonly from: Local;
  readonly to: Local;
}

export interface FunctionContext extends ModuleContext {
  readonly fresh: (stem: string, type: WasmType) => Local;
  /** Loop variables and declared ones, by name. */
  readonly scope: ReadonlyMap<string, Local>;
  /** 4 where variables hold four neighbouring elements. */
  readonly lanes: 1 | 4;
  /** The loop variable that lanes are neighbours in. */
  readonly lane?: string;
  /** Samples at hand: what loops over the batch run to. */
  readonly rows: Local;
  /** The size of the batch. */
  readonly count: Local;
  readonly step: Local;
  readonly seed: Local;
  readonly part?: Part;
  /** Where a loop over elements has pointers ready: instructions that give the address, by access. */
  readonly addresses?: ReadonlyMap<string, Place & { readonly moving?: Local }>;
}

export const panelBytes = 1024 * 32;

/** Declares variables, each with a name of its own. */
export function createLocals(): { readonly fresh: FunctionContext['fresh']; readonly all: readonly Local[] } {
  const counts = new Map<string, number>();
  const all: Local[] = [];
  return {
    all,
    fresh(stem, type) {
      const count = (counts.get(stem) ?? 0) + 1;
      counts.set(stem, count);
      const local: Local = { name: count === 1 ? stem : `${stem}_${count}`, type };
      all.push(local);
      return local;
    },
  };
}

export type Code = readonly Instruction[];

export type Apply = Extract<Scalar, { kind: 'apply' }>;
