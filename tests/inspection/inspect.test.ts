/** Inspections: every pane tells of the same values, by the same keys, and what it says is so. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { simplifyEquations, simplifyRules } from '../../passes/equations/index.ts';
import { type Inspected, inspect } from '../../src/inspection/inspect.ts';
import type { BufferRow, GraphNode, Inspection } from '../../src/inspection/inspection.ts';
import { loadModel } from '../../src/load-model.ts';
import { publishCounts } from '../counts.ts';
import { repository } from '../golden/modules.ts';

const readSource = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8') : undefined;

const inspected = async (example: string, target: 'ts' | 'wasm' = 'ts'): Promise<Inspected> =>
  inspect(await loadModel(join(repository, 'examples', example)), { target, readSource });

const chosen = [
  '01-logistic-regression/model.ts',
  '02-softmax-regression/model.ts',
  '03-neural-network/model.ts',
  '06-activations/gelu.model.ts',
  '07-regularization/dropout.model.ts',
  '08-schedules/one-cycle-momentum.model.ts',
  '09-optimization/nesterov.model.ts',
  '09-optimization/gradient-clipping.model.ts',
  '10-normalization/z-score.model.ts',
];

const stageOf = ({ stages }: Inspection, name: string) => {
  const found = stages.find((stage) => stage.name === name);
  if (found === undefined) throw new Error(`There is no stage ${name}.`);
  return found;
};

const keysOf = (nodes: readonly GraphNode[]): ReadonlySet<string> =>
  new Set(nodes.flatMap(({ keys }) => keys));

describe.each(chosen)('an inspection of %s', (example) => {
  let inspection: Inspection;
  beforeAll(async () => {
    ({ inspection } = await inspected(example));
  }, 60_000);

  it('is plain data, the same every time, and tells nothing of the machine', async () => {
    const text = JSON.stringify(inspection);
    expect(JSON.parse(text)).toEqual(inspection);
    expect(JSON.stringify((await inspected(example)).inspection)).toBe(text);
    expect(text).not.toContain(repository);
  });

  it('knows the value and the line of the model of every statement that stores', () => {
    const [{ lines, text } = { lines: [], text: '' }] = inspection.code;
    const final = keysOf(stageOf(inspection, 'materialize').graph.nodes);
    const storing = lines.filter(({ stores }) => stores);
    expect(storing.length).toBeGreaterThanOrEqual(inspection.schedule.blocks.length);
    for (const { keys, line, block } of storing) {
      expect(final).toContain(keys[0]);
      expect(inspection.schedule.blocks[block]?.keys).toContain(keys[0]);
      expect(text.split('\n')[line - 1]).toMatch(/=|fill/);
    }
    // Schedules and slots of optimizers are written by the library, not by the model.
    const users = storing.filter(({ role }) => role !== 'update');
    for (const { site } of users) expect(inspection.sources[site?.source ?? -1]?.text).toBeDefined();
    publishCounts('linked statements', { statements: storing.length });
  });

  it('gives blocks, buffers and formulas the keys that the graph has', () => {
    const final = keysOf(stageOf(inspection, 'materialize').graph.nodes);
    for (const { keys } of inspection.schedule.blocks) expect(final).toContain(keys[0]);
    for (const { keys, name } of inspection.memory.buffers) expect(final, name).toContain(keys[0]);
    const gradients = inspection.derivation.filter(({ kind }) => kind === 'step');
    expect(gradients.length).toBeGreaterThan(1);
    const simplified = keysOf(stageOf(inspection, 'simplify-gradients').graph.nodes);
    const derived = keysOf(stageOf(inspection, 'autodiff').graph.nodes);
    for (const { keys } of gradients)
      expect(derived.has(keys[0] ?? '') || simplified.has(keys[0] ?? '')).toBe(true);
  });

  it('says which values each pass has added, changed and removed', () => {
    for (const [at, stage] of inspection.stages.entries()) {
      const before = inspection.stages[at - 1]?.graph.nodes.map(({ keys }) => keys[0] ?? '') ?? [];
      const now = stage.graph.nodes.map(({ keys }) => keys[0] ?? '');
      if (at === 0 || stage.graph.nodes.some(({ kind }) => kind === 'block')) continue;
      expect(new Set(stage.removed)).toEqual(new Set(before.filter((key) => !now.includes(key))));
      const added = stage.graph.nodes
        .filter(({ change }) => change === 'added')
        .map(({ keys }) => keys[0] ?? '');
      expect(new Set(added)).toEqual(new Set(now.filter((key) => !before.includes(key))));
      expect(new Set(now).size).toBe(now.length);
    }
    expect(stageOf(inspection, 'autodiff').graph.nodes.some(({ change }) => change === 'added')).toBe(true);
  });

  it('names equations that there are, with what they were applied to', () => {
    const known = new Set([...simplifyEquations, ...simplifyRules].map(({ name }) => name));
    const firings = inspection.stages.flatMap((stage) => stage.equations);
    expect(firings.length).toBeGreaterThan(0);
    for (const { name, before, after } of firings) {
      expect(known).toContain(name);
      expect(before).not.toBe('');
      expect(after).not.toBe('');
    }
  });

  it('draws nodes beside each other, and arrows from above to below', () => {
    for (const { graph } of inspection.stages) {
      const { nodes, edges, width, height } = graph;
      for (const [at, a] of nodes.entries()) {
        expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width / 2).toBeLessThanOrEqual(width + 1);
        expect(a.y + a.height / 2).toBeLessThanOrEqual(height + 1);
        for (const b of nodes.slice(at + 1)) {
          const apart =
            Math.abs(a.x - b.x) >= (a.width + b.width) / 2 ||
            Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
          expect(apart, `${a.label} and ${b.label}`).toBe(true);
        }
      }
      for (const { from, to, points } of edges) {
        expect(nodes[from]?.y ?? 0).toBeLessThan(nodes[to]?.y ?? 0);
        expect(points.length).toBeGreaterThan(1);
      }
    }
  });

  it('shows an arena in which what lives at the same time shares no bytes', () => {
    const { buffers, arenaBytes } = inspection.memory;
    const values = buffers.filter(({ bytes }) => bytes > 0);
    const overlap = (a: BufferRow, b: BufferRow): boolean =>
      a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes && a.from < b.to && b.from < a.to;
    for (const [at, a] of values.entries()) {
      expect(a.offset + a.bytes).toBeLessThanOrEqual(arenaBytes);
      // One that takes the place of another in its last block is computed over it.
      for (const b of values.slice(at + 1)) expect(overlap(a, b), `${a.name} and ${b.name}`).toBe(false);
    }
  });
});

describe('the schedule of the two-layer network', () => {
  const [samples, inputs, hidden, classes] = [60_000, 784, 32, 10];
  /** A product of matrices: as many multiplications as additions, and one more operation per element where a bias is added. */
  const products: Readonly<Record<string, number>> = {
    z1: samples * hidden * (2 * inputs + 1),
    z2: samples * classes * (2 * hidden + 1),
    dW2: 2 * samples * hidden * classes,
    dW1: 2 * samples * inputs * hidden,
  };

  it.each(['ts', 'wasm'] as const)(
    'counts the operations of its products by hand, for %s',
    async (target) => {
      const { inspection } = await inspected('03-neural-network/model.ts', target);
      for (const [name, flops] of Object.entries(products)) {
        const rows = inspection.schedule.blocks.filter(
          (row) => row.keys[0] === name && row.decision !== 'cleared first',
        );
        expect(
          rows.reduce((sum, row) => sum + row.flops, 0),
          name,
        ).toBe(flops);
      }
      const [z1] = inspection.schedule.blocks.filter((row) => row.keys[0] === 'z1');
      expect(z1?.bytesRead).toBe(4 * (samples * inputs + inputs * hidden + hidden));
      expect(z1?.bytesWritten).toBe(4 * samples * hidden);
      expect(z1?.loops).toContain(target === 'ts' ? 'for ' : 'tiles z1');
    },
  );

  it('has the text of WebAssembly beside the TypeScript', async () => {
    const { inspection } = await inspected('03-neural-network/model.ts', 'wasm');
    expect(inspection.code.map(({ name, language }) => [name, language])).toEqual([
      ['model.trainer.ts', 'ts'],
      ['model.trainer.wat', 'wat'],
    ]);
    expect(inspection.code[1]?.text).toMatch(/^\(module/);
    expect(inspection.schedule.decision[0]).toMatch(/tiles of \d+ samples/);
  });
});

it('simplifies the gradient at the logits to (a2 - y) / m before our eyes', async () => {
  const { inspection } = await inspected('03-neural-network/model.ts');
  const at = (name: string) => stageOf(inspection, name).graph.nodes.find((node) => node.keys[0] === 'dZ2');
  expect(at('autodiff')).toMatchObject({ change: 'added', role: 'backward' });
  expect(at('simplify-gradients')).toMatchObject({ change: 'changed', formula: '(a2 - onehot(y)) / m' });
  const fired = stageOf(inspection, 'simplify-gradients').equations;
  expect(fired.find(({ to }) => to === 'dZ2')).toMatchObject({
    name: 'x/z - y/z = (x - y)/z',
    before: 'a2 / m - onehot(y) / m',
    after: '(a2 - onehot(y)) / m',
  });
  const steps = inspection.derivation.filter(({ keys }) => keys[0] === 'dZ2');
  expect(steps.map(({ kind }) => kind)).toContain('formula');
  expect(
    inspection.sources[steps[0]?.site?.source ?? -1]?.text.split('\n')[(steps[0]?.site?.line ?? 0) - 1],
  ).toContain('a2');
});

it('draws a program of more values than can be laid out in time row by row', async () => {
  const { draw } = await import('../../src/inspection/layout.ts');
  const boxes = Array.from({ length: 3000 }, (_, at) => ({ width: 40 + (at % 7), height: 28 }));
  const arrows = boxes.slice(1).map((_, at) => ({ from: Math.floor(at / 3), to: at + 1 }));
  const begin = performance.now();
  const { middles, paths, width, height } = draw(boxes, arrows);
  expect(performance.now() - begin).toBeLessThan(1000);
  expect(paths).toHaveLength(arrows.length);
  for (const { from, to } of arrows) expect(middles[from]?.[1] ?? 0).toBeLessThan(middles[to]?.[1] ?? 0);
  for (const [x, y] of middles) expect(x > 0 && x < width && y > 0 && y < height).toBe(true);
});
