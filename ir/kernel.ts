/** Programs as kernels: which values are computed into memory, in which order, and as which loops. */

import type { Index } from './index-expr.ts';
import type { Program, ProgramFunction } from './program.ts';
import type { Reduce, Scalar } from './scalar.ts';
import type { Dim } from './types.ts';
import type { Role, Value } from './value.ts';

/** One value computed into memory; everything in `inlined` is computed on the way, in registers. */
export interface Kernel {
  readonly root: Value;
  readonly inlined: ReadonlySet<Value>;
  readonly role: Role;
}

/** Kernels that a reader sees as one statement: helpers first, the value it is about last. */
export interface Block {
  readonly name: string;
  readonly kernels: readonly Kernel[];
  readonly role: Role;
  /** Functions that need it. */
  readonly usedBy: ReadonlySet<ProgramFunction['name']>;
}

/** A program cut into blocks, in an order in which all functions can run theirs. */
export interface BlockProgram {
  readonly program: Program;
  readonly blocks: readonly Block[];
}

/** The declarative form of a kernel: the element of the root at an index, loads and reductions spelled out. */
export interface Nest {
  readonly root: Value;
  readonly index: readonly Index[];
  readonly element: Scalar;
}

/** A loop bound: an extent, possibly several times that, or cut down to a multiple. */
export interface Bound {
  readonly extent: Dim;
  readonly times?: number;
  readonly multipleOf?: number;
}

export type Statement =
  | {
      readonly kind: 'for';
      readonly variable: string;
      readonly from: Bound;
      readonly to: Bound;
      readonly step: number;
      readonly body: readonly Statement[];
    }
  | { readonly kind: 'let'; readonly name: string; readonly value: Scalar; readonly mutable: boolean }
  | { readonly kind: 'set'; readonly name: string; readonly value: Scalar }
  | { readonly kind: 'if'; readonly condition: Scalar; readonly body: readonly Statement[] }
  | { readonly kind: 'store'; readonly to: Value; readonly index: readonly Index[]; readonly value: Scalar }
  /**
   * A sum of products that the target computes in tiles of registers: `to`[index] = value, in which `reduce` is the sum over
   * all of its terms in ascending order. When it accumulates, value is reduce and the terms are added to what is there.
   */
  | {
      readonly kind: 'contract';
      readonly to: Value;
      readonly index: readonly Index[];
      readonly reduce: Reduce;
      readonly value: Scalar;
      readonly accumulate: boolean;
    }
  /** Sets the elements below the leading `at` axes to one number. */
  | { readonly kind: 'fill'; readonly to: Value; readonly at: readonly Index[]; readonly value: number };

/** When a block runs in a step that is made tile by tile: once before all tiles, for each, or once after them. */
export type Phase = 'before' | 'each' | 'after';

/** A block as loops. */
export interface LoopBlock extends Omit<Block, 'kernels'> {
  readonly roots: readonly Value[];
  readonly statements: readonly Statement[];
  /** Values whose storage the block may reuse for a root, because it reads them at the root's own index only. */
  readonly inPlace: readonly { readonly root: Value; readonly over: Value }[];
  /** Only where the program is made tile by tile. */
  readonly phase?: Phase;
}

/** The variable that holds how many samples the tiles before have had. */
export const samplesBefore = 'from';

/** Where a value lives in the arena. */
export interface Buffer {
  readonly offset: number;
  readonly bytes: number;
}

export interface LoopProgram {
  readonly program: Program;
  readonly blocks: readonly LoopBlock[];
  /** How the batch is cut, and why so. */
  readonly tiling?: Tiling;
}

export interface Tiling {
  /** Samples per tile; absent when the whole batch is computed layer by layer. */
  readonly rows?: number;
  readonly because: string;
}

/** A program ready for a target. */
export interface PlannedProgram extends LoopProgram {
  /** Exact size of the arena: state first, then everything else. */
  readonly arenaBytes: number;
  readonly states: ReadonlyMap<string, Buffer>;
  /** Storage of every value that a block computes; updated states share their state's. */
  readonly buffers: ReadonlyMap<Value, Buffer>;
  /** Updates that could not be made in place: copied into the state at the end of the step. */
  readonly copies: readonly { readonly state: string; readonly from: Value }[];
}
