/** Statistics of the training data that a model normalizes its inputs with: fitted before the first step. */

import { rowSize } from './dtypes.ts';
import { inputError } from './errors.ts';
import type { InitSpec, Layout, State, TypedArray } from './module.ts';
import { quote } from './names.ts';
import type { Source } from './stage.ts';

type Fitted = Extract<InitSpec, { kind: 'fitted' }>;

const fittedStates = (layout: Layout) =>
  layout.state.flatMap(({ name, init }) => (init.kind === 'fitted' ? [{ name, init }] : []));

/** The statistics that nobody has given yet. */
const missingStates = (layout: Layout, state: State) =>
  fittedStates(layout).filter(({ name }) => state[name]?.some(Number.isNaN) === true);

export const awaitsFitting = (layout: Layout, state: State): boolean =>
  missingStates(layout, state).length > 0;

/** Throws `train/not-fitted` when it has. */
export function checkFitted(layout: Layout, state: State): void {
  const names = missingStates(layout, state).map(({ name }) => quote(name));
  if (names.length === 0) return;
  throw inputError(
    'train/not-fitted',
    `The model normalizes its inputs with ${names.join(', ')}, which have not been fitted yet.`,
    'fit does it with the data it is given; otherwise call fitStatistics with the training data, or load weights.',
  );
}

/** Fits to the training data, in f64, the statistics that nobody has given yet; all anew where none is missing. */
export function fitStatistics(layout: Layout, state: State, { whole, count }: Source): void {
  const missing = missingStates(layout, state);
  for (const { name, init } of missing.length > 0 ? missing : fittedStates(layout)) {
    const width = rowSize(layout.inputs.find((input) => input.name === init.input)?.shape ?? []);
    const column = whole[init.input];
    if (column) state[name]?.set(statisticOf(init, column, count, width));
  }
}

function statisticOf({ statistic }: Fitted, column: TypedArray, count: number, width: number): Float64Array {
  const fold = (start: number, next: Fold): Float64Array => {
    const result = new Float64Array(width).fill(start);
    for (let row = 0; row < count; row++) {
      for (let j = 0; j < width; j++) result[j] = next(result[j] ?? 0, column[row * width + j] ?? 0, j);
    }
    return result;
  };
  if (statistic === 'min') return fold(Number.POSITIVE_INFINITY, (least, x) => Math.min(least, x));
  if (statistic === 'max') return fold(Number.NEGATIVE_INFINITY, (most, x) => Math.max(most, x));
  // Differences from the first record: the mean of a constant feature is exact, and so its variance is 0.
  const first = (j: number): number => column[j] ?? 0;
  const mean = fold(0, (sum, x, j) => sum + (x - first(j)) / count).map((sum, j) => first(j) + sum);
  return statistic === 'mean' ? mean : fold(0, (sum, x, j) => sum + (x - (mean[j] ?? 0)) ** 2 / count);
}

type Fold = (sofar: number, x: number, feature: number) => number;
