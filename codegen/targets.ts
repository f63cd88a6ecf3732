/** The targets, one line each. */

import type { PlannedProgram } from '../ir/kernel.ts';
import { layoutOf } from './ts/layout.ts';
import { emitModule } from './ts/module.ts';
import { emitWasmModule } from './wasm/module.ts';

export interface TargetOptions {
  /** Fused multiply-add: faster, and other bits than every other target gives. */
  readonly relaxed?: boolean;
}

export interface Emitted {
  /** The trainer as TypeScript. */
  readonly code: string;
  /** The WebAssembly in it. */
  readonly wasm?: Uint8Array<ArrayBuffer>;
}

export interface Target {
  readonly name: string;
  /** It computes products of matrices in tiles of registers. */
  readonly tiles: boolean;
  readonly emit: (planned: PlannedProgram, options?: TargetOptions) => Emitted;
}

export const targets = {
  ts: { name: 'TypeScript', tiles: false, emit: (planned) => ({ code: emitModule(planned) }) },
  wasm: { name: 'WebAssembly', tiles: true, emit: emitWasmModule },
} as const satisfies Readonly<Record<string, Target>>;

export { hasRelaxedSimd, hasSimd } from './wasm/host.ts';
export { layoutOf };
