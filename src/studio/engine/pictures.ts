/** What a model looks like between two steps: its decision boundary, its parameters, and what it makes of some samples. */

import { knownName } from '../../../ir/describe.ts';
import { evaluate } from '../../../ir/evaluate.ts';
import { rootsOf } from '../../../ir/program.ts';
import { reachable, type Value } from '../../../ir/value.ts';
import type { Split } from '../../data/dataset.ts';
import { leafOf } from '../../leaf-data.ts';
import { type ClassReader, classReaderOf, findBinary } from '../../report/classes.ts';
import { rowSize } from '../../runtime/columns.ts';
import type { Batch, Outputs } from '../../runtime/module.ts';
import { pictureOf } from './array-picture.ts';
import type { Opened } from './opened.ts';
import type { ArrayPicture, Pictures } from './protocol.ts';

/** Cells along each side of the plane. */
const cells = 64;
/** Test samples whose values on the way are shown: fewer where each takes long in the evaluator. */
const samplesFor = (width: number): number => (width > 64 ? 8 : 16);

export function picturesOf(opened: Opened): Pictures {
  const boundary = boundaryOf(opened);
  return {
    ...(boundary === undefined ? {} : { boundary }),
    arrays: [...parametersOf(opened), ...activationsOf(opened)],
  };
}

function parametersOf({ trainer }: Opened): readonly ArrayPicture[] {
  return trainer.layout.state
    .filter(({ role }) => role === 'parameter')
    .map(({ name, shape }) => pictureOf(name, 'parameter', shape, trainer.state[name] ?? []));
}

/** The values of inference that have a name and a row for each sample, for the first samples of the test data. */
function activationsOf({ compiled, trainer, columns }: Opened): readonly ArrayPicture[] {
  const { graph } = compiled;
  const { steps, seed, state } = trainer;
  const { batch, count } = firstRows(trainer.layout, columns.test ?? columns.train);
  const roots = graph.functions.filter(({ name }) => name !== 'step').flatMap(rootsOf);
  const named = reachable(roots).filter(
    (value) => isOfSamples(value) && graph.notes.get(value)?.name !== undefined,
  );
  const tensors = evaluate(named, {
    batch: count,
    float: graph.float,
    leaf: leafOf(batch, state, steps, seed),
  });
  return named.map((value) => {
    const { shape, data } = tensors.get(value) ?? { shape: [], data: [] };
    return pictureOf(knownName(graph.notes, value) ?? value.op, 'activation', shape, data);
  });
}

const isOfSamples = ({ op, shape }: Value): boolean => op !== 'input' && shape[0] === 'batch';

function firstRows({ inputs }: Opened['trainer']['layout'], columns: Batch) {
  const widths = inputs.map(({ shape }) => rowSize(shape));
  const rows = Math.min(...inputs.map(({ name, shape }) => (columns[name]?.length ?? 0) / rowSize(shape)));
  const count = Math.min(samplesFor(Math.max(...widths)), rows);
  const batch: Batch = Object.fromEntries(
    inputs.flatMap(({ name, shape }) => {
      const column = columns[name];
      return column === undefined ? [] : [[name, column.subarray(0, count * rowSize(shape))]];
    }),
  );
  return { batch, count };
}

/** Only for one input of two features, and an output that speaks for classes. */
function boundaryOf({ trainer, dataset }: Opened): Pictures['boundary'] {
  const { layout } = trainer;
  const [input, ...others] = layout.inputs.filter(({ role }) => role === 'input');
  if (input === undefined || others.length > 0 || rowSize(input.shape) !== 2) return undefined;
  const extent = extentOf(dataset.train);
  const outputs = predictPoints(trainer, input.name, gridOver(extent));
  const reader = readerOf(trainer, dataset, outputs);
  if (reader === undefined) return undefined;
  const binary = reader.hasProbabilities && reader.names.length === 2;
  const values = Float32Array.from({ length: cells * cells }, (_, row) => {
    const { chosen, probabilities } = reader.read(outputs, row);
    return binary ? (probabilities[1] ?? 0) : chosen;
  });
  return { columns: cells, rows: cells, extent, kind: binary ? 'probability' : 'class', values };
}

/** What has a row for each point. As many at once as the model takes: outputs without rows are of one batch each. */
function predictPoints(trainer: Opened['trainer'], input: string, points: Float64Array): Outputs {
  const { maxBatch, outputs } = trainer.layout;
  const parts: Outputs[] = [];
  for (let from = 0; from < points.length; from += 2 * maxBatch)
    parts.push(trainer.predict({ [input]: points.subarray(from, from + 2 * maxBatch) }));
  return Object.fromEntries(
    outputs
      .filter(({ shape }) => shape[0] === 'batch')
      .map(({ name }) => [name, Float64Array.from(parts.flatMap((part) => [...(part[name] ?? [])]))]),
  );
}

/** As in reports: an output with a number per class, the index of a class, or the probability of class 1. */
function readerOf(
  { layout }: Opened['trainer'],
  dataset: Opened['dataset'],
  outputs: Outputs,
): ClassReader | undefined {
  const classes = layout.inputs.find(({ role }) => role === 'label')?.classes;
  if (classes !== undefined) return classReaderOf(layout, classes, dataset);
  const columns = layout.outputs
    .filter(({ dtype, shape }) => dtype !== 'i32' && shape[0] === 'batch' && rowSize(shape) === 1)
    .map(({ name }) => ({ name, values: Float64Array.from(outputs[name] ?? []) }));
  return findBinary(columns, dataset.train.labels, dataset);
}

type Extent = readonly [number, number, number, number];

/** A little more than the points take. */
function extentOf({ features, count }: Split): Extent {
  const along = (axis: 0 | 1): readonly [number, number] => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < count; row++) {
      const x = features[2 * row + axis] ?? 0;
      low = Math.min(low, x);
      high = Math.max(high, x);
    }
    const margin = low === high ? 1 : 0.08 * (high - low);
    return [low - margin, high + margin];
  };
  return [...along(0), ...along(1)];
}

/** The middles of the cells, from the top left. */
function gridOver([left, right, bottom, top]: Extent): Float64Array {
  const grid = new Float64Array(2 * cells * cells);
  for (let i = 0; i < cells * cells; i++) {
    const [column, row] = [i % cells, Math.floor(i / cells)];
    grid[2 * i] = left + ((right - left) * (column + 0.5)) / cells;
    grid[2 * i + 1] = top - ((top - bottom) * (row + 0.5)) / cells;
  }
  return grid;
}
