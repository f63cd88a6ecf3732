/** What is to stay below a limit: memory, size and time of compiling. */

import { nLogN } from './compile-times.ts';
import type { Target } from './compiler.ts';
import { grouped, shown } from './numbers.ts';
import type { Ratio } from './ratios.ts';
import type { CompileTime, Scaling } from './scaling.ts';

export interface Limit {
  readonly what: string;
  readonly target: Target;
  readonly unit: 'times' | 'bytes' | 'ms';
  /** Without a limit it is for information. */
  readonly limit: number | null;
  readonly reached: number | null;
  readonly verdict: Ratio['verdict'];
}

const targets: readonly Target[] = ['ts', 'wasm'];

export function limitsOf(scaling: Scaling | null): readonly Limit[] {
  if (scaling === null) return [];
  return targets.flatMap((target) => [
    arena(scaling, target),
    size(scaling, target),
    ...times(scaling, target),
  ]);
}

/** Only `wasm` cuts the batch into tiles, so that memory does not grow with it. */
function arena({ points }: Scaling, target: Target): Limit {
  const at = (batch: number): number | undefined =>
    points.find((point) => point.along === 'batch' && point.size === batch && point.target === target)
      ?.arena_bytes;
  return limit({
    what: 'seed: arena at batch 60,000, against 6,000',
    target,
    unit: 'times',
    limit: target === 'wasm' ? 1 : null,
    reached: quotient(at(60_000), at(6_000)),
  });
}

function size({ sizes }: Scaling, target: Target): Limit {
  const found = sizes.find((one) => one.target === target && one.what === 'trainer and runtime');
  return limit({
    what: 'seed: trainer and runtime, minified, gzip',
    target,
    unit: 'bytes',
    limit: found?.goal ?? null,
    reached: found?.gzip ?? null,
  });
}

function times({ compile }: Scaling, target: Target): readonly Limit[] {
  const of = (what: CompileTime['what'], ops: number | null): number | undefined =>
    compile.find((time) => time.what === what && time.ops === ops && time.target === target)?.ms;
  const [smaller, larger] = [1_000, 10_000];
  return [
    limit({
      what: 'seed: compiling',
      target,
      unit: 'ms',
      limit: 150,
      reached: of('two layers', null) ?? null,
    }),
    limit({
      what: 'compiling 10,000 operations',
      target,
      unit: 'ms',
      limit: 3_000,
      reached: of('chain', larger) ?? null,
    }),
    limit({
      what: 'compiling 10,000 operations, against 1,000; the limit is n log n',
      target,
      unit: 'times',
      limit: nLogN(smaller, larger),
      reached: quotient(of('chain', larger), of('chain', smaller)),
    }),
  ];
}

const limit = (rest: Omit<Limit, 'verdict'>): Limit => ({ ...rest, verdict: verdictOf(rest) });

function verdictOf({ limit, reached }: Omit<Limit, 'verdict'>): Limit['verdict'] {
  if (reached === null) return 'not measured';
  if (limit === null) return 'for information';
  return reached <= limit ? 'met' : 'missed';
}

const quotient = (a: number | undefined, b: number | undefined): number | null =>
  a === undefined || b === undefined ? null : a / b;

export function amount(x: number | null, unit: Limit['unit']): string {
  if (x === null) return '';
  if (unit === 'bytes') return `${grouped(x)} bytes`;
  return unit === 'ms' ? `${shown(x)} ms` : `${shown(x)}×`;
}
