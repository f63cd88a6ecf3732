/**
 * Derivatives of smooth graphs by a complex step (Squire and Trapp, "Using complex variables to estimate derivatives of
 * real functions", 1998): f(x + ih) = f(x) + ih f'(x), and with h = 1e-200 nothing else is left. Nothing is subtracted,
 * so nothing cancels: f' comes out with as many digits as f.
 */

import { reachable, type Value } from '../../ir/value.ts';
import { count, groupsOf, numbersOf, offsetAt, positionOf } from './arrays.ts';
import * as c from './complex.ts';
import { type Complex, complex } from './complex.ts';
import type { Direction, DualBindings } from './dual.ts';
import { erf } from './error-function.ts';
import { uniformAt } from './threefry.ts';

const step = 1e-200;

interface Field {
  readonly shape: readonly number[];
  readonly data: readonly Complex[];
}

type Element = (a: Complex, b: Complex, c: Complex) => Complex;

const truth = (condition: boolean): Complex => complex(condition ? 1 : 0);

const elements: Readonly<Record<string, Element>> = {
  neg: c.neg,
  add: c.add,
  sub: c.sub,
  mul: c.mul,
  div: c.div,
  exp: c.exp,
  expm1: c.expm1,
  log: c.log,
  sqrt: c.sqrt,
  sin: c.sin,
  cos: c.cos,
  tanh: c.tanh,
  sigmoid: c.sigmoid,
  softplus: c.softplus,
  // For an imaginary part as tiny as the step alone: erf(x + ih) = erf(x) + ih 2/sqrt(pi) e^(-x^2).
  erf: ({ re, im }) => complex(erf(re), ((im * 2) / Math.sqrt(Math.PI)) * Math.exp(-re * re)),
  opaque: (a) => a,
  // Conditions look at the real part: where they change, there is no derivative to ask for.
  less: (a, b) => truth(a.re < b.re),
  lessEqual: (a, b) => truth(a.re <= b.re),
  equal: (a, b) => truth(a.re === b.re),
  and: (a, b) => truth(a.re === 1 && b.re === 1),
  or: (a, b) => truth(a.re === 1 || b.re === 1),
  not: (a) => truth(a.re === 0),
  select: (a, b, otherwise) => (a.re === 1 ? b : otherwise),
};

/** No derivative: what a kink gives, and what becomes of it. */
const undecided = complex(Number.NaN, Number.NaN);

/** Of two that compete, the one whose real part wins. */
const winner = (a: Complex, b: Complex): Complex => (a.re === b.re ? undecided : a.re > b.re ? a : b);

/** Smooth but for their kinks, where they are undecided; which side of a kink a number is on, its real part says. */
const kinked: Readonly<Record<string, Element>> = {
  relu: (a) => (a.re === 0 ? undecided : a.re < 0 ? complex(0) : a),
  abs: (a) => (a.re === 0 ? undecided : a.re < 0 ? c.neg(a) : a),
  maximum: winner,
  minimum: (a, b) => c.neg(winner(c.neg(a), c.neg(b))),
  sign: (a) => complex(Math.sign(a.re)),
  floor: (a) => complex(Math.floor(a.re)),
};

const leaves: readonly string[] = ['input', 'state', 'constant', 'batchSize', 'uniform'];
const shaped: readonly string[] = ['sum', 'logSumExp', 'matmul', 'reshape', 'transpose', 'broadcast', 'cast'];

/** The ops that a complex step can take: those that have a derivative everywhere, and what only moves or chooses. */
export const smoothOps: ReadonlySet<string> = new Set([...Object.keys(elements), ...leaves, ...shaped]);

/** Ops that a complex step can take wherever they have no kink; there its result is NaN. */
const piecewiseOps: ReadonlySet<string> = new Set([
  ...smoothOps,
  ...Object.keys(kinked),
  ...['reduceMax', 'argmax', 'oneHot'],
]);

/** True when `complexStep` has an answer for `root` away from kinks. */
export const isPiecewiseSmooth = (root: Value): boolean =>
  reachable([root]).every(({ op }) => piecewiseOps.has(op));

/** True when `complexStep` can differentiate `root`: every op is smooth, and no number becomes an integer. */
export const isSmooth = (root: Value): boolean =>
  reachable([root]).every(
    ({ op, dtype, inputs }) =>
      smoothOps.has(op) && (op !== 'cast' || isFloat(dtype) || !isFloat(inputs[0]?.dtype)),
  );

const isFloat = (dtype: string | undefined): boolean => dtype === 'f32' || dtype === 'f64';

/** The derivative of the only element of `root` when each leaf moves along its direction, in f64; NaN at a kink. */
export function complexStep(root: Value, bindings: DualBindings, direction: Direction): number {
  const fields = new Map<Value, Field>();
  for (const value of reachable([root])) {
    const shape = value.shape.map((dim) => (dim === 'batch' ? bindings.batch : dim));
    const xs = value.inputs.flatMap((input) => fields.get(input) ?? []);
    fields.set(value, { shape, data: compute(value, shape, xs, bindings, direction) });
  }
  return (fields.get(root)?.data[0]?.im ?? Number.NaN) / step;
}

const nothing: Field = { shape: [], data: [] };
const nought = complex(0);

function compute(
  value: Value,
  shape: readonly number[],
  xs: readonly Field[],
  { batch, leaf }: DualBindings,
  direction: Direction,
): readonly Complex[] {
  const { op, attrs } = value;
  const [x = nothing, y = nothing] = xs;
  switch (op) {
    case 'input':
    case 'state': {
      const toward = direction(value);
      return Array.from(leaf(value), (re, i) => complex(re, step * (toward?.[i] ?? 0)));
    }
    case 'constant':
      return tabulate(count(shape), () => complex(Number(attrs.value)));
    case 'batchSize':
      return [complex(batch)];
    case 'uniform': {
      const [seed, counter] = [x.data[0]?.re ?? 0, y.data[0]?.re ?? 0];
      return tabulate(count(shape), (i) => complex(uniformAt(seed, Number(attrs.stream), counter, i)));
    }
    case 'cast':
      return isFloat(value.dtype) ? x.data : x.data.map(({ re }) => converted(re, value.dtype));
    case 'oneHot':
      return tabulate(count(shape), (i) => {
        const classes = shape[shape.length - 1] ?? 1;
        return truth(at(x, Math.floor(i / classes)).re === i % classes);
      });
    case 'reduceMax':
      return groupsOf(x.shape, numbersOf(attrs.axes)).map((group) =>
        group.map((i) => at(x, i)).reduce(winner),
      );
    case 'argmax':
      return groupsOf(x.shape, [Number(attrs.axis)]).map((group) => {
        const parts = group.map((i) => at(x, i).re);
        return complex(parts.indexOf(Math.max(...parts)));
      });
    case 'matmul':
      return matmul(x, y);
    case 'sum':
      return groupsOf(x.shape, numbersOf(attrs.axes)).map((group) => total(group.map((i) => at(x, i))));
    case 'logSumExp':
      return groupsOf(x.shape, numbersOf(attrs.axes)).map((group) => logSumExp(group.map((i) => at(x, i))));
    case 'reshape':
      return x.data;
    case 'transpose':
    case 'broadcast':
      return tabulate(count(shape), (i) => at(x, sourceOf(value, x.shape, positionOf(i, shape))));
  }
  const element = elements[op] ?? kinked[op];
  if (!element) throw new Error(`${op} has no complex step`);
  return tabulate(count(shape), (i) => {
    const [a = nought, b = nought, third = nought] = xs.map((field) => at(field, i));
    return element(a, b, third);
  });
}

const converted = (x: number, dtype: string): Complex => complex(dtype === 'bool' ? Number(x !== 0) : x | 0);

const tabulate = (size: number, element: (i: number) => Complex): Complex[] =>
  Array.from({ length: size }, (_, i) => element(i));

const at = ({ data }: Field, offset: number): Complex => data[offset] ?? complex(Number.NaN, Number.NaN);

const total = (numbers: readonly Complex[]): Complex => numbers.reduce(c.add, nought);

/** Shifted by the largest real part: by a number, not by a function, so the derivative is that of the shifted sum. */
function logSumExp(numbers: readonly Complex[]): Complex {
  const shift = complex(Math.max(...numbers.map(({ re }) => re)));
  return c.add(shift, c.log(total(numbers.map((z) => c.exp(c.sub(z, shift))))));
}

function matmul(x: Field, y: Field): Complex[] {
  const [rows = 0, inner = 0] = x.shape;
  const columns = y.shape[1] ?? 0;
  return tabulate(rows * columns, (offset) => {
    const [i, j] = positionOf(offset, [rows, columns]);
    const terms = Array.from({ length: inner }, (_, k) =>
      c.mul(at(x, (i ?? 0) * inner + k), at(y, k * columns + (j ?? 0))),
    );
    return total(terms);
  });
}

/** Where in x the element of a movement's result at `position` comes from. */
function sourceOf({ op, attrs }: Value, from: readonly number[], position: readonly number[]): number {
  if (op === 'broadcast') {
    const added = numbersOf(attrs.axes);
    return offsetAt(
      position.filter((_, axis) => !added.includes(axis)),
      from,
    );
  }
  const source = from.map(() => 0);
  numbersOf(attrs.perm).forEach((axis, i) => {
    source[axis] = position[i] ?? 0;
  });
  return offsetAt(source, from);
}
