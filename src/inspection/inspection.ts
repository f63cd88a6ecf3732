/**
 * What can be seen of a compiled model, as plain data: made where the compiler runs, shown wherever there is a page.
 *
 * Everything that can be pointed at has `keys`, the graph's values that it is about, and most have a `site`, the line of
 * the model. What shares a key or a line is one thing seen from several sides.
 */

/** What the same value is called at every stage: its name, or a hash of its expression. */
export type Key = string;

/** A line of one of the sources, counted from 1. */
export interface Place {
  /** Position in `Inspection.sources`. */
  readonly source: number;
  readonly line: number;
}

export type Role = 'forward' | 'backward' | 'update';

/** Something that can be pointed at. */
export interface Linked {
  /** The values that it is about; the first is the one that it computes or shows. */
  readonly keys: readonly Key[];
  /** The line of the model that the first was written in; of a gradient, the line that it is the gradient of. */
  readonly site?: Place;
}

export interface Inspection {
  readonly model: string;
  readonly dtype: 'f32' | 'f64';
  /** What kernels and memory are scheduled for. */
  readonly target: 'ts' | 'wasm';
  /** Samples per step, for which operations and bytes are counted. */
  readonly batch: number;
  readonly sources: readonly Source[];
  /** The graph as it is written, and after each pass. */
  readonly stages: readonly Stage[];
  /** The trainer, and with WebAssembly its text format. */
  readonly code: readonly CodeFile[];
  readonly derivation: readonly DerivationPart[];
  readonly schedule: Schedule;
  readonly memory: Memory;
  readonly warnings: readonly Warning[];
}

export interface Source {
  /** The name of the file, without its folder. */
  readonly name: string;
  readonly text: string;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
  readonly site?: Place;
}

/** A program between two passes. */
export interface Stage {
  /** `trace`, or the name of the pass. */
  readonly name: string;
  /** One sentence on what the pass does. */
  readonly doc: string;
  readonly graph: Graph;
  /** Equations that fired, in order. */
  readonly equations: readonly Firing[];
  /** Keys of the stage before that are gone. */
  readonly removed: readonly Key[];
  /** The program as text. */
  readonly listing: string;
}

/** One use of one equation. */
export interface Firing {
  /** The equation as it is written: `x*y + x*z = x*(y + z)`. */
  readonly name: string;
  /** The value that it was applied to, of the stage before or made on the way, and what became of it, as text. */
  readonly before: string;
  readonly after: string;
  readonly from: Key;
  readonly to: Key;
  readonly site?: Place;
}

/** A drawing: sizes and places in pixels, from the top left. */
export interface Graph {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** So many letters of a label its node has room for: drawings are made for it, and viewers cut the rest. */
export const longestLabel = 34;

export interface GraphNode extends Linked {
  readonly kind: 'input' | 'state' | 'value' | 'block';
  /** The name, if it has one: `dZ2`. */
  readonly name?: string;
  /** What it does to what the edges bring: `∘ + ∘`, `exp(∘)`. */
  readonly label: string;
  /** What it is, over named values: `A1ᵀ · dZ2`. */
  readonly formula: string;
  /** `f32[batch, 10]`. */
  readonly type: string;
  readonly role: Role;
  /** Of a gradient: the op whose rule it is, and the forward line that it was applied to. */
  readonly rule?: string;
  readonly of?: string;
  /** Next to the stage before; absent where nothing changed. */
  readonly change?: 'added' | 'changed';
  /** The middle of the node. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  /** Positions in `nodes`. */
  readonly from: number;
  readonly to: number;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** It goes straight to where it leads, behind the nodes, because that is far. */
  readonly far?: true;
}

export interface CodeFile {
  /** `digits.trainer.ts`. */
  readonly name: string;
  readonly language: 'ts' | 'wat';
  readonly text: string;
  /** What its lines come from; lines that compute nothing are left out. */
  readonly lines: readonly CodeLine[];
}

export interface CodeLine extends Linked {
  /** Counted from 1. */
  readonly line: number;
  /** Position in `Schedule.blocks` of the block that the line is part of. */
  readonly block: number;
  readonly role: Role;
  /** Whether the line itself stores the first of its keys. */
  readonly stores: boolean;
  readonly rule?: string;
  readonly of?: string;
}

/** A part of the derivation, as markup that holds MathML and escaped text alone. */
export interface DerivationPart extends Linked {
  readonly kind: 'title' | 'section' | 'step' | 'text' | 'formula' | 'list';
  readonly markup: string;
}

export interface Schedule {
  /** How the batch is cut and what threads share, in words. */
  readonly decision: readonly string[];
  /** In order of computation. */
  readonly blocks: readonly BlockRow[];
}

/** What a reader sees as one statement: one or more kernels, fused. */
export interface BlockRow extends Linked {
  readonly name: string;
  readonly role: Role;
  /** `step`, `evaluate`, `predict`. */
  readonly functions: readonly string[];
  readonly phase?: 'before' | 'each' | 'after';
  /** `dZ2 = (A2 - Y) / m`. */
  readonly formula: string;
  readonly type: string;
  /** Why its loops are as they are, in words. */
  readonly decision: string;
  /** Its loops as text. */
  readonly loops: string;
  /** In a whole step with `batch` samples: arithmetic operations, and bytes of arrays that it reads and writes. */
  readonly flops: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export interface Memory {
  readonly arenaBytes: number;
  readonly buffers: readonly BufferRow[];
}

/** A value's place in the arena: bytes on one axis, blocks on the other. */
export interface BufferRow extends Linked {
  readonly name: string;
  readonly kind: 'state' | 'value';
  readonly role: Role;
  readonly type: string;
  readonly offset: number;
  readonly bytes: number;
  /** Positions in `Schedule.blocks`, both included; a result lives one further, until it is read. */
  readonly from: number;
  readonly to: number;
}
