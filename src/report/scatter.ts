/** Predicted numbers against true ones, and how far they are apart. */

import type { Estimated } from './evaluation.ts';
import { type Dot, extent, type Figure, widened } from './figure.ts';

export interface Errors {
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** The part of the variance that is explained; undefined when the truth does not vary. */
  readonly r2: number | undefined;
}

export function errorsOf({ truth, predicted }: Estimated): Errors {
  const count = truth.length;
  const labels = Array.from(truth);
  const mean = labels.reduce((total, y) => total + y, 0) / count;
  const residuals = labels.map((y, i) => (predicted[i] ?? Number.NaN) - y);
  const squares = residuals.reduce((total, r) => total + r * r, 0);
  const variance = labels.reduce((total, y) => total + (y - mean) ** 2, 0);
  return {
    rmse: Math.sqrt(squares / count),
    mae: residuals.reduce((total, r) => total + Math.abs(r), 0) / count,
    r2: variance > 0 ? 1 - squares / variance : undefined,
  };
}

const mostDots = 1500;

/** The records, or as many of them as can be seen, evenly taken. Both axes have one scale. */
export function scatterFigure({ truth, predicted, output }: Estimated): Figure {
  const stride = Math.max(1, Math.ceil(truth.length / mostDots));
  const dots = Array.from({ length: Math.ceil(truth.length / stride) }, (_, i): Dot => {
    const row = i * stride;
    return { x: truth[row] ?? Number.NaN, y: predicted[row] ?? Number.NaN, paint: 'accent' };
  }).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const domain = widened(extent(dots.flatMap(({ x, y }) => [x, y])) ?? [0, 1], 0.05);
  return {
    description: 'Predicted numbers against true ones; on the dashed line both are equal',
    width: 460,
    height: 400,
    x: { label: 'true', domain },
    y: { label: `predicted (${output})`, domain },
    layers: [{ kind: 'diagonal' }, { kind: 'dots', dots, radius: 2.6 }],
  };
}
