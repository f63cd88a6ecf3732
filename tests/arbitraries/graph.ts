/** Random training programs: a graph over inputs, a label and parameters, its mean loss and one step of descent. */

import fc from 'fast-check';
import { type Builder, createBuilder } from '../../ir/builder.ts';
import { printProgram } from '../../ir/print.ts';
import type { InputDecl, Program, StateDecl } from '../../ir/program.ts';
import { round } from '../../ir/scalar-evaluate.ts';
import { elementCount, type Float, isFloat, type Shape } from '../../ir/types.ts';
import { consumersOf, reachable, type Value } from '../../ir/value.ts';
import { randomFrom } from './draw.ts';
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
interface Recipe {
  readonly instructions: readonly Instruction[];
  readonly dims: readonly number[];
  /** How it is trained, see `trainingOf`. */
  readonly mode: number;
}

const number = fc.nat(255);
const instruction: fc.Arbitrary<Instruction> = fc.record({
  op: fc.nat(1_000),
  a: number,
  b: number,
  k: number,
});

/** Random valid programs with the functions step, evaluate and predict. */
export function arbitraryProgram(options: ProgramOptions = {}): fc.Arbitrary<Program> {
  const { minOps = 3, maxOps = 40, empty = true, float = 'f64', random = true, plain = false } = options;
  const full = { weight: 19, arbitrary: fc.integer({ min: 1, max: 7 }) };
  const dim = empty ? fc.oneof(full, { weight: 1, arbitrary: fc.constant(0) }) : full.arbitrary;
  return fc
    .record({
      instructions: fc.array(instruction, { minLength: minOps, maxLength: maxOps, size: 'max' }),
      dims: fc.array(dim, { minLength: 3, maxLength: 3 }),
      mode: plain ? fc.constant(0) : fc.nat(15),
    })
    .map((recipe) => printable(programFrom(recipe, float, random)));
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

function programFrom({ instructions, dims, mode }: Recipe, float: Float, random: boolean): Program {
  const o = createBuilder(float);
  const drawn = leavesOf(dims);
  const inputs = drawn.inputs.map((decl) => (isFloat(decl.dtype) ? { ...decl, dtype: float } : decl));
  const states = drawn.states.map((decl) => ({ ...decl, dtype: float }));
  const leaf = ({ name, dtype, shape }: InputDecl | StateDecl) => ({ name, dtype, shape });
  const parameters = states.map((decl) => o.state(leaf(decl)));
  const scalar = (name: string): Value => o.input({ name, dtype: 'i32', shape: [] });
  const pool: Pool = {
    o,
    values: [...inputs.map((decl) => o.input(leaf(decl))), ...parameters],
    random: random ? [scalar('seed'), scalar('step')] : undefined,
  };
  const given = pool.values.length;
  for (const next of instructions) grow(pool, next);
  const grown = pool.values.slice(given);
  const loss = lossOf(o, grown);
  o.annotate(loss, { name: 'loss' });
  const { functions, states: all } = trainingOf({
    o,
    loss,
    predicted: grown.filter(isPrediction).slice(-2),
    parameters: states,
    watched: grown.filter(({ shape, dtype }) => isFloat(dtype) && !shape.includes('batch')).at(-1),
    mode,
  });
  return { name: 'random', float, maxBatch: 5, inputs, states: all, functions, notes: o.notes };
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

/** Data for the leaves of a random program: floats of moderate size, labels in range. */
export function dataFor(program: Program, batch: number, seed: number): (leaf: Value) => ArrayLike<number> {
  const random = randomFrom(seed);
  const data = new Map<string, readonly number[]>([
    ['seed', [seed | 0]],
    ['step', [3]],
  ]);
  for (const { name, dtype, shape } of [...program.inputs, ...program.states]) {
    const size = elementCount(shape, batch);
    const draw = (): number =>
      isFloat(dtype) ? round((random() - 0.5) * 4, dtype) : Math.floor(random() * classes);
    data.set(name, Array.from({ length: size }, draw));
  }
  return (leaf) => data.get(String(leaf.attrs.name)) ?? [];
}
