/** The figures of the examples: their numbers are computed by compiled models, the drawing is that of the reports. */

import type { Point } from '../../src/report/decimate.ts';
import { activationCurves } from './activations.ts';
import { noisySeries, seriesAverages } from './averages.ts';
import { type Cell, gridSvg } from './grid.ts';
import { scheduleCurves, steps } from './schedules.ts';
import { depth, gradientSizes } from './vanishing.ts';

/** By the path from the root of the repository. */
export const drawings: Readonly<Record<string, () => Promise<string>>> = {
  'examples/06-activations/activations.svg': drawActivations,
  'examples/06-activations/vanishing.svg': drawVanishing,
  'examples/08-schedules/schedules.svg': drawSchedules,
  'examples/09-optimization/ewa.svg': drawAverages,
};

const counted = (values: readonly number[], first: 0 | 1): Point[] => values.map((y, i) => [i + first, y]);

async function drawActivations(): Promise<string> {
  const curves = await activationCurves();
  return gridSvg({
    title: 'Activation functions and their derivatives, as the compiler derives them',
    keys: ['f(z)', 'f′(z)'],
    columns: 4,
    cell: { width: 240, height: 190 },
    cells: curves.map(({ name, z, values, derivatives }) => ({
      title: name === 'softmax' ? 'softmax, first of (z, 0, 0)' : name,
      x: { label: 'z' },
      series: [values, derivatives].map((ys, key) => ({
        key,
        points: ys.map((y, i): Point => [z[i] ?? 0, y]),
      })),
    })),
  });
}

async function drawVanishing(): Promise<string> {
  const [sigmoid, relu] = [await gradientSizes('sigmoid'), await gradientSizes('relu')];
  const last = sigmoid[depth - 1] ?? Number.NaN;
  const bound = sigmoid.map((_, i) => last * 0.25 ** (depth - 1 - i));
  return gridSvg({
    title: 'Ten stacked layers before training: mean |∂Z| of each',
    keys: ['sigmoid, Xavier', 'ReLU, Kaiming', '0.25ⁿ of layer 10, n layers below it'],
    columns: 1,
    cell: { width: 640, height: 340 },
    cells: [
      {
        title: 'mean |∂Z|',
        x: { label: 'layer' },
        y: { log: true },
        series: [
          { key: 2, points: counted(bound, 1) },
          { key: 0, points: counted(sigmoid, 1) },
          { key: 1, points: counted(relu, 1) },
        ],
      },
    ],
  });
}

/** As the chapter goes through them. */
const order = [
  ...['halving', 'halving-on-metric', 'halving-on-plateau', 'piecewise', 'exponential-decay', 'cosine'],
  ...['warm-up', 'cyclic', 'one-cycle', 'one-cycle-momentum'],
];

async function drawSchedules(): Promise<string> {
  const curves = [...(await scheduleCurves())];
  curves.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const x = { label: 'step', to: steps };
  const rates = curves.map(({ name, rates }): Cell => {
    return { title: name, x, y: { from: 0 }, series: [{ key: 0, points: counted(rates, 0) }] };
  });
  const momenta = curves
    .filter(({ momenta }) => momenta.length > 0)
    .map(({ name, momenta }): Cell => {
      return { title: `${name}: momentum`, x, series: [{ key: 1, points: counted(momenta, 0) }] };
    });
  return gridSvg({
    title: 'Schedules over 200 steps, as the compiled steps report them',
    keys: ['learning rate', 'momentum'],
    columns: 4,
    cell: { width: 240, height: 180 },
    cells: [...rates, ...momenta],
  });
}

async function drawAverages(): Promise<string> {
  const series = noisySeries();
  const averages = await seriesAverages();
  return gridSvg({
    title: 'Exponentially weighted averages of a noisy series',
    keys: ['series', 'v', 'v / (1 - βᵗ)'],
    columns: 3,
    cell: { width: 320, height: 240 },
    cells: averages.map(({ beta, plain, corrected }) => ({
      title: `β = ${beta}`,
      x: { label: 't' },
      y: { from: 2, to: 16 },
      series: [
        { key: 0, look: 'dots', points: counted(series, 1) },
        { key: 1, points: counted(plain, 1) },
        { key: 2, points: counted(corrected, 1) },
      ],
    })),
  });
}
