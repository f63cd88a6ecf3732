/**
 * The error of exp and log over every float32, as WebAssembly computes them for four numbers at once:
 * `npm run functions [-- exp log]`. Takes minutes; the samples of the tests take a second.
 */

import { compile, gradientDescent, model, zeros } from 'chainrule';
import { instantiate } from '../../src/instantiate.ts';
import type { Outputs, TypedArray } from '../../src/runtime/module.ts';

/** Numbers per call. */
const block = 2 ** 16;

/** The functions, and the truth in float64, whose own error is far below a unit of float32. */
const truths: { readonly [name: string]: (x: number) => number } = { exp: Math.exp, log: Math.log };

export async function main(words: readonly string[]): Promise<void> {
  const names = words.length > 0 ? words : Object.keys(truths);
  for (const name of names) {
    const truth = truths[name];
    if (!truth)
      throw new Error(`There is no function ${name}; there are ${Object.keys(truths).join(' and ')}.`);
    const begin = performance.now();
    const { worst, at, count } = await measure(name, truth);
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    console.log(
      `${name}: at most ${worst.toFixed(3)} units in the last place, at ${at}, over ${count.toLocaleString('en')} float32 values (${seconds} s)`,
    );
    if (!(worst <= 2)) process.exitCode = 1;
  }
}

async function measure(name: string, truth: (x: number) => number) {
  const { columns, predict } = await compiled(name);
  const [bits, input] = [new Int32Array(columns.buffer, columns.byteOffset, block), columns];
  let [worst, at, count] = [0, 0, 0];
  for (let first = 0; first < 2 ** 32; first += block) {
    for (let i = 0; i < block; i++) bits[i] = first + i;
    const found = predict();
    for (let i = 0; i < block; i++) {
      const [x, y] = [input[i] ?? 0, found[i] ?? 0];
      const wanted = truth(x);
      count++;
      if (Object.is(Math.fround(wanted), y)) continue;
      const error = errorOf(y, wanted);
      if (error > worst) [worst, at] = [error, x];
    }
  }
  return { worst, at, count };
}

/** The function over a block, in WebAssembly, and the room that it reads from. */
async function compiled(name: string) {
  const declared = model(
    name,
    (m) => {
      const x = m.input('x', ['batch', 1]);
      const w = m.param('w', [1, 1], zeros());
      const y = name === 'exp' ? x.exp() : x.log();
      return { loss: x.mul(0).add(w.sum()).mean(), outputs: { y } };
    },
    { batch: block, optimizer: gradientDescent({ learningRate: 0 }) },
  );
  const { code } = await compile(declared, { target: 'wasm' });
  const program = (await instantiate(code)).create();
  const columns = program.columns?.x;
  if (!(columns instanceof Float32Array)) throw new Error('the program has no room for a batch');
  const predict = (): TypedArray => {
    const { y }: Outputs = program.predict({ x: columns }, block, 0, 0);
    if (!y) throw new Error('the program predicts nothing');
    return y;
  };
  return { columns, predict };
}

/** In units of float32 at the true value; infinitely many where one of them is no finite number. */
function errorOf(found: number, wanted: number): number {
  if (Math.fround(wanted) === found) return 0;
  if (!Number.isFinite(found) || !Number.isFinite(Math.fround(wanted))) {
    // Rounding to infinity and to the largest number are a unit apart.
    return Math.abs(found) >= 3.4028234e38 && Math.abs(wanted) >= 3.4028234e38 ? 1 : Number.POSITIVE_INFINITY;
  }
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(wanted))), -126);
  return Math.abs(found - wanted) / 2 ** (exponent - 23);
}
