/** What the README shows people to write themselves compiles, trains, and is as short as it says. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import type { Model } from '../../src/dsl/model.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const own = /```ts\n(\/\/ An activation\.[\s\S]*?)```/.exec(readme)?.[1] ?? '';
const parts = own.split(/\n\n/);

const source = `
import {
  type Hyperparameter, type Optimizer, type Schedule, type Shape, type Tensor,
  dense, kaimingNormal, model, softplus,
} from 'chainrule';
${own}
export default model('own', (m) => {
  const x = m.input('x', ['batch', 2]);
  const y = m.label('y', ['batch', 1]);
  const score = dense(mish(dense(x, 4)), 1);
  return { loss: hinge(score, y) };
}, { batch: 4, optimizer: signDescent(inverseTime(0.1, 0.5)) });
`;

let folder = '';
let model: Model;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chainrule-readme-'));
  const file = join(folder, 'own.model.ts');
  writeFileSync(file, source);
  model = await loadModel(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the README's own activation, loss, schedule and optimizer", () => {
  it('are there, each in under ten lines of code', () => {
    expect(parts).toHaveLength(4);
    for (const part of parts) {
      const lines = part.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('//'));
      expect(lines.length, part).toBeLessThan(10);
    }
  });

  it('compile and train', async () => {
    const trainer = createTrainer(await instantiate((await compile(model)).code));
    const data = {
      x: [
        [1, 2],
        [2, 1],
        [-1, 0],
        [0, -2],
      ],
      y: [1, 1, 0, 0],
    };
    const first = trainer.step(data);
    expect(first.learningRate).toBeCloseTo(0.1, 6);
    expect(trainer.step(data).learningRate).toBeCloseTo(0.1 / 1.5, 6);
    for (let i = 0; i < 200; i++) trainer.step(data);
    expect(trainer.evaluate(data).loss).toBeLessThan(first.loss ?? 0);
  });
});
