/** From a model to an emitted trainer: traces, runs the passes, and prints the result for a target. */

import type { Target } from '../codegen/targets.ts';
import { type Diagnostic, errors } from '../ir/errors.ts';
import type { PlannedProgram, Tiling } from '../ir/kernel.ts';
import type { Program } from '../ir/program.ts';
import { elementCount, type Float } from '../ir/types.ts';
import type { Model } from './dsl/model.ts';
import { trace } from './dsl/trace.ts';
import { fingerprintOf } from './fingerprint.ts';
import { runPipeline } from './pipeline.ts';
import { type Provenance, provenanceOf } from './provenance.ts';
import type { Layout } from './runtime/module.ts';

export type TargetChoice = 'ts' | 'wasm' | 'auto';

/** What `compile` may be told; every option stands for one of the command line. */
export interface CompileOptions {
  /** Precision of every float of the model; f32 unless given. */
  readonly dtype?: Float;
  /**
   * `ts`: TypeScript that a person can read. `wasm`: WebAssembly SIMD with a driver in TypeScript; the same bits. `auto`:
   * WebAssembly where it pays and this host has it.
   */
  readonly target?: TargetChoice;
  /** WebAssembly with fused multiply-add where the host has it: faster, and other bits on other machines. */
  readonly relaxed?: boolean;
  /** Threads that a trainer in WebAssembly is made for: results have the same bits for any number. 1 unless given. */
  readonly threads?: number;
  /** The name of a file beside the trainer that its WebAssembly is loaded from, which whoever asks for it writes. */
  readonly wasmFile?: string;
  /** Check every stage; a failure is a fault of the compiler. */
  readonly verify?: boolean;
  /** Name of a pass after which the program is to be listed. */
  readonly printAfter?: string;
  /** Text of a source file, from which values get the names of the user's variables. */
  readonly readSource?: (file: string) => string | undefined;
}

/** What a model compiles to: the emitted module, and what there is to know about it. */
export interface Compiled {
  /** The emitted module. */
  readonly code: string;
  /** Where each line of the module that computes something comes from; absent for WebAssembly. */
  readonly provenance?: () => readonly Provenance[];
  /** The target that it was emitted for, and why when it was for the compiler to choose. */
  readonly target: Exclude<TargetChoice, 'auto'>;
  readonly because?: string;
  /** The WebAssembly that is embedded in it, or that belongs in `wasmFile`. */
  readonly wasm?: Uint8Array<ArrayBuffer>;
  /** The same in the text format. */
  readonly wat?: () => string;
  /** Threads that it is made for: 1 where the target has none. */
  readonly threads: number;
  /** How threads share a step, if there are several. */
  readonly sharing?: string;
  readonly layout: Layout;
  readonly warnings: readonly Diagnostic[];
  /** The program after all passes over the graph: what the code computes, value by value. */
  readonly graph: Program;
  /** How the batch is cut, and why so; absent for a target that never cuts it. */
  readonly tiling?: Tiling;
  /** Every block with its loops, and where its values lie: for `explainSchedule` and inspections. */
  readonly loops: PlannedProgram;
  /** The program as text after `printAfter`. */
  readonly listing?: string;
  /** Milliseconds that each pass took. */
  readonly timings: readonly { readonly pass: string; readonly ms: number }[];
}

/** Throws `CompileError`, with the place in the user's model. Same model and options, same bytes. */
export async function compile(model: Model, options: CompileOptions = {}): Promise<Compiled> {
  const { dtype = 'f32', target = 'ts', relaxed = false, threads = 1 } = options;
  const { verify = false, printAfter, readSource, wasmFile } = options;
  // The printer of TypeScript is large: it is loaded when there is something to print.
  const { hasSimd, layoutOf, targets } = await import('../codegen/targets.ts');
  if (target !== 'auto' && !Object.hasOwn(targets, target))
    throw errors.option('target', [...Object.keys(targets), 'auto'].join(' or '), target);
  if (relaxed && target !== 'wasm') throw errors.option('relaxed', 'used with the target wasm', target);
  if (!Number.isInteger(threads) || threads < 1 || threads > mostThreads)
    throw errors.option('threads', `a whole number from 1 to ${mostThreads}`, String(threads));
  if (threads > 1 && target === 'ts') throw errors.option('threads', 'used with the target wasm', target);
  const start = performance.now();
  const { program, warnings } = trace(model, { float: dtype, ...(readSource ? { readSource } : {}) });
  const traced = performance.now();
  const choice = target === 'auto' ? chooseTarget(program, hasSimd()) : { target };
  const chosen: Target = targets[choice.target];
  const { planned, listing, timings } = runPipeline(program, {
    verify,
    abilities: chosen.abilities,
    ...(printAfter === undefined ? {} : { printAfter }),
  });
  const emitting = performance.now();
  // Fused multiply-add gives other bits, which no training with the bits of the others can go on with.
  const fingerprint = `${fingerprintOf(planned.program)}${relaxed ? '-relaxed' : ''}`;
  const { code, origins, wasm, wat, sharing } = chosen.emit(planned, {
    relaxed,
    threads,
    fingerprint,
    ...(wasmFile === undefined ? {} : { wasmFile }),
  });
  return {
    code,
    ...choice,
    ...(origins === undefined ? {} : { provenance: () => provenanceOf(origins, planned.program) }),
    ...(wasm === undefined ? {} : { wasm }),
    ...(wat === undefined ? {} : { wat }),
    threads: sharing === undefined ? 1 : threads,
    ...(sharing === undefined ? {} : { sharing }),
    layout: layoutOf(planned, fingerprint),
    warnings,
    graph: planned.program,
    loops: planned,
    ...(planned.tiling === undefined ? {} : { tiling: planned.tiling }),
    ...(listing === undefined ? {} : { listing }),
    timings: [
      { pass: 'trace', ms: traced - start },
      ...timings,
      { pass: 'emit', ms: performance.now() - emitting },
    ],
  };
}

/** More threads than any host of ours has. */
export const mostThreads = 256;

/** Fewer numbers to train than this, and calling WebAssembly costs what it saves. */
const fewParameters = 16;

function chooseTarget(
  { float, states }: Program,
  simd: boolean,
): Pick<Compiled, 'target'> & { because: string } {
  const count = states
    .filter(({ role }) => role === 'parameter')
    .reduce((sum, { shape }) => sum + elementCount(shape, 1), 0);
  if (!simd) return { target: 'ts', because: 'this host has no WebAssembly SIMD' };
  if (float === 'f64') return { target: 'ts', because: 'f64 has no lanes to gain from' };
  if (count < fewParameters) return { target: 'ts', because: `the model has ${count} parameters` };
  return { target: 'wasm', because: `the model has ${count} parameters, and this host has WebAssembly SIMD` };
}
