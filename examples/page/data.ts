/** Points of two half moons, the same on every machine. */

import { uniform01 } from 'chainrule/runtime';

const count = 400;
const noise = 0.12;

export function moons(seed: number): { readonly x: Float32Array; readonly y: Int32Array } {
  const x = new Float32Array(2 * count);
  const y = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const turn = Math.PI * uniform01(seed, 0, 0, i);
    const upper = i % 2 === 0;
    const spread = (axis: number): number => noise * (2 * uniform01(seed, 1, axis, i) - 1);
    x[2 * i] = (upper ? Math.cos(turn) : 1 - Math.cos(turn)) + spread(0);
    x[2 * i + 1] = (upper ? Math.sin(turn) : 0.5 - Math.sin(turn)) + spread(1);
    y[i] = upper ? 0 : 1;
  }
  return { x, y };
}
