/** Gives the features and labels of a data set the names that a model has for them. */

import type { Dataset, Split } from './data/dataset.ts';
import { rowSize } from './runtime/columns.ts';
import { InputError, type InputErrorCode } from './runtime/errors.ts';
import type { InputLayout, Layout } from './runtime/module.ts';

type NumberArray = Float32Array | Float64Array | Int32Array;
export type BoundColumns = { readonly [name: string]: NumberArray };

export interface BindOptions {
  /** Whether the labels are bound too; predictions do without. Default true. */
  readonly labels?: boolean;
}

/**
 * The columns of `split` by the names of the model's input and label.
 *
 * Throws `data/missing-column` when the model has several inputs or labels, `data/wrong-length` when rows differ
 * in size, `data/label-range` and `data/not-integer` when the labels are not those of the model.
 */
export function bindSplit(
  layout: Layout,
  dataset: Dataset,
  split: Split,
  { labels = true }: BindOptions = {},
): BoundColumns {
  const input = only(layout, dataset, 'input');
  const label = labels ? only(layout, dataset, 'label') : undefined;
  return {
    ...(input === undefined ? {} : { [input.name]: featuresFor(input, dataset, split) }),
    ...(label === undefined ? {} : { [label.name]: labelsFor(label, dataset, split) }),
  };
}

/** `split` with its labels as the last column of the features: what a file without labels was read as. */
export function labelsAsFeatures(split: Split): Split {
  const { count, width, features, labels } = split;
  const wide =
    features instanceof Float32Array
      ? new Float32Array(count * (width + 1))
      : new Float64Array(count * (width + 1));
  for (let row = 0; row < count; row++) {
    wide.set(features.subarray(row * width, (row + 1) * width), row * (width + 1));
    wide[row * (width + 1) + width] = labels[row] ?? Number.NaN;
  }
  return { ...split, features: wide, width: width + 1 };
}

/** The one input or label of the model, or undefined when it has none. */
function only(layout: Layout, dataset: Dataset, role: 'input' | 'label'): InputLayout | undefined {
  const [first, ...others] = layout.inputs.filter((input) => input.role === role);
  if (first === undefined || others.length === 0) return first;
  const names = [first, ...others].map(({ name }) => `"${name}"`);
  throw fail(
    'data/missing-column',
    `The model has ${names.length} ${role}s (${names.join(', ')}), but the data ${dataset.name} have columns for "${first.name}" only; ${names.slice(1).join(', ')} would be without.`,
    `A data set gives one ${role}. Train a model with several from a program: pass all columns to fit.`,
  );
}

function featuresFor(input: InputLayout, dataset: Dataset, split: Split): NumberArray {
  const expected = rowSize(input.shape);
  if (split.width === expected) return split.features;
  throw fail(
    'data/wrong-length',
    `The input "${input.name}" [${input.shape.join(', ')}] takes ${expected} numbers per record, but the data ${dataset.name} have ${split.width}.`,
    `Declare the input as ['batch', ${split.width}], or choose other data.`,
  );
}

function labelsFor(label: InputLayout, dataset: Dataset, split: Split): NumberArray {
  return label.classes === undefined
    ? numberLabels(label, dataset, split)
    : classLabels(label, label.classes, dataset, split);
}

function classLabels(label: InputLayout, classes: number, dataset: Dataset, split: Split): NumberArray {
  const names = dataset.classes;
  if (names !== undefined && names.length !== classes) {
    throw fail(
      'data/label-range',
      `The label "${label.name}" has ${classes} classes, but the data ${dataset.name} have ${names.length}: ${listed(names)}.`,
      `Declare the label with { classes: ${names.length} }, or choose other data.`,
    );
  }
  if (split.labels instanceof Int32Array && names !== undefined) return split.labels;
  return Int32Array.from(split.labels, (value, record) => {
    if (Number.isInteger(value) && value >= 0 && value < classes) return value;
    throw fail(
      Number.isInteger(value) ? 'data/label-range' : 'data/not-integer',
      `Record ${record} (counted from 0) of the data ${dataset.name} has the label ${value}, but "${label.name}" has ${classes} classes: whole numbers from 0 to ${classes - 1}.`,
      `Classes count from 0. For numbers to be learnt as such, write m.label('${label.name}', ['batch', 1]).`,
    );
  });
}

function numberLabels(label: InputLayout, dataset: Dataset, split: Split): NumberArray {
  const expected = rowSize(label.shape);
  if (expected !== 1) {
    throw fail(
      'data/wrong-length',
      `The label "${label.name}" [${label.shape.join(', ')}] takes ${expected} numbers per record, but the data ${dataset.name} have 1.`,
      dataset.classes === undefined
        ? "Declare the label as ['batch', 1]."
        : `Declare the label with { classes: ${dataset.classes.length} }; oneHot gives its row of numbers.`,
    );
  }
  const classes = dataset.classes?.length ?? 2;
  if (classes !== 2) {
    throw fail(
      'data/label-range',
      `The label "${label.name}" is one number, but the data ${dataset.name} have ${classes} classes: ${listed(dataset.classes ?? [])}.`,
      `Declare the label with { classes: ${classes} }; only two classes can be the numbers 0 and 1.`,
    );
  }
  return split.labels;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `"${name.slice(0, 40)}"`);
  return names.length > shown.length ? `${shown.join(', ')}, ...` : shown.join(', ');
}

const fail = (code: InputErrorCode, message: string, help: string): InputError =>
  new InputError({ code, message, help });
