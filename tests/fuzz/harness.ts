/** Feeds a parser with inputs until one breaks its promise: a value, or an error of its own with a code and a place. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { watchPrototypes } from '../poisoning.ts';
import { seed } from '../properties/seed.ts';
import { type Mutator, mutateBytes } from './bytes.ts';
import { createRandom, type Random } from './random.ts';

export interface Target {
  readonly name: string;
  /** Valid inputs. */
  readonly seeds: readonly Uint8Array[];
  /** A new input, built as the format is built, right or wrong in few places. */
  readonly grow: (random: Random) => Uint8Array;
  /** Mutations of any input that know the format. */
  readonly mutators: readonly Mutator[];
  /** Parses, and holds what comes out against what was put in: throws any error where they do not fit. */
  readonly parse: (input: Uint8Array) => void;
  /** Whether it is the parser's own error, complete. */
  readonly isRefusal: (thrown: unknown, input: Uint8Array) => boolean;
}

export interface Fuzzed {
  readonly inputs: number;
  readonly accepted: number;
}

/** Milliseconds for one input. */
const patience = 1000;
/** Prototypes are looked through after so many inputs. */
const between = 500;

const wanted = Number(process.env.CHAINRULE_INPUTS ?? 60_000);
if (!Number.isSafeInteger(wanted) || wanted < 1)
  throw new Error(`CHAINRULE_INPUTS must be a whole number from 1, got ${process.env.CHAINRULE_INPUTS}`);

/** Inputs for each parser. */
export const inputsWanted: number = wanted;

const corpus = new URL('./corpus/', import.meta.url);

/** Inputs that once failed, by the name of their file. */
export function corpusOf(name: string): readonly (readonly [string, Uint8Array])[] {
  const folder = new URL(`${name}/`, corpus);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((file) => [file, new Uint8Array(readFileSync(new URL(file, folder)))]);
}

/** Whether the parser accepts the input; throws, with the input, when it does neither that nor refuse it in time. */
export function accepts(target: Target, input: Uint8Array, told: string): boolean {
  const { thrown, took } = timed(target, input);
  if (thrown !== undefined && !target.isRefusal(thrown.error, input))
    throw failed(target, input, told, `it threw ${described(thrown.error)}`);
  // Where others keep the machine busy, a moment may be long; it is not so three times in a row.
  if (took > patience && timed(target, input).took > patience && timed(target, input).took > patience)
    throw failed(target, input, told, `it took ${took.toFixed(0)} ms`);
  return thrown === undefined;
}

function timed(target: Target, input: Uint8Array) {
  const begin = performance.now();
  const thrown = thrownBy(() => target.parse(input));
  return { thrown, took: performance.now() - begin };
}

/** First what once failed, then new inputs until there are `count`. */
export function fuzz(target: Target, count: number): Fuzzed {
  const assertNoPoisoning = watchPrototypes({ globalThis });
  let accepted = 0;
  const known = corpusOf(target.name);
  for (const [file, input] of known) if (accepts(target, input, `corpus file ${file}`)) accepted++;
  for (let i = known.length; i < count; i++) {
    const input = inputOf(target, createRandom(seed, i));
    if (accepts(target, input, `seed ${seed}, input ${i}`)) accepted++;
    if (i % between === 0) assertNoPoisoning();
  }
  assertNoPoisoning();
  return { inputs: Math.max(count, known.length), accepted };
}

function inputOf(target: Target, random: Random): Uint8Array {
  const isGrown = random.chance(0.7);
  let input = isGrown ? target.grow(random) : random.pick(target.seeds);
  // What was grown may be wrong in itself, and one in three stays as it is; a seed never does.
  for (let left = random.pick(isGrown ? [0, 0, 1, 1, 2, 4] : [1, 1, 2, 4]); left > 0; left--) {
    input =
      target.mutators.length > 0 && random.chance(0.5)
        ? random.pick(target.mutators)(input, random)
        : mutateBytes(input, target.seeds, random);
  }
  return input;
}

function thrownBy(run: () => void): { readonly error: unknown } | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return { error };
  }
}

const described = (error: unknown): string =>
  error instanceof Error ? `${error.stack} ${JSON.stringify(error)}` : String(error);

function failed(target: Target, input: Uint8Array, told: string, how: string): Error {
  const base64 = Buffer.from(input).toString('base64');
  return new Error(
    `${target.name} breaks its promise, ${told}: ${how}\n` +
      `Keep the input: echo ${base64} | base64 -d > tests/fuzz/corpus/${target.name}/NAME`,
  );
}
