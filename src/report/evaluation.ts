/** What a trained model makes of each record: for classifiers the class and its probability, else the number. */

import { bindSplit } from '../bind.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import { rowSize } from '../runtime/columns.ts';
import type { Batch, InputLayout, Layout, Metrics, Outputs, TypedArray } from '../runtime/module.ts';
import type { Trainer } from '../runtime/trainer.ts';
import { type ClassReader, classReaderOf, findBinary } from './classes.ts';

export type Predictor = Pick<Trainer<Batch, Metrics, Metrics, Outputs>, 'predict'>;

/** Records that were classified; every list has one entry per record. */
export interface Classified {
  readonly kind: 'classified';
  readonly names: readonly string[];
  /** Whether probabilities are known; a model may give the index of a class alone. */
  readonly hasProbabilities: boolean;
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
  /** Given to the true class; 0 where it is not known. */
  readonly probability: ArrayLike<number>;
  /** Reads classes from the outputs of other records. */
  readonly reader: ClassReader;
}

/** Numbers that were predicted. */
export interface Estimated {
  readonly kind: 'estimated';
  readonly output: string;
  readonly truth: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

export type Evaluation = Classified | Estimated;

/** Evaluates `split`; undefined when the model has no label, or no output that belongs to it. */
export function evaluateSplit(
  layout: Layout,
  dataset: Dataset,
  split: Split,
  trainer: Predictor,
): Evaluation | undefined {
  const label = layout.inputs.find(({ role }) => role === 'label');
  const truth = label === undefined ? undefined : bindSplit(layout, dataset, split)[label.name];
  const hasInput = layout.inputs.some(({ role }) => role === 'input');
  if (label === undefined || truth === undefined || !hasInput) return undefined;
  if (label.classes !== undefined) {
    const reader = classReaderOf(layout, label.classes, dataset);
    return reader && classified(layout, split, trainer, reader, truth);
  }
  return rowSize(label.shape) === 1 ? numbers(layout, dataset, split, trainer, truth) : undefined;
}

function numbers(
  layout: Layout,
  dataset: Dataset,
  split: Split,
  trainer: Predictor,
  truth: TypedArray,
): Evaluation | undefined {
  const candidates = layout.outputs.filter(({ dtype, shape }) => dtype !== 'i32' && isColumn(shape));
  const columns = candidates.map(({ name }) => ({ name, values: new Float64Array(split.count) }));
  predictInParts(layout, split.features, trainer, (outputs, from, count) => {
    for (const { name, values } of columns) values.set(outputs[name]?.subarray(0, count) ?? [], from);
  });
  const binary = findBinary(columns, truth, dataset);
  if (binary) return classified(layout, split, trainer, binary, truth);
  const [main] = columns;
  return main && { kind: 'estimated', output: main.name, truth, predicted: main.values };
}

const isColumn = (shape: InputLayout['shape']): boolean => shape[0] === 'batch' && rowSize(shape) === 1;

function classified(
  layout: Layout,
  split: Split,
  trainer: Predictor,
  reader: ClassReader,
  truth: TypedArray,
): Classified {
  const { names, hasProbabilities } = reader;
  const predicted = new Int32Array(split.count);
  const probability = new Float64Array(split.count);
  predictInParts(layout, split.features, trainer, (outputs, from, count) => {
    for (let row = 0; row < count; row++) {
      const { chosen, probabilities } = reader.read(outputs, row);
      predicted[from + row] = chosen;
      // A model that has come to nothing gives NaN, and nothing is worse than that.
      probability[from + row] = probabilities[truth[from + row] ?? 0] || 0;
    }
  });
  return { kind: 'classified', names, hasProbabilities, truth, predicted, probability, reader };
}

/** Records whose outputs are in memory at once. */
const partOf = 4096;

/** Predicts the rows of `features` part by part, so that wide outputs of many records need not be held together. */
export function predictInParts(
  layout: Layout,
  features: TypedArray,
  trainer: Predictor,
  take: (outputs: Outputs, from: number, count: number) => void,
): void {
  const input = layout.inputs.find(({ role }) => role === 'input');
  if (input === undefined) return;
  const width = rowSize(input.shape);
  const rows = features.length / width;
  for (let from = 0; from < rows; from += partOf) {
    const count = Math.min(partOf, rows - from);
    const part = features.subarray(from * width, (from + count) * width);
    take(trainer.predict({ [input.name]: part }), from, count);
  }
}
