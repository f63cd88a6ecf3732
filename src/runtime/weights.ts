/** Moves state between a trainer and files or arrays: everything is checked before anything is changed. */

import { zeros } from './columns.ts';
import { InputError } from './errors.ts';
import type { Layout, State, StateLayout, TypedArray } from './module.ts';
import { didYouMean, quote } from './names.ts';
import {
  decodeSafetensors,
  encodeSafetensors,
  type SafetensorsFile,
  sizeOf,
  type Tensor,
  tensorOf,
} from './safetensors.ts';

/** Initial values by the name of a parameter or statistic: flat and row-major, or one array per row. */
export type InitialValues = {
  readonly [name: string]: TypedArray | readonly number[] | readonly (readonly number[])[];
};

/** Values for some states, of their dtypes and sizes. */
export type Assignment = ReadonlyMap<string, TypedArray>;

export function assign(state: State, values: Assignment): void {
  for (const [name, array] of values) state[name]?.set(array);
}

/** A safetensors file of all of the state, with the metadata `format`, `model` and `step`. */
export function encodeState(layout: Layout, state: State, steps: number): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape } of layout.state) {
    tensors.set(name, tensorOf(shape, state[name] ?? zeros(dtype, sizeOf(shape) ?? 0)));
  }
  const metadata = new Map([
    ['format', 'chainrule'],
    ['model', layout.model],
    ['step', `${steps}`],
  ]);
  return encodeSafetensors(tensors, metadata);
}

export interface Loaded {
  readonly values: Assignment;
  /** Steps done when the file was saved; 0 if it does not say. */
  readonly steps: number;
}

/**
 * Reads the values for all of the state from a file, or for all but the slots: then whatever else the file
 * holds is passed over. Throws `weights/format` or `weights/mismatch`.
 */
export function decodeState(layout: Layout, bytes: Uint8Array, parametersOnly: boolean): Loaded {
  const file = decodeSafetensors(bytes);
  const wanted = layout.state.filter(({ role }) => !parametersOnly || role !== 'slot');
  const names = new Set(wanted.map(({ name }) => name));
  const missing = wanted.filter(({ name }) => !file.tensors.has(name)).map(({ name }) => quote(name));
  const extra = parametersOnly ? [] : [...file.tensors.keys()].filter((name) => !names.has(name)).map(quote);
  const wrong = wanted.flatMap((entry) => misfit(entry, file.tensors.get(entry.name)));
  if (missing.length + extra.length + wrong.length > 0)
    throw mismatch(layout, { missing, extra, wrong }, wanted);
  return { values: converted(wanted, file), steps: parametersOnly ? 0 : stepsOf(file) };
}

/** What is wrong with the tensor for `entry`, in a list of none or one. */
function misfit({ name, dtype, shape }: StateLayout, tensor: Tensor | undefined): readonly string[] {
  if (tensor === undefined) return [];
  if (`${tensor.shape}` !== `${shape}`) return [`${quote(name)} is [${tensor.shape}], expected [${shape}]`];
  // Floats convert to floats of the other size; integers are counters and must come as they are.
  if ((tensor.dtype === 'I32') === (dtype === 'i32')) return [];
  return [`${quote(name)} is ${tensor.dtype}, expected ${dtype === 'i32' ? 'I32' : 'F32 or F64'}`];
}

interface Differences {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly wrong: readonly string[];
}

function mismatch(layout: Layout, found: Differences, wanted: readonly StateLayout[]): InputError {
  const parts = [
    found.missing.length > 0 ? `missing: ${found.missing.join(', ')}` : '',
    found.extra.length > 0 ? `extra: ${found.extra.join(', ')}` : '',
    found.wrong.length > 0 ? `different: ${found.wrong.join(', ')}` : '',
  ].filter((part) => part !== '');
  const slots = wanted.filter(({ role }) => role === 'slot').map(({ name }) => quote(name));
  const onlySlots = found.wrong.length === 0 && found.missing.every((name) => slots.includes(name));
  return new InputError({
    code: 'weights/mismatch',
    message: `The weights are not those of the model ${quote(layout.model)}; ${parts.join('; ')}. Nothing was loaded.`,
    help: onlySlots
      ? 'To take the parameters and start the optimizer anew, load with { parametersOnly: true }.'
      : 'Use weights that were saved by a trainer of this model.',
  });
}

function converted(wanted: readonly StateLayout[], file: SafetensorsFile): Assignment {
  const values = new Map<string, TypedArray>();
  for (const { name, dtype } of wanted) {
    const data = file.tensors.get(name)?.data ?? zeros(dtype, 0);
    const target = zeros(dtype, data.length);
    target.set(data);
    const lost = dtype === 'f32' ? target.findIndex((value, i) => !fits(value, data[i])) : -1;
    if (lost >= 0) {
      throw new InputError({
        code: 'weights/mismatch',
        message: `Value ${lost} (counted from 0) of ${quote(name)} is ${data[lost]}, too large for f32. Nothing was loaded.`,
      });
    }
    values.set(name, target);
  }
  return values;
}

/** Rounding may make a number inexact, but not infinite. */
const fits = (stored: number, given: number | undefined) =>
  Number.isFinite(stored) || stored === given || Number.isNaN(given);

function stepsOf(file: SafetensorsFile): number {
  const text = file.metadata.get('step') ?? '0';
  const steps = Number(text);
  if (/^[0-9]{1,16}$/.test(text) && Number.isSafeInteger(steps)) return steps;
  throw new InputError({
    code: 'weights/format',
    message: `The metadata "step" must be a whole number of at least 0, got ${quote(text)}.`,
  });
}

/**
 * Reads the `init` option: values for some or all parameters, from a file or from arrays by name. Throws
 * `weights/format`, `weights/mismatch` or `data/not-finite`.
 */
export function initialValues(layout: Layout, init: Uint8Array | InitialValues): Assignment {
  const parameters = layout.state.filter(({ role }) => role !== 'slot');
  const known = parameters.map(({ name }) => name);
  const file = init instanceof Uint8Array ? decodeSafetensors(init) : undefined;
  const arrays = new Map(Object.entries(file === undefined ? init : {}));
  for (const name of file?.tensors.keys() ?? arrays.keys()) {
    if (known.includes(name)) continue;
    throw new InputError({
      code: 'weights/mismatch',
      message: `The initial values name ${quote(name)}, which is not a parameter or statistic of the model.`,
      help: didYouMean(name, known),
    });
  }
  if (file === undefined) {
    const given = parameters.filter(({ name }) => arrays.has(name));
    return new Map(given.map((entry) => [entry.name, checkedArray(entry, arrays.get(entry.name))]));
  }
  const given = parameters.filter(({ name }) => file.tensors.has(name));
  const wrong = given.flatMap((entry) => misfit(entry, file.tensors.get(entry.name)));
  if (wrong.length > 0) throw mismatch(layout, { missing: [], extra: [], wrong }, given);
  return converted(given, file);
}

function checkedArray({ name, dtype, shape }: StateLayout, given: unknown): TypedArray {
  const flat: readonly unknown[] = Array.isArray(given)
    ? given.flat()
    : given instanceof Float32Array || given instanceof Float64Array || given instanceof Int32Array
      ? Array.from(given)
      : [];
  const size = sizeOf(shape) ?? 0;
  if (flat.length !== size) {
    throw new InputError({
      code: 'weights/mismatch',
      message: `The initial values of ${quote(name)} must be an array of ${size} numbers, shape [${shape}], got ${flat.length}.`,
    });
  }
  const values = zeros(dtype, size);
  for (const [i, value] of flat.entries()) {
    values[i] = typeof value === 'number' ? value : Number.NaN;
    if (Number.isFinite(values[i]) && (dtype !== 'i32' || values[i] === value)) continue;
    throw new InputError({
      code: 'data/not-finite',
      message: `Initial value ${i} (counted from 0) of ${quote(name)} is not a finite number that ${dtype} can hold.`,
    });
  }
  return values;
}
