/** Random training programs: a graph over inputs, a label and parameters, its mean loss and one step of descent. */

import fc from 'fast-check';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { printProgram } from '../../ir/print.ts';
import type { InputDecl, Program, StateDecl } from '../../ir/program.ts';
import { round } from '../../ir/scalar-evaluate.ts';
import { elementCount, type Float, isFloat, type Shape } from '../../ir/types.ts';
import { consumersOf, reachable, type Value } from '../../ir/value.ts';
import { pick, type Random, randomFrom, specialValues } from './draw.ts';
import { grow, type Instruction, type Pool } from './grow.ts';
import { trainingOf } from './training.ts';

export interface ProgramOptions {
  readonly float?: Float;
  /** Instructions, each of which adds one value or a few. */
  readonly minOps?: number;
  readonly maxOps?: number;
  /** Whether graphs may draw random numbers (from the inputs `seed` and `step`). */
  readonly random?: boolean;
  /** Whether parameters take plain steps of descent only; otherwise any training of `trainingOf`. */
  readonly plain?: boolean;
  /** Whether a size may be 0. */
  readonly empty?: boolean;
}

/** What a program is made from; fewer instructions and smaller numbers give a simpler program. */
export interface Recipe {
  readonly instructions: readonly Instruction[];
  readonly dims: readonly number[];
  /** How it is trained, see `trainingOf`. */
  readonly mode: number;
  readonly random: boolean;
  /** Whether operands are kept where functions are finite, and results from growing. */
  readonly guarded: boolean;
}

/** A training graph before it is packed into a program: what `trainingOf` trains. */
export interface GraphCase {
  readonly o: Builder;
  readonly inputs: readonly InputDecl[];
  readonly parameters: readonly StateDecl[];
  readonly loss: Value;
  readonly predicted: readonly Value[];
  readonly watched: Value | undefined;
  readonly mode: number;
}

const number = fc.nat(255);
const instruction: fc.Arbitrary<Instruction> = fc.record({
  op: fc.nat(1_000),
  a: number,
  b: number,
  k: number,
});

/** What random programs are made from; one in twenty of all recipes is unguarded where that is asked for. */
export function arbitraryRecipe(
  options: Omit<ProgramOptions, 'float'> & { readonly unguarded?: boolean } = {},
): fc.Arbitrary<Recipe> {
  const { minOps = 3, maxOps = 40, empty = true, random = true, plain = false, unguarded = false } = options;
  const full = { weight: 19, arbitrary: fc.integer({ min: 1, max: 7 }) };
  const dim = empty ? fc.oneof(full, { weight: 1, arbitrary: fc.constant(0) }) : full.arbitrary;
  return fc.record({
    instructions: fc.array(instruction, { minLength: minOps, maxLength: maxOps, size: 'max' }),
    dims: fc.array(dim, { minLength: 3, maxLength: 3 }),
    mode: plain ? fc.constant(0) : fc.nat(15),
    random: fc.constant(random),
    guarded: unguarded ? fc.nat(19).map((n) => n < 19) : fc.constant(true),
  });
}

/** Random valid programs with the functions step, evaluate and predict. */
export function arbitraryProgram({ float = 'f64', ...options }: ProgramOptions = {}): fc.Arbitrary<Program> {
  return arbitraryRecipe(options).map((recipe) => printable(programOf(caseFrom(recipe, float))));
}

/** A failing property prints the program as text. */
const printable = (program: Program): Program =>
  Object.defineProperty({ ...program }, fc.toStringMethod, { value: () => printProgram(program) });

const classes = 4;

/** The leaves of every program; not all of them are used by each. */
function leavesOf(dims: readonly number[]): {
  readonly inputs: readonly InputDecl[];
  readonly states: readonly StateDecl[];
} {
  const [d = 2, h = 3, c = 2] = dims;
  const small = Math.min(h, 3);
  const input = (name: string, shape: Shape): Omit<InputDecl, 'dtype'> => ({ name, role: 'input', shape });
  const state = (name: string, ...shape: number[]): Omit<StateDecl, 'dtype'> => ({
    name,
    role: 'parameter',
    shape,
    init: { kind: 'normal', mean: 0, std: 1 },
  });
  const label: InputDecl = { name: 'y', role: 'label', dtype: 'i32', shape: ['batch'], classes };
  const floats = [input('x', ['batch', d]), input('z', ['batch']), input('image', ['batch', 2, small])];
  const states = [state('w', d, h), state('v', h, c), state('b', h), state('s'), state('t', small, 1, d)];
  return {
    inputs: [...floats.map((decl): InputDecl => ({ ...decl, dtype: 'f64' })), label],
    states: states.map((decl): StateDecl => ({ ...decl, dtype: 'f64' })),
  };
}

/** The training graph that a recipe makes; the same recipe makes the same graph in both precisions. */
export function caseFrom({ instructions, dims, mode, random, guarded }: Recipe, float: Float): GraphCase {
  const o = createBuilder(float);
  const drawn = leavesOf(dims);
  const inputs = drawn.inputs.map((decl) => (isFloat(decl.dtype) ? { ...decl, dtype: float } : decl));
  const parameters = drawn.states.map((decl) => ({ ...decl, dtype: float }));
  const leaf = ({ name, dtype, shape }: InputDecl | StateDecl) => ({ name, dtype, shape });
  const scalar = (name: string): Value => o.input({ name, dtype: 'i32', shape: [] });
  const leaves = [
    ...inputs.map((decl) => o.input(leaf(decl))),
    ...parameters.map((decl) => o.state(leaf(decl))),
  ];
  const pool: Pool = {
    o,
    values: [...leaves],
    random: random ? [scalar('seed'), scalar('step')] : undefined,
    guarded,
  };
  for (const next of instructions) grow(pool, next);
  const grown = pool.values.slice(leaves.length);
  const loss = lossOf(o, grown);
  o.annotate(loss, { name: 'loss' });
  return {
    o,
    inputs,
    parameters,
    loss,
    predicted: grown.filter(isPrediction).slice(-2),
    watched: grown.filter(({ shape, dtype }) => isFloat(dtype) && !shape.includes('batch')).at(-1),
    mode,
  };
}

/** The case as a program with the functions step, evaluate and predict. */
export function programOf({ inputs, ...drawn }: GraphCase): Program {
  const { functions, states } = trainingOf(drawn);
  const { float, notes } = drawn.o;
  return { name: 'random', float, maxBatch: 5, inputs, states, functions, notes };
}

/** One value per sample, of inputs and parameters alone. */
const isPrediction = (value: Value): boolean =>
  value.shape[0] === 'batch' &&
  value.dtype !== 'bool' &&
  !reachable([value]).some((v) => v.op === 'input' && ['y', 'seed', 'step'].includes(String(v.attrs.name)));

/** The sum of the means of all values that nothing else reads. */
function lossOf(o: Builder, values: readonly Value[]): Value {
  const consumers = consumersOf(reachable(values));
  const sinks = values.filter((value) => consumers.get(value)?.length === 0);
  const means = sinks.map((sink) => meanOf(o, isFloat(sink.dtype) ? sink : o.cast(sink, { dtype: o.float })));
  return means.reduce((a, b) => o.add(a, b), o.constant({ value: 0, dtype: o.float, shape: [] }));
}

function meanOf(o: Builder, x: Value): Value {
  const total = o.sum(x, { axes: x.shape.map((_, axis) => axis) });
  const fixed = elementCount(x.shape, 1);
  if (fixed === 0) return total;
  const batched = x.shape.includes('batch');
  return batched ? o.div(total, o.mul(fixed, o.batchSize({ dtype: o.float }))) : o.div(total, fixed);
}

/**
 * `plain`: floats of moderate size; `whole`: -1, 0 and 1; `ones`: 1 alone; `wild`: special values among the others.
 * Labels are in range in all of them.
 */
export type DataStyle = 'plain' | 'whole' | 'ones' | 'wild';

const draws: { readonly [S in DataStyle]: (random: Random) => number } = {
  plain: (random) => (random() - 0.5) * 4,
  whole: (random) => Math.floor(random() * 3) - 1,
  ones: () => 1,
  wild: (random) => (random() < 0.1 ? pick(specialValues, random) : (random() - 0.5) * 40),
};

/** Data for the leaves of a random program. */
export function dataFor(
  program: Pick<Program, 'inputs' | 'states'>,
  batch: number,
  seed: number,
  style: DataStyle = 'plain',
): (leaf: Value) => ArrayLike<number> {
  const random = randomFrom(seed);
  const data = new Map<string, readonly number[]>([
    ['seed', [seed | 0]],
    ['step', [3]],
  ]);
  for (const { name, dtype, shape } of [...program.inputs, ...program.states]) {
    const draw = (): number =>
      isFloat(dtype) ? round(draws[style](random), dtype) : Math.floor(random() * classes);
    data.set(name, Array.from({ length: elementCount(shape, batch) }, draw));
  }
  return (leaf) => data.get(String(leaf.attrs.name)) ?? [];
}
