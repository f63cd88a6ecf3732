/** How time, memory and size grow with the network: measured in a process of its own. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Target } from './compiler.ts';
import { installPackages } from './install.ts';
import { pinnedTo } from './pinning.ts';
import { mark } from './protocol.ts';
import { measureSizes, type Size } from './sizes.ts';

/** One network, compiled and stepped. */
export interface Point {
  readonly along: 'batch' | 'width' | 'depth';
  readonly size: number;
  readonly target: Target;
  /** Milliseconds of a step; null where only the memory was asked for. */
  readonly ms: number | null;
  readonly gflops: number | null;
  readonly arena_bytes: number;
  /** The arena, and what else WebAssembly keeps beside it. */
  readonly memory_bytes: number;
}

export interface CompileTime {
  readonly what: 'two layers' | 'chain';
  /** Operations between input and loss of a chain. */
  readonly ops: number | null;
  readonly target: Target;
  readonly ms: number;
}

export interface Scaling {
  readonly points: readonly Point[];
  readonly compile: readonly CompileTime[];
  readonly sizes: readonly Size[];
  /** What could not be measured, and why. */
  readonly missing: readonly string[];
}

/** What the process tells, a line each. */
export type Finding =
  | { readonly kind: 'point'; readonly point: Point }
  | { readonly kind: 'compile'; readonly time: CompileTime }
  | { readonly kind: 'missing'; readonly reason: string };

export async function measureScaling(isQuick: boolean, say: (line: string) => void): Promise<Scaling> {
  const points: Point[] = [];
  const compile: CompileTime[] = [];
  const missing: string[] = [];
  const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
  const [file = '', ...words] = [
    ...pinnedTo(1),
    process.execPath,
    worker,
    'scaling',
    isQuick ? 'quick' : 'full',
  ];
  const child = spawn(file, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith(mark)) continue;
    const finding: Finding = JSON.parse(line.slice(mark.length));
    if (finding.kind === 'point') points.push(finding.point);
    else if (finding.kind === 'compile') compile.push(finding.time);
    else missing.push(finding.reason);
    say(`scaling: ${points.length + compile.length} points`);
  }
  if ((await ended) !== 0) missing.push('the process that measures how time grows ended early');
  const { sizes, reasons } = await sizesOrReason();
  return { points, compile, sizes, missing: [...missing, ...reasons] };
}

/** The bundler is installed with the rivals. */
async function sizesOrReason() {
  const reason = installPackages();
  return reason === undefined ? measureSizes() : { sizes: [], reasons: [`sizes: ${reason}`] };
}
