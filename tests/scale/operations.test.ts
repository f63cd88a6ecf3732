/** Each op as XLA computes it, against its naive definition: exactly where it is exact, otherwise up to rounding. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { describe as describeProgram, printDescription } from '../../codegen/stablehlo/description.ts';
import { exportStablehlo } from '../../codegen/stablehlo/export.ts';
import { createBuilder } from '../../ir/builder.ts';
import { evaluate } from '../../ir/evaluate.ts';
import { type OpName, opNames } from '../../ir/ops/index.ts';
import type { InputDecl, Program } from '../../ir/program.ts';
import { type Float, isFloat } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type Tensor,
  tensorOf,
} from '../../src/runtime/safetensors.ts';
import type { Style } from '../arbitraries/draw.ts';
import { arbitraryCase, dataOf, type OpCase } from '../arbitraries/ops.ts';
import { publishCounts } from '../counts.ts';
import { seed } from '../properties/seed.ts';
import { runPython, whyLeftOut } from './python.ts';
import { newFolder, removeFolder } from './trainings.ts';

/** Leaves are bound from outside, the others are replaced by passes. */
const never: readonly OpName[] = ['input', 'state', 'logSumExp', 'grad'];
const exported = opNames.filter((name) => !never.includes(name));
/** What has no rounding has the same bits. */
const exact: readonly OpName[] = [
  ...(['constant', 'batchSize', 'uniform', 'neg', 'abs', 'sign', 'floor', 'relu', 'stopGradient'] as const),
  ...(['opaque', 'minimum', 'maximum', 'less', 'lessEqual', 'equal', 'and', 'or', 'not', 'select'] as const),
  ...(['cast', 'reduceMax', 'argmax', 'transpose', 'reshape', 'broadcast', 'oneHot'] as const),
];
/** Where every number there is would not say anything: sums in another order overflow elsewhere, and so on. */
const tame: readonly OpName[] = ['sum', 'matmul', 'cast', 'sin', 'cos'];
const tolerance: { readonly [F in Float]: number } = { f32: 2e-6, f64: 1e-13 };

interface Sample {
  readonly name: OpName;
  readonly case: OpCase;
  readonly expected: ArrayLike<number>;
}

const batch = 3;
const perStyle = 5;
const folder = newFolder();
afterAll(() => removeFolder(folder));

function samplesOf(float: Float): readonly Sample[] {
  const styles: readonly Style[] = ['smooth', 'ties', 'any'];
  return exported.flatMap((name) =>
    styles
      .filter((style) => style !== 'any' || !tame.includes(name))
      .flatMap((style) =>
        fc
          .sample(arbitraryCase(name, { float, style }), { numRuns: 60, seed })
          .filter((one) => one.batch === batch && isOneFloat(one, float))
          .slice(0, perStyle)
          .map((one) => withoutSubnormals(one, float))
          .map((one) => ({
            ...{ name, case: one },
            expected: evaluate([one.value], { batch, float, leaf: dataOf(one) }).get(one.value)?.data ?? [],
          })),
      ),
  );
}

/** XLA takes numbers below the normal ones for 0. */
const least: { readonly [F in Float]: number } = { f32: 2 ** -126, f64: 2 ** -1022 };

function withoutSubnormals(one: OpCase, float: Float): OpCase {
  const normal = (x: number): number => (Math.abs(x) < least[float] ? 0 * x : x);
  return { ...one, data: new Map([...one.data].map(([name, numbers]) => [name, numbers.map(normal)])) };
}

/** A program has one kind of float; casts to the other are for nobody. */
const isOneFloat = ({ value }: OpCase, float: Float): boolean =>
  [value, ...value.inputs].every(({ dtype }) => !isFloat(dtype) || dtype === float);

/** One program that computes all samples, each from inputs of its own. */
function programOf(samples: readonly Sample[], float: Float): Program {
  const o = createBuilder(float);
  const inputs: InputDecl[] = [];
  const results = samples.map(({ name, case: { value } }, i) => {
    const xs = value.inputs.map((x, j): Value => {
      const decl = { name: `c${i}_${j}`, dtype: x.dtype, shape: x.shape };
      inputs.push({ ...decl, role: 'input' });
      return o.input(decl);
    });
    return { name: `r${i}`, value: o.make(name, xs, value.attrs) };
  });
  const nothing = { results: [], updates: [] };
  return {
    ...{ name: 'operations', float, maxBatch: batch, inputs, states: [], notes: o.notes },
    functions: [
      { name: 'step', ...nothing },
      { name: 'evaluate', ...nothing },
      { name: 'predict', results, updates: [] },
    ],
  };
}

const arrays = { f32: Float32Array, f64: Float64Array, i32: Int32Array, bool: Int32Array } as const;

function argumentsOf(samples: readonly Sample[]): ReadonlyMap<string, Tensor> {
  const columns = samples.flatMap(({ case: one }, i) =>
    one.value.inputs.map((x, j): readonly [string, Tensor] => {
      const sizes = x.shape.map((dim) => (dim === 'batch' ? batch : dim));
      return [`c${i}_${j}`, tensorOf(sizes, arrays[x.dtype].from(dataOf(one)(x)))];
    }),
  );
  const zero = tensorOf([], new Int32Array(1));
  return new Map<string, Tensor>([...columns, ['t', zero], ['seed', zero]]);
}

const floats: readonly Float[] = ['f32', 'f64'];

describe.skipIf(whyLeftOut !== '')(`operations${whyLeftOut}`, { timeout: 120_000 }, () => {
  it('are what their definitions say', async () => {
    const sets = floats.map((float) => ({
      float,
      samples: samplesOf(float),
      path: join(folder, `${float}.mlir`),
    }));
    for (const { float, samples, path } of sets) {
      const program = programOf(samples, float);
      const stem = path.slice(0, -'.mlir'.length);
      const facts = { fingerprint: '', seed: 0, epochs: 1 };
      writeFileSync(path, exportStablehlo(program, { batch }));
      writeFileSync(`${stem}.json`, printDescription(describeProgram(program, { batch }, facts)));
      writeFileSync(`${stem}.in.safetensors`, encodeSafetensors(argumentsOf(samples)));
    }
    const list = join(folder, 'list.json');
    writeFileSync(list, JSON.stringify(sets.map(({ path }) => path)));
    const script = fileURLToPath(new URL('./operations.py', import.meta.url));
    const { code, stderr } = await runPython([script, list]);
    expect(code, stderr).toBe(0);
    for (const { float, samples, path } of sets) {
      const bytes = readFileSync(path.replace(/mlir$/, 'out.safetensors'));
      const { tensors } = decodeSafetensors(new Uint8Array(bytes));
      const wrong = samples.flatMap((sample, i) =>
        differenceOf(sample, tensors.get(`r${i}`)?.data ?? [], float),
      );
      expect(wrong).toEqual([]);
      const seen = new Set(samples.map(({ name }) => name));
      expect([...seen].sort()).toEqual([...exported].sort());
      publishCounts('scale', { [`samples of ops in ${float}`]: samples.length });
    }
  });

  it('would be found to differ', () => {
    const [sample] = samplesOf('f32').filter(({ name, expected }) => name === 'exp' && expected.length > 0);
    if (sample === undefined) throw new Error('there is no sample of exp');
    const { expected } = sample;
    expect(differenceOf(sample, expected, 'f32')).toEqual([]);
    expect(
      differenceOf(
        sample,
        Array.from(expected, (x) => x * 1.0001 + 1e-5),
        'f32',
      ),
    ).toHaveLength(1);
  });
});

/** What differs, in a list of none or one. */
function differenceOf(
  { name, case: one, expected }: Sample,
  found: ArrayLike<number>,
  float: Float,
): string[] {
  const at = Array.from(expected).findIndex((x, i) => !isNear(name, x, found[i] ?? Number.NaN, float));
  if (found.length === expected.length && at < 0) return [];
  return [`${one[fc.toStringMethod]()}: element ${at} is ${found[at]} instead of ${expected[at]}`];
}

/** From here on one result may be infinite and the other nearly so. */
const end = 3.3e38;

function isNear(name: OpName, x: number, y: number, float: Float): boolean {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  if (x === y || Math.max(Math.abs(x), Math.abs(y)) < 2 * least[float]) return true;
  if (exact.includes(name)) return false;
  if (!Number.isFinite(x) || !Number.isFinite(y))
    return Math.min(Math.abs(x), Math.abs(y)) > end && x > 0 === y > 0;
  return Math.abs(x - y) <= tolerance[float] * Math.max(Math.abs(x), Math.abs(y), sizes[name] ?? 0);
}

/** Of what results near 0 are left over from. */
const sizes: { readonly [name: string]: number } = { sum: 10, matmul: 10, sin: 1, cos: 1 };
