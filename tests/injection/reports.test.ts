/** Reports and charts: names of models, metrics, classes, columns and data sets are text, whatever they hold. */

import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { findBounds } from '../../src/cli/lr-bounds.ts';
import { rangeSvg } from '../../src/cli/lr-chart.ts';
import { createHistory } from '../../src/report/history.ts';
import { lineChart } from '../../src/report/line-chart.ts';
import { reportPage, type Training } from '../../src/report/report.ts';
import type { Layout } from '../../src/runtime/module.ts';
import { publishCounts } from '../counts.ts';
import { splitOf } from '../report/support.ts';
import { pageForm, svgForm, unprintableIn } from './markup.ts';
import { groupsOf, hostileNames, limit } from './names.ts';
import { assertNoPoisoning } from './poisoning.ts';
import { difference } from './syntax.ts';

/** Settings are drawn otherwise than metrics, and no metric can be called so. */
const names = hostileNames().filter((name) => !['learningRate', 'momentum', 'loss'].includes(name));
const counted = new Map<string, number>();

vi.setConfig({ testTimeout: limit });

afterEach(assertNoPoisoning);
afterAll(() => publishCounts('injection', Object.fromEntries(counted)));

const namesPerPage = 14;
const tasks = ['classes', 'plane', 'numbers', 'nothing'] as const;
type Task = (typeof tasks)[number];
/** Of how many names one is shown so: drawing the plane of two features takes long. */
const shares: Readonly<Record<Task, number>> = { classes: 1, plane: 8, numbers: 4, nothing: 4 };

/** A training as the command line hands it over, of which all names are from outside. */
function trainingOf(all: readonly string[], task: Task): Training {
  const name = (i: number): string => all[i % all.length] ?? '';
  const isClassified = task === 'classes' || task === 'plane';
  const metrics = ['loss', ...new Set([name(0), name(1), name(2)])];
  const classes = [name(3), name(4), name(5)];
  const label = isClassified
    ? { name: name(6), role: 'label', dtype: 'i32', shape: ['batch'], classes: 3 }
    : { name: name(6), role: 'label', dtype: 'f32', shape: ['batch', 1] };
  const width = isClassified ? 3 : 1;
  const features = task === 'classes' ? 3 : 2;
  const layout: Layout = {
    model: name(7),
    dtype: 'f32',
    maxBatch: 30,
    arenaBytes: 64,
    inputs: [
      { name: name(8), role: 'input', dtype: 'f32', shape: ['batch', features] },
      label,
    ] as Layout['inputs'],
    state: [],
    outputs: task === 'nothing' ? [] : [{ name: name(9), dtype: 'f32', shape: ['batch', width] }],
    metrics,
    evaluation: metrics,
  };
  const split = splitOf(30, features, 3);
  const history = createHistory(metrics);
  const values = Object.fromEntries(metrics.map((metric, i) => [metric, 0.5 + i]));
  for (let step = 1; step <= 3; step++)
    history.add({
      epoch: 1,
      samplesSeen: step,
      skipped: 0,
      learningRate: 1,
      ...values,
      step,
      stepsTotal: 3,
    } as Parameters<typeof history.add>[0]);
  return {
    layout,
    dataset: {
      name: name(10),
      train: split,
      test: split,
      featureNames: [name(11), name(12), name(13)].slice(0, features),
      ...(isClassified ? { classes } : {}),
    },
    trainer: {
      predict: () =>
        Object.fromEntries([[name(9), Float32Array.from({ length: 30 * width }, (_, i) => Math.sin(i))]]),
    },
    history,
    batch: 10,
    steps: 3,
    seconds: 1,
    interrupted: true,
    train: values,
    test: values,
  };
}

const harmless = Array.from({ length: namesPerPage }, (_, i) => `name ${i}`);

it.each(tasks)('a page on %s has the elements and attributes of any other', async (task) => {
  const expected = pageForm(await reportPage(trainingOf(harmless, task)));
  expect(expected).not.toMatch(/script|\bon\w+|iframe|object|embed|foreignObject|style\)/i);
  const some = names.filter((_, i) => i % shares[task] === 0);
  // The same number of names on each page, or a name would have to stand in two places.
  for (const group of groupsOf(some, namesPerPage).filter(({ length }) => length === namesPerPage)) {
    const page = await reportPage(trainingOf(group, task));
    expect(difference(pageForm(page), expected), JSON.stringify(group)).toBeUndefined();
    expect(unprintableIn(page), JSON.stringify(group)).toBeUndefined();
  }
  counted.set('reports', (counted.get('reports') ?? 0) + some.length);
});

const points = [
  [1, 2],
  [2, 3],
  [3, 1],
] as const;

const chartOf = (all: readonly string[]): Promise<string> => {
  const [title = '', x = '', y = '', ...series] = all;
  return lineChart({
    title,
    x: { label: x },
    y: { label: y },
    series: series.map((name) => ({ name, points })),
  });
};

it('a chart has the elements and attributes of any other, and is well-formed', async () => {
  const expected = svgForm(await chartOf(harmless.slice(0, 7)));
  for (const group of groupsOf(names, 7).filter(({ length }) => length === 7)) {
    const svg = await chartOf(group);
    expect(difference(svgForm(svg), expected), JSON.stringify(group)).toBeUndefined();
    expect(unprintableIn(svg), JSON.stringify(group)).toBeUndefined();
  }
  counted.set('charts', names.length);
});

it('the chart of a learning-rate sweep too', async () => {
  const readings = Array.from({ length: 40 }, (_, i) => ({
    rate: 1e-4 * 1.2 ** i,
    loss: 2 - i / 30,
    accuracy: 0.5,
  }));
  const sweep = { min: 1e-4, max: 1, steps: 40, linear: false };
  const bounds = findBounds(readings, 40, false);
  const expected = svgForm(await rangeSvg('plain', readings, bounds, sweep));
  for (const name of names.filter((_, i) => i % 10 === 0)) {
    const svg = await rangeSvg(name, readings, bounds, sweep);
    expect(difference(svgForm(svg), expected), JSON.stringify(name)).toBeUndefined();
    expect(unprintableIn(svg), JSON.stringify(name)).toBeUndefined();
  }
  counted.set('sweeps', Math.ceil(names.length / 10));
});
