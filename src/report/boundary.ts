/** The plane as a classifier of two features sees it: a colour for each class, its borders, and the data on top. */

import type { Dataset, Split } from '../data/dataset.ts';
import { rowSize } from '../runtime/columns.ts';
import type { Layout } from '../runtime/module.ts';
import type { Verdict } from './classes.ts';
import { type Classified, type Predictor, predictInParts } from './evaluation.ts';
import { type Dot, extent, type Figure, type Layer, widened } from './figure.ts';
import { pngDataUri } from './png.ts';
import { seriesRgb } from './theme.ts';

type Domain = readonly [number, number];

interface Area {
  readonly x: Domain;
  readonly y: Domain;
}

/** Cells along each side: few enough to be predicted at once. The outermost lie beyond the frame. */
const cells = 120;
const mostDots = 1500;

export function boundaryFigure(
  layout: Layout,
  dataset: Dataset,
  split: Split,
  evaluation: Classified,
  trainer: Predictor,
): Figure | undefined {
  const input = layout.inputs.find(({ role }) => role === 'input');
  if (input === undefined || rowSize(input.shape) !== 2) return undefined;
  const domains = { x: domainAlong(split, 0), y: domainAlong(split, 1) };
  // A border that runs along the edge of the grid would be drawn as a frame: it is left outside.
  const area = { x: widened(domains.x, 1 / (cells - 2)), y: widened(domains.y, 1 / (cells - 2)) };
  const verdicts: Verdict[] = [];
  const grid = gridOver(area, split.features instanceof Float64Array);
  predictInParts(layout, grid, trainer, (outputs, _from, count) => {
    for (let row = 0; row < count; row++) verdicts.push(evaluation.reader.read(outputs, row));
  });
  const [xName = 'x1', yName = 'x2'] = dataset.featureNames ?? [];
  return {
    description: 'Decision boundary: the predicted class at each place, with the data on top',
    width: 460,
    height: 400,
    x: { label: xName, domain: domains.x },
    y: { label: yName, domain: domains.y },
    layers: [
      { kind: 'picture', href: shading(verdicts), ...area },
      ...borders(verdicts, evaluation, area),
      { kind: 'dots', dots: dotsOf(split, evaluation), radius: 3 },
    ],
  };
}

function domainAlong({ features, count }: Split, axis: 0 | 1): Domain {
  const values = Array.from({ length: count }, (_, row) => features[2 * row + axis] ?? Number.NaN);
  return widened(extent(values) ?? [0, 1], 0.08);
}

/** The middles of the cells, from the top left. */
function gridOver({ x, y }: Area, wide: boolean): Float32Array | Float64Array {
  const grid = wide ? new Float64Array(2 * cells * cells) : new Float32Array(2 * cells * cells);
  for (let i = 0; i < cells * cells; i++) {
    const [column, row] = [i % cells, Math.floor(i / cells)];
    grid[2 * i] = x[0] + ((x[1] - x[0]) * (column + 0.5)) / cells;
    grid[2 * i + 1] = y[1] - ((y[1] - y[0]) * (row + 0.5)) / cells;
  }
  return grid;
}

/** Each cell in the colour of its class, the stronger the more probable the class. */
function shading(verdicts: readonly Verdict[]): string {
  const values = new Uint8Array(4 * verdicts.length);
  verdicts.forEach(({ chosen, probabilities }, i) => {
    const others = 1 / Math.max(2, probabilities.length);
    const sure = ((probabilities[chosen] ?? 1) - others) / (1 - others);
    const opacity = 0.06 + 0.26 * Math.min(1, Math.max(0, sure));
    values.set([...seriesRgb(chosen), Math.round(255 * opacity)], 4 * i);
  });
  return pngDataUri({ width: cells, height: cells, channels: 4, values });
}

/** Where a class and the best of the others are equally probable; of two classes one border is enough. */
function borders(verdicts: readonly Verdict[], { names, hasProbabilities }: Classified, area: Area): Layer[] {
  if (!hasProbabilities) return [];
  const classes = names.length === 2 ? [1] : names.map((_, i) => i);
  return classes.flatMap((index): Layer[] => {
    const values = verdicts.map(({ probabilities }) => {
      const others = probabilities.filter((_, i) => i !== index);
      return (probabilities[index] ?? 0) - Math.max(...others);
    });
    const [low, high] = extent(values) ?? [0, 0];
    return low < 0 && high > 0 ? [{ kind: 'zeros', values, columns: cells, rows: cells, ...area }] : [];
  });
}

/** The records, or as many of them as can be seen, evenly taken. */
function dotsOf({ features, count }: Split, { truth, predicted }: Classified): readonly Dot[] {
  const stride = Math.max(1, Math.ceil(count / mostDots));
  return Array.from({ length: Math.ceil(count / stride) }, (_, i): Dot => {
    const row = i * stride;
    const series = truth[row] ?? 0;
    const marked = predicted[row] !== series;
    return { x: features[2 * row] ?? 0, y: features[2 * row + 1] ?? 0, paint: { series }, marked };
  });
}
