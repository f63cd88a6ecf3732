/** Who takes part, where each runs, and on which threads. */

export type Kind = 'ours' | 'javascript' | 'python' | 'peak';

export interface Entrant {
  /** As it is called in tables; unique. */
  readonly who: string;
  readonly kind: Kind;
  /** Name of the setup in its worker. */
  readonly adapter: string;
  readonly language: 'node' | 'python';
  readonly threads: number;
  /** The peak that its arithmetic is a share of. */
  readonly peak: string;
  /** The only case it is for. */
  readonly only?: string;
}

const wasmPeak = 'wasm peak';
const relaxedPeak = 'wasm relaxed peak';
const nativePeak = 'sgemm peak';

export const peaks: readonly Entrant[] = [
  { who: wasmPeak, kind: 'peak', adapter: wasmPeak, language: 'node', threads: 1, peak: wasmPeak },
  { who: relaxedPeak, kind: 'peak', adapter: relaxedPeak, language: 'node', threads: 1, peak: relaxedPeak },
  { who: nativePeak, kind: 'peak', adapter: nativePeak, language: 'python', threads: 1, peak: nativePeak },
];

const ours = (adapter: string, threads: number, peak = wasmPeak): Entrant => ({
  who: named(adapter, threads),
  kind: 'ours',
  adapter,
  language: 'node',
  threads,
  peak,
});

const javascript = (adapter: string): Entrant => ({
  who: adapter,
  kind: 'javascript',
  adapter,
  language: 'node',
  threads: 1,
  peak: wasmPeak,
});

const python = (adapter: string, only?: string): readonly Entrant[] =>
  [1, 2].map((threads) => ({
    who: named(adapter, threads),
    kind: 'python',
    adapter,
    language: 'python',
    threads,
    peak: nativePeak,
    ...(only === undefined ? {} : { only }),
  }));

const named = (adapter: string, threads: number): string =>
  threads === 1 ? adapter : `${adapter} ${threads} threads`;

export const entrants: readonly Entrant[] = [
  ours('ts', 1),
  ours('wasm', 1),
  ours('wasm relaxed', 1, relaxedPeak),
  ours('wasm trainer', 1),
  ours('wasm', 2),
  ours('wasm relaxed', 2, relaxedPeak),
  ...['tfjs cpu', 'tfjs wasm', 'jax-js', 'ConvNetJS'].map(javascript),
  ...['NumPy float32', 'PyTorch eager', 'PyTorch compiled', 'JAX'].flatMap((adapter) => python(adapter)),
  ...python('NumPy as written', 'seed'),
];
