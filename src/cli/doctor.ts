/** `chainrule doctor`: what this host supports, and what that means for training on it. */

import { arch, availableParallelism, platform, totalmem } from 'node:os';
import { hasRelaxedSimd, hasSimd } from '../../codegen/wasm/host.ts';
import type { Call } from './command.ts';
import { exitCodes } from './failure.ts';
import { packageVersion } from './files.ts';
import { colors, print, printJson } from './output.ts';

/** One thing that a host may have. */
interface Finding {
  readonly name: string;
  readonly has: boolean;
  /** What follows for training, or what to do. */
  readonly means: string;
}

export async function doctorCommand({ options }: Call): Promise<number> {
  const cores = availableParallelism();
  const host = {
    chainrule: packageVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    system: `${platform()} ${arch()}`,
    cores,
    memory: totalmem(),
  };
  const findings = findingsOn(cores);
  if (options.has('json')) {
    for (const { name, has, means } of findings) printJson({ event: 'finding', name, has, means });
    printJson({ event: 'host', ...host });
    return exitCodes.ok;
  }
  print(`chainrule ${host.chainrule} on Node.js ${host.node} (V8 ${host.v8}), ${host.system}`);
  print(`${cores} ${cores === 1 ? 'core' : 'cores'}, ${(host.memory / 2 ** 30).toFixed(1)} GiB of memory`);
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, has, means } of findings) {
    const mark = has ? colors.cyan('yes') : colors.yellow('no ');
    print(`  ${name.padEnd(width)}  ${mark}  ${means}`);
  }
  return exitCodes.ok;
}

function findingsOn(cores: number): readonly Finding[] {
  const simd = hasSimd();
  const relaxed = hasRelaxedSimd();
  const shared = typeof SharedArrayBuffer !== 'undefined';
  const browser: unknown = Reflect.get(globalThis, 'navigator');
  const gpu = typeof browser === 'object' && browser !== null && 'gpu' in browser;
  return [
    {
      name: 'WebAssembly SIMD',
      has: simd,
      means: simd
        ? 'the target wasm runs, and auto chooses it for all but small models'
        : 'only the target ts runs here; a newer Node.js has it',
    },
    {
      name: 'relaxed SIMD',
      has: relaxed,
      means: relaxed
        ? '--relaxed gives faster products, and bits that differ between machines'
        : '--relaxed needs Node.js 22, or node --experimental-wasm-relaxed-simd; all else is as fast',
    },
    {
      name: 'threads',
      has: shared && cores > 1,
      means: !shared
        ? 'no shared memory here: one thread trains'
        : cores > 1
          ? `--threads up to ${cores} share each step, with the same bits; in pages this needs cross-origin isolation`
          : 'shared memory, but one core: more threads would only wait for each other',
    },
    {
      name: 'WebGPU',
      has: gpu,
      means: 'not used: there is no such target; chainrule export --to stablehlo leads to other accelerators',
    },
  ];
}
