/** Moves state between a trainer and files or arrays: everything is checked before anything is changed. */

import { isFlat, valuesOf } from './columns.ts';
import { zeros } from './dtypes.ts';
import { type InputError, inputError } from './errors.ts';
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
  const metadata = new Map([
    ['format', 'chainrule'],
    ['model', layout.model],
    ['step', `${steps}`],
  ]);
  return encodeSafetensors(tensorsOf(layout, state), metadata);
}

/** All of the state as tensors, in the order of the layout: views, not copies. */
export function tensorsOf(layout: Layout, state: State): Tensors {
  const tensors = new Map<string, Tensor>();
  for (const { name, dtype, shape } of layout.state)
    tensors.set(name, tensorOf(shape, state[name] ?? zeros(dtype, sizeOf(shape) ?? 0)));
  return tensors;
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
  const extra = parametersOnly ? [] : [...file.tensors.keys()].filter((name) => !names.has(name));
  const values = take(layout, wanted, file, extra);
  return { values, steps: parametersOnly ? 0 : stepsOf(file) };
}

/** The tensors for the wanted states; `extra` are the names of others, which should not be there. */
function take(
  { model }: Layout,
  wanted: readonly StateLayout[],
  file: SafetensorsFile,
  extra: readonly string[],
): Assignment {
  const { missing, different, parts } = compared(wanted, file.tensors, extra);
  if (parts.length === 0) return converted(wanted, file);
  const onlySlots = different.length === 0 && missing.every(({ role }) => role === 'slot');
  throw mismatch(
    `The weights are not those of the model ${quote(model)}; ${parts.join('; ')}. Nothing was loaded.`,
    onlySlots
      ? 'To take the parameters and start the optimizer anew, load with { parametersOnly: true }.'
      : 'Use weights that were saved by a trainer of this model.',
  );
}

type Tensors = ReadonlyMap<string, Tensor>;

function compared(wanted: readonly StateLayout[], tensors: Tensors, extra: readonly string[]) {
  const missing = wanted.filter(({ name }) => !tensors.has(name));
  const different = wanted.flatMap((entry) => misfit(entry, tensors.get(entry.name)));
  const found = [
    ['missing', missing.map(({ name }) => quote(name))],
    ['extra', extra.map(quote)],
    ['different', different],
  ] as const;
  const parts = found.flatMap(([how, names]) => (names.length > 0 ? `${how}: ${names.join(', ')}` : []));
  return { missing, different, parts };
}

/** How tensors differ from all of the state of a layout: what is missing, extra or of another shape or dtype. */
export function differencesOf({ state }: Layout, tensors: Tensors): readonly string[] {
  const known = new Set(state.map(({ name }) => name));
  return compared(
    state,
    tensors,
    [...tensors.keys()].filter((name) => !known.has(name)),
  ).parts;
}

/** What is wrong with the tensor for `entry`, in a list of none or one. */
function misfit({ name, dtype, shape }: StateLayout, tensor: Tensor | undefined): readonly string[] {
  if (tensor === undefined) return [];
  if (`${tensor.shape}` !== `${shape}`) return [`${quote(name)} is [${tensor.shape}], expected [${shape}]`];
  // Floats convert to floats of the other size; integers are counters and must come as they are.
  if ((tensor.dtype === 'I32') === (dtype === 'i32')) return [];
  return [`${quote(name)} is ${tensor.dtype}, expected ${dtype === 'i32' ? 'I32' : 'F32 or F64'}`];
}

const mismatch = (message: string, help?: string): InputError =>
  inputError('weights/mismatch', message, help);

function converted(wanted: readonly StateLayout[], file: SafetensorsFile): Assignment {
  const values = new Map<string, TypedArray>();
  for (const { name, dtype } of wanted) {
    const data = file.tensors.get(name)?.data ?? zeros(dtype, 0);
    const target = zeros(dtype, data.length);
    target.set(data);
    const lost = dtype === 'f32' ? target.findIndex((value, i) => !fits(value, data[i])) : -1;
    if (lost >= 0) {
      const value = `Value ${lost} (counted from 0) of ${quote(name)} is ${data[lost]}`;
      throw mismatch(`${value}, too large for f32. Nothing was loaded.`);
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
  const message = `The metadata "step" must be a whole number of at least 0, got ${quote(text)}.`;
  throw inputError('weights/format', message);
}

/**
 * Reads the `init` option: values for some or all parameters, from a file or from arrays by name. Throws
 * `weights/format`, `weights/mismatch`, or for values of arrays what `valuesOf` throws.
 */
export function initialValues(layout: Layout, init: Uint8Array | InitialValues): Assignment {
  const parameters = layout.state.filter(({ role }) => role !== 'slot');
  const known = parameters.map(({ name }) => name);
  const file = init instanceof Uint8Array ? decodeSafetensors(init) : undefined;
  const given: ReadonlyMap<string, unknown> = file?.tensors ?? new Map(Object.entries(init));
  for (const name of given.keys()) {
    if (known.includes(name)) continue;
    throw mismatch(
      `The initial values name ${quote(name)}, which is not a parameter or statistic of the model.`,
      didYouMean(name, known),
    );
  }
  const wanted = parameters.filter(({ name }) => given.has(name));
  if (file !== undefined) return take(layout, wanted, file, []);
  return new Map(wanted.map((entry) => [entry.name, checkedArray(entry, given.get(entry.name))]));
}

function checkedArray(state: StateLayout, given: unknown): TypedArray {
  const name = quote(state.name);
  const flat = Array.isArray(given) ? given.flat() : isFlat(given) ? given : [];
  const size = sizeOf(state.shape);
  if (flat.length !== size) {
    const needed = `must be an array of ${size} numbers, shape [${state.shape}]`;
    throw mismatch(`The initial values of ${name} ${needed}, got ${flat.length}.`);
  }
  return valuesOf(state, [flat], (at) => `Initial value ${at} (counted from 0) of ${name}`);
}
