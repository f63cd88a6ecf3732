/** The data and initial weights of a case: drawn once by a seeded generator, and read from files by every contender. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, parametersOf } from './cases.ts';

export interface CaseData {
  /** [batch, features], uniform on [-1, 1). */
  readonly x: Float32Array;
  readonly y: Int32Array;
  /** By the names of `parametersOf`. */
  readonly weights: Readonly<Record<string, Float32Array>>;
}

/** Mulberry32: uniform on [0, 1). */
function uniformFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller, one of the two. */
const normal = (uniform: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

export function drawData(one: Case): CaseData {
  const uniform = uniformFrom(20_260_101);
  const [features = 1] = one.layers;
  const classes = one.layers.at(-1) ?? 1;
  const x = Float32Array.from({ length: one.batch * features }, () => 2 * uniform() - 1);
  const teacher = Float32Array.from({ length: classes * features }, () => normal(uniform));
  const y = Int32Array.from({ length: one.batch }, (_, i) => {
    const row = x.subarray(i * features, (i + 1) * features);
    return likeliest(row, teacher, classes);
  });
  const weights = parametersOf(one).map(({ name, shape }) => {
    const [rows = 1, columns] = shape;
    if (columns === undefined)
      return [name, new Float32Array(rows).fill(name.startsWith('g') ? 1 : 0)] as const;
    const scale = Math.sqrt(2 / rows);
    return [name, Float32Array.from({ length: rows * columns }, () => scale * normal(uniform))] as const;
  });
  return { x, y, weights: Object.fromEntries(weights) };
}

/** Labels come from a linear rule, so that there is something to learn. */
function likeliest(row: Float32Array, teacher: Float32Array, classes: number): number {
  const scores = Array.from({ length: classes }, (_, c) =>
    row.reduce((sum, value, j) => sum + value * (teacher[c * row.length + j] ?? 0), 0),
  );
  return scores.indexOf(Math.max(...scores));
}

/** Writes raw little-endian numbers, which NumPy reads as well. */
export function writeData(folder: string, { x, y, weights }: CaseData): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, values] of Object.entries({ x, y, ...weights }))
    writeFileSync(join(folder, `${name}.bin`), values);
}

export function readData(folder: string, one: Case): CaseData {
  const floats = (name: string): Float32Array => new Float32Array(bytesOf(join(folder, `${name}.bin`)));
  return {
    x: floats('x'),
    y: new Int32Array(bytesOf(join(folder, 'y.bin'))),
    weights: Object.fromEntries(parametersOf(one).map(({ name }) => [name, floats(name)])),
  };
}

/** A buffer of its own: what Node reads may begin anywhere in a shared one. */
const bytesOf = (file: string): ArrayBuffer => new Uint8Array(readFileSync(file)).slice().buffer;
