/** Which output of a model speaks for the classes, and what it says about one record. */

import type { Dataset } from '../data/dataset.ts';
import { rowSize } from '../runtime/columns.ts';
import type { Layout, Outputs } from '../runtime/module.ts';

/** The class chosen for a record, and the probability of each class if it is known. */
export interface Verdict {
  readonly chosen: number;
  readonly probabilities: readonly number[];
}

export interface ClassReader {
  /** Of the classes, in the order of their indices. */
  readonly names: readonly string[];
  readonly hasProbabilities: boolean;
  readonly read: (outputs: Outputs, row: number) => Verdict;
}

/** From an output with a number per class, or else with the index of a class. */
export function classReaderOf(layout: Layout, classes: number, dataset: Dataset): ClassReader | undefined {
  const names = classNames(classes, dataset);
  const perRecord = layout.outputs.filter(({ shape }) => shape[0] === 'batch');
  const scores = perRecord.find(({ dtype, shape }) => dtype !== 'i32' && rowSize(shape) === classes);
  if (scores) {
    const read = ({ [scores.name]: values }: Outputs, row: number): Verdict => {
      const numbers = Array.from(values?.subarray(row * classes, (row + 1) * classes) ?? []);
      const probabilities = isDistribution(numbers) ? numbers : softmax(numbers);
      return { chosen: indexOfLargest(numbers), probabilities };
    };
    return { names, hasProbabilities: true, read };
  }
  const index = perRecord.find(({ dtype, shape }) => dtype === 'i32' && rowSize(shape) === 1);
  if (index === undefined) return undefined;
  const read = (outputs: Outputs, row: number): Verdict => ({
    chosen: outputs[index.name]?.[row] ?? 0,
    probabilities: [],
  });
  return { names, hasProbabilities: false, read };
}

/** The output, a number per record, that is the probability of class 1 when all labels are 0 or 1. */
export function findBinary(
  columns: readonly { readonly name: string; readonly values: Float64Array }[],
  labels: ArrayLike<number>,
  dataset: Dataset,
): ClassReader | undefined {
  if (!Array.from(labels).every((label) => label === 0 || label === 1)) return undefined;
  const found = columns.find(({ values }) => values.every((p) => p >= 0 && p <= 1));
  if (found === undefined) return undefined;
  const read = (outputs: Outputs, row: number): Verdict => {
    const p = outputs[found.name]?.[row] ?? 0;
    return { chosen: p > 0.5 ? 1 : 0, probabilities: [1 - p, p] };
  };
  return { names: classNames(2, dataset), hasProbabilities: true, read };
}

const classNames = (count: number, { classes }: Dataset): readonly string[] =>
  classes?.length === count ? classes : Array.from({ length: count }, (_, i) => String(i));

/** Whether numbers are probabilities already, up to rounding. */
function isDistribution(numbers: readonly number[]): boolean {
  const sum = numbers.reduce((total, p) => total + p, 0);
  return Math.abs(sum - 1) < 1e-3 && numbers.every((p) => p >= 0 && p <= 1 + 1e-3);
}

function softmax(logits: readonly number[]): readonly number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The first of the largest numbers. */
function indexOfLargest(numbers: readonly number[]): number {
  let best = 0;
  numbers.forEach((value, i) => {
    if (value > (numbers[best] ?? Number.NEGATIVE_INFINITY)) best = i;
  });
  return best;
}
