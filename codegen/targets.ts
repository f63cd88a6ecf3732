/** The targets, one line each. */

import type { PlannedProgram } from '../ir/kernel.ts';
import { layoutOf } from './ts/layout.ts';
import { emitModule } from './ts/module.ts';
import type { Origin } from './ts/origins.ts';
import { emitWasmModule } from './wasm/module.ts';

/** What `schedule` is told of a target; as in passes/schedule.ts, which targets do not know. */
export interface Abilities {
  readonly tiles: boolean;
  readonly cut?: { readonly cacheBytes: number };
}

export interface TargetOptions {
  /** Fused multiply-add: faster, and other bits than every other target gives. */
  readonly relaxed?: boolean;
  /** Threads that a trainer in WebAssembly is made for; 1 unless given. */
  readonly threads?: number;
  /** What a step computes, as a hash for the layout. */
  readonly fingerprint?: string;
  /** The file that WebAssembly is in, named from where the trainer lies; otherwise it is in the trainer. */
  readonly wasmFile?: string;
}

export interface Emitted {
  /** The trainer as TypeScript. */
  readonly code: string;
  /** Where its lines come from, where they are the computation and not what drives it. */
  readonly origins?: readonly Origin[];
  /** The WebAssembly in it. */
  readonly wasm?: Uint8Array<ArrayBuffer>;
  /** The same as text for people. */
  readonly wat?: () => string;
  /** How threads share a step; absent for one thread. */
  readonly sharing?: string;
}

export interface Target {
  readonly name: string;
  /** What it can do that loops are arranged for. */
  readonly abilities: Abilities;
  readonly emit: (planned: PlannedProgram, options?: TargetOptions) => Emitted;
}

export const targets = {
  ts: {
    name: 'TypeScript',
    abilities: { tiles: false },
    emit: (planned, options = {}) => emitModule(planned, options.fingerprint),
  },
  wasm: {
    name: 'WebAssembly',
    // About the second cache of a core.
    abilities: { tiles: true, cut: { cacheBytes: 2 ** 20 } },
    emit: emitWasmModule,
  },
} as const satisfies Readonly<Record<string, Target>>;

export { hasRelaxedSimd, hasSimd } from './wasm/host.ts';
export type { Origin };
export { layoutOf };
