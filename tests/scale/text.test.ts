/** The text of exported steps: what it is, that MLIR takes it for every example and every name, and how it is spread. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { exportStablehlo } from '../../codegen/stablehlo/export.ts';
import { elementText } from '../../codegen/stablehlo/tensors.ts';
import { exportStablehloCommand } from '../../src/cli/export-stablehlo.ts';
import { compile } from '../../src/compile.ts';
import { loadModel } from '../../src/load-model.ts';
import { publishCounts } from '../counts.ts';
import { compileExample, examples, expectGolden, repository } from '../golden/modules.ts';
import { modelOf, namesFrom, namesPerModel } from '../injection/named.ts';
import { groupsOf, hostileNames, isAllowed } from '../injection/names.ts';
import { runPython, startPython, whyLeftOut } from './python.ts';
import {
  exported,
  launcher,
  lossesIn,
  newFolder,
  ourLosses,
  removeFolder,
  toldIn,
  trainings,
  worstDifference,
} from './trainings.ts';

const folder = newFolder();
afterAll(() => removeFolder(folder));
const script = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

describe('the text', () => {
  it.each([
    ['02-softmax-regression/model', { batch: 50 }],
    ['07-regularization/dropout', { batch: 64, mesh: 4 }],
  ])('of %s is as it was', async (example, sizes) => {
    const { graph } = await compileExample(example);
    const name = example.replaceAll('/', '-');
    expectGolden(exportStablehlo(graph, sizes), `tests/scale/golden/${name}.mlir`);
  });

  it.each([
    [1, 'f32', '1.0'],
    [0.1, 'f32', '0.1'],
    [1 / 3, 'f32', '0.33333334'],
    [1 / 3, 'f64', '0.3333333333333333'],
    [1e-8, 'f32', '1.0e-8'],
    [3.4e38, 'f64', '3.4e+38'],
    [-0, 'f32', '-0.0'],
    [Number.NEGATIVE_INFINITY, 'f32', '0xFF800000'],
    [Number.NaN, 'f64', '0x7FF8000000000000'],
    [-7, 'i32', '-7'],
    [1, 'bool', 'true'],
  ] as const)('has %d in %s as %s', (value, dtype, text) => {
    expect(elementText(value, dtype)).toBe(text);
  });

  it('is ASCII, and the same for the same model', async () => {
    const text = async (): Promise<string> =>
      exportStablehlo((await compileExample('09-optimization/adam')).graph, { batch: 8, tail: 3 });
    expect(await text()).toBe(await text());
    expect(await text()).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe('the command', () => {
  const call = (...more: readonly (readonly [string, string])[]): Promise<number> =>
    exportStablehloCommand({
      model: join(repository, trainings.page.model),
      options: new Map([['out', join(folder, 'never.mlir')], ...more]),
    });

  it.each([
    [[['mesh', 'batch=3']], '32 samples cannot be dealt out evenly to 3 devices'],
    [[['mesh', '4']], 'expected batch=N'],
    [[['batch', '401']], '401 is more than 400'],
    [[['weights', 'w.safetensors']], '--weights is about --to onnx'],
    [
      [
        ['data', 'moons'],
        ['records', '7'],
      ],
      '--data and --records are both given',
    ],
  ] as const)('refuses %j', async (more, message) => {
    await expect(call(...more)).rejects.toThrow(message);
  });

  it('writes over its own files, and over no others', async () => {
    const out = join(folder, 'mine.mlir');
    expect(await call(['out', out])).toBe(0);
    expect(await call(['out', out], ['records', '100'])).toBe(0);
    expect(readFileSync(join(folder, 'mine.json'), 'utf8')).toContain('"tail": 4');
    writeFileSync(out, 'something else');
    await expect(call(['out', out])).rejects.toThrow('was not written by chainrule');
  });
});

describe.skipIf(whyLeftOut !== '')(`MLIR${whyLeftOut}`, { timeout: 120_000 }, () => {
  it('takes the text of every example in both precisions, and of models whose names are hostile', async () => {
    const others = ['examples/page/model.ts', 'examples/digits/model.ts'];
    let written = 0;
    const write = (text: string): void => writeFileSync(join(folder, `verified-${written++}.mlir`), text);
    for (const dtype of ['f32', 'f64'] as const) {
      const sizes = { batch: 8, tail: 3, mesh: dtype === 'f32' ? undefined : 4 };
      for (const example of examples)
        write(exportStablehlo((await compileExample(example, { dtype })).graph, sizes));
      for (const path of others)
        write(
          exportStablehlo((await compile(await loadModel(join(repository, path)), { dtype })).graph, sizes),
        );
    }
    const names = hostileNames(namesPerModel * 6).filter(isAllowed);
    for (const group of groupsOf(names, namesPerModel)) {
      const hostile = modelOf(namesFrom(group, (kind, i) => `${kind}${i}`));
      write(exportStablehlo((await compile(hostile)).graph, { batch: 4 }));
    }
    const { stdout, stderr } = await runPython([script('verify.py'), folder]);
    expect(stderr).toBe('');
    const { counts, wrong }: { counts: Record<string, number>; wrong: string[] } = JSON.parse(stdout);
    expect(wrong).toEqual([]);
    const functions = Object.entries(counts).flatMap(([name, count]) =>
      name.startsWith('verified-') ? [count] : [],
    );
    expect(functions).toHaveLength(written);
    expect(Math.min(...functions)).toBeGreaterThanOrEqual(3);
    publishCounts('scale', { modules: written, functions: functions.reduce((sum, count) => sum + count, 0) });
  });

  it('and XLA spread a batch so that devices add up what they have and send nothing else, and write in place', async () => {
    const { step } = await exported(trainings.dropout, folder);
    const { stdout, stderr } = await runPython([script('spread.py'), step], 4);
    expect(stderr).toBe('');
    const { talk, inPlace, devices } = JSON.parse(stdout);
    expect(devices).toBe(4);
    expect(Object.keys(talk)).toEqual(['all-reduce']);
    const { state }: { state: unknown[] } = JSON.parse(readFileSync(step.replace(/mlir$/, 'json'), 'utf8'));
    expect(inPlace).toEqual(state.map((_, i) => i));
  });

  it('takes a mesh from the text, and no other number of devices', async () => {
    const meshed = { ...trainings.page, name: 'meshed' };
    const { words } = await exported(meshed, folder, [['mesh', 'batch=4']]);
    const [four, two] = await Promise.all(
      [4, 2].map((devices) => startPython([launcher, ...words, '--steps', '30'], devices).ended),
    );
    expect(two).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('exported for 4 devices (--mesh), and there are 2'),
    });
    expect(worstDifference(await ourLosses(meshed, 30), lossesIn(toldIn(four?.stdout ?? '')))).toBeLessThan(
      1e-5,
    );
  });
});
