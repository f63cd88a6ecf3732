/** A model while it is being written down: the graph under construction and what has been declared. */

import { type Builder, createBuilder } from '../../ir/builder.ts';
import { CompileError, errors } from '../../ir/errors.ts';
import type { InitSpec, InputDecl, StateDecl, StateRole, Update } from '../../ir/program.ts';
import type { Dim, Float } from '../../ir/types.ts';
import type { Site, Value } from '../../ir/value.ts';
import { callerSite } from './site.ts';

export interface Recording {
  readonly o: Builder;
  readonly float: Float;
  /** The most samples that one call can take. */
  readonly maxBatch: number;
  readonly inputs: InputDecl[];
  readonly states: StateDecl[];
  /** Where each name was declared. */
  readonly names: Map<string, Site | undefined>;
  /** How many layers of each kind have been named automatically. */
  readonly counters: Map<string, number>;
  /** The value of each state before the step. */
  readonly stateValues: Map<string, Value>;
  /** Parameters that are not to be trained. */
  readonly frozen: Set<string>;
  /** What states are to be after the step, those of the model itself first. */
  readonly updates: Update[];
  /** Leaves that stand for one value in the training step and for another when evaluating and predicting. */
  readonly variants: Map<Value, Variant>;
}

export interface Variant {
  readonly training: Value;
  readonly inference: Value;
}

export function createRecording(float: Float, maxBatch: number): Recording {
  return {
    o: createBuilder(float),
    float,
    maxBatch,
    inputs: [],
    states: [],
    names: new Map(),
    counters: new Map(),
    stateValues: new Map(),
    frozen: new Set(),
    updates: [],
    variants: new Map(),
  };
}

/** Runs `body` so that what it builds, and what it throws, carries the user's line. */
export function atCaller<T>(recording: Recording, body: (o: Builder) => T): T {
  const { o } = recording;
  const site = callerSite() ?? o.context.site;
  try {
    return o.within({ ...o.context, ...(site ? { site } : {}) }, () => body(o));
  } catch (thrown) {
    throw located(thrown, site);
  }
}

/** `thrown` with a place, if it is a diagnostic without one. */
export function located(thrown: unknown, site: Site | undefined): unknown {
  const lacksSite = thrown instanceof CompileError && !thrown.diagnostic.site && site;
  return lacksSite ? new CompileError({ ...thrown.diagnostic, site }) : thrown;
}

const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Takes `name` for a new input, label or parameter; throws when it is taken or unusable. */
export function claimName(recording: Recording, kind: string, name: string): void {
  if (typeof name !== 'string' || name.length === 0) throw errors.badName(`this ${kind}`, 'is empty');
  if (name.length > 256) throw errors.badName(`this ${kind}`, `has ${name.length} characters`);
  if (unprintable.test(name)) throw errors.badName(`this ${kind}`, 'has control or invisible characters');
  if (name === '__metadata__') throw errors.badName(`this ${kind}`, 'is reserved by the weights format');
  const key = name.normalize('NFC');
  if (recording.names.has(key)) {
    const first = recording.names.get(key);
    throw errors.duplicateName(kind, name, first ? `at ${first.file}:${first.line}` : 'elsewhere');
  }
  recording.names.set(key, callerSite());
}

export function checkDims(what: string, shape: readonly Dim[], allowBatch: boolean): void {
  let count = 1;
  shape.forEach((dim, axis) => {
    if (dim === 'batch' && allowBatch && axis === 0) return;
    if (typeof dim !== 'number' || !Number.isInteger(dim) || dim < 0 || dim >= 2 ** 31) {
      throw errors.badDim(`${what}, axis ${axis}`, dim);
    }
    count *= dim;
  });
  if (count >= 2 ** 31) throw errors.tooLarge(what, `[${shape.join(', ')}]`);
}

const numbersOf: Readonly<Record<Exclude<InitSpec['kind'], 'fitted'>, readonly string[]>> = {
  constant: ['value'],
  uniform: ['low', 'high'],
  normal: ['mean', 'std'],
};

/** Throws unless `init`, which a user's own initializer may have made, is a distribution of finite numbers. */
function checkInit(name: string, init: InitSpec): void {
  if (init?.kind === 'fitted') return;
  const given = new Map<string, unknown>(Object.entries(init ?? {}));
  const kind = String(given.get('kind'));
  const known = Object.entries(numbersOf).find(([one]) => one === kind);
  if (known?.[1].every((number) => Number.isFinite(given.get(number)))) return;
  throw errors.option(
    `init of "${name}"`,
    'a constant, uniform or normal distribution of finite numbers',
    known ? `${kind}(${known[1].map((number) => `${number}: ${given.get(number)}`).join(', ')})` : kind,
  );
}

/** Declares a state and returns its value before the step. */
export function declareState(
  recording: Recording,
  role: StateRole,
  name: string,
  shape: readonly number[],
  init: InitSpec,
): Value {
  checkInit(name, init);
  const dtype = recording.float;
  recording.states.push({ name, role, dtype, shape, init });
  const value = recording.o.state({ name, dtype, shape });
  recording.o.annotate(value, { name });
  recording.stateValues.set(name, value);
  return value;
}
