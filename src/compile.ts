/** From a model to an emitted trainer: traces, runs the passes, and prints the result for a target. */

import type { Target } from '../codegen/targets.ts';
import { type Diagnostic, errors } from '../ir/errors.ts';
import type { Program } from '../ir/program.ts';
import type { Float } from '../ir/types.ts';
import type { Model } from './dsl/model.ts';
import { trace } from './dsl/trace.ts';
import { runPipeline } from './pipeline.ts';
import type { Layout } from './runtime/module.ts';

export interface CompileOptions {
  /** Precision of every float of the model; f32 unless given. */
  readonly dtype?: Float;
  /** `ts`: TypeScript that a person can read. `wasm`: WebAssembly SIMD inside of it; the same bits. */
  readonly target?: 'ts' | 'wasm';
  /** WebAssembly with fused multiply-add where the host has it: faster, and other bits on other machines. */
  readonly relaxed?: boolean;
  /** Check every stage; a failure is a fault of the compiler. */
  readonly verify?: boolean;
  /** Name of a pass after which the program is to be listed. */
  readonly printAfter?: string;
  /** Text of a source file, from which values get the names of the user's variables. */
  readonly readSource?: (file: string) => string | undefined;
}

export interface Compiled {
  /** The emitted module. */
  readonly code: string;
  /** The WebAssembly that is embedded in it. */
  readonly wasm?: Uint8Array<ArrayBuffer>;
  readonly layout: Layout;
  readonly warnings: readonly Diagnostic[];
  /** The program after all passes over the graph: what the code computes, value by value. */
  readonly graph: Program;
  /** The program as text after `printAfter`. */
  readonly listing?: string;
  /** Milliseconds that each pass took. */
  readonly timings: readonly { readonly pass: string; readonly ms: number }[];
}

/** Throws `CompileError`, with the place in the user's model. Same model and options, same bytes. */
export async function compile(model: Model, options: CompileOptions = {}): Promise<Compiled> {
  const { dtype = 'f32', target = 'ts', relaxed = false, verify = false, printAfter, readSource } = options;
  // The printer of TypeScript is large: it is loaded when there is something to print.
  const { layoutOf, targets } = await import('../codegen/targets.ts');
  if (!Object.hasOwn(targets, target))
    throw errors.option('target', Object.keys(targets).join(' or '), target);
  const chosen: Target = targets[target];
  const start = performance.now();
  const { program, warnings } = trace(model, { float: dtype, ...(readSource ? { readSource } : {}) });
  const traced = performance.now();
  const { planned, listing, timings } = runPipeline(program, {
    verify,
    abilities: { tiles: chosen.tiles },
    ...(printAfter === undefined ? {} : { printAfter }),
  });
  const emitting = performance.now();
  const { code, wasm } = chosen.emit(planned, { relaxed });
  return {
    code,
    ...(wasm === undefined ? {} : { wasm }),
    layout: layoutOf(planned),
    warnings,
    graph: planned.program,
    ...(listing === undefined ? {} : { listing }),
    timings: [
      { pass: 'trace', ms: traced - start },
      ...timings,
      { pass: 'emit', ms: performance.now() - emitting },
    ],
  };
}
