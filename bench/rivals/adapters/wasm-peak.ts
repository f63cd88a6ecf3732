/** The most that WebAssembly can do here: multiply-adds on registers alone, written byte by byte. */

import type { Contender } from '../setups.ts';

/**
 * As many as registers hold beside a and b: an addition waits for its multiplication, and only others can fill the time.
 * With fewer, or without unrolling, the loop was slower here.
 */
const [accumulators, unrolled, rounds] = [13, 8, 100_000];
/** A multiplication and an addition on four lanes of each accumulator. */
const flops = rounds * unrolled * accumulators * 4 * 2;

/** Unsigned LEB128, the numbers of the binary format. */
const leb = (n: number): readonly number[] =>
  n < 128 ? [n] : [(n % 128) + 128, ...leb(Math.floor(n / 128))];
const vector = (...bytes: readonly number[]): readonly number[] => [...leb(bytes.length), ...bytes];
const section = (id: number, ...bytes: readonly number[]): readonly number[] => [id, ...vector(...bytes)];
const simd = (code: number): readonly number[] => [0xfd, ...leb(code)];
const get = (local: number): readonly number[] => [0x20, ...leb(local)];
const set = (local: number): readonly number[] => [0x21, ...leb(local)];

const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
const [loop, end, branchIf, callable, empty] = [0x03, 0x0b, 0x0d, 0x60, 0x40];
const [splat, extractLane, add, mul, relaxedMadd] = [0x13, 0x1f, 0xe4, 0xe6, 0x105].map(
  simd,
) as readonly (readonly number[])[];

/** The exported `run(rounds: i32, a: f32, b: f32): f32` repeats x = x * a + b on every accumulator. */
function bytesOf(relaxed: boolean): Uint8Array {
  const [a, b, first] = [3, 4, 5];
  const all = Array.from({ length: accumulators }, (_, i) => first + i);
  const madd = relaxed ? (relaxedMadd ?? []) : [];
  const one = (x: number): readonly number[] =>
    relaxed
      ? [...get(x), ...get(a), ...get(b), ...madd, ...set(x)]
      : [...get(x), ...get(a), ...(mul ?? []), ...get(b), ...(add ?? []), ...set(x)];
  const decrement = [...get(0), 0x41, 1, 0x6b, 0x22, 0];
  const body = [
    ...[1, ...leb(accumulators + 2), v128],
    ...[...get(1), ...(splat ?? []), ...set(a), ...get(2), ...(splat ?? []), ...set(b)],
    ...all.flatMap((x) => [...get(a), ...set(x)]),
    ...[loop, empty, ...Array(unrolled).fill(all.flatMap(one)).flat(), ...decrement, branchIf, 0, end],
    // The sum of all: nothing may be left out.
    ...[
      ...get(first),
      ...all.slice(1).flatMap((x) => [...get(x), ...(add ?? [])]),
      ...(extractLane ?? []),
      0,
      end,
    ],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, 1, callable, ...vector(i32, f32, f32), ...vector(f32)),
    ...section(3, 1, 0),
    ...section(7, 1, ...vector(...Buffer.from('run')), 0, 0),
    ...section(10, 1, ...vector(...body)),
  ]);
}

/** What is used of it: the types of Node leave it out. */
interface Engine {
  instantiate(bytes: Uint8Array): Promise<{
    readonly instance: { readonly exports: { run(rounds: number, a: number, b: number): number } };
  }>;
}

export async function wasmPeak(relaxed: boolean): Promise<Contender> {
  const engine: Engine = Reflect.get(globalThis, 'WebAssembly');
  const { instance } = await engine.instantiate(bytesOf(relaxed));
  const { run } = instance.exports;
  let value = Number.NaN;
  return {
    version: process.version,
    flops,
    reset: () => undefined,
    step() {
      value = run(rounds, 0.999, 0.001);
    },
    loss: () => value,
  };
}
