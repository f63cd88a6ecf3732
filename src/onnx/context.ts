/** What the translation of a node is given: its inputs and attributes, checked as they are asked for, and ways to write. */

import type { Shape } from '../../ir/types.ts';
import { sameShape } from '../../ir/types.ts';
import type { Node } from './graph.ts';
import {
  type Expression,
  type Fill,
  type Last,
  refusal,
  showNumber,
  type Val,
  type Weights,
} from './values.ts';
import type { Start, Writer } from './writer.ts';

export interface Context {
  readonly node: Node;
  readonly opset: number;
  /** Where the first axis of the inputs is fixed: its size, which is taken for the number of samples. */
  readonly fixedBatch: number | undefined;
  /** Scaling of inputs belongs to the data, and is not trained. */
  readonly freezesScaling: boolean;
  readonly writer: Writer;
  /** Undefined where it is left out. */
  optional(i: number): Val | undefined;
  input(i: number): Val;
  readonly count: number;
  /** Other values, by the name that the file has for them, and the node that one comes from. */
  valueOf(name: string): Val | undefined;
  producerOf(name: string): Node | undefined;
  /** Tells the user about something that was not taken over as it is. */
  remark(text: string): void;
}

/** How an ONNX op is written. */
export type Handler = (c: Context) => Val | readonly (Val | undefined)[];

export function int(c: Context, name: string, otherwise: number): number {
  const found = c.node.attributes.get(name);
  if (found === undefined) return otherwise;
  if (found.kind === 'int') return found.value;
  throw refusal(`its ${name} is not a whole number`);
}

export function float(c: Context, name: string, otherwise: number): number {
  const found = c.node.attributes.get(name);
  if (found === undefined) return otherwise;
  if (found.kind === 'float' && Number.isFinite(found.value)) return found.value;
  throw refusal(`its ${name} is not a number`);
}

export function text(c: Context, name: string, otherwise: string): string {
  const found = c.node.attributes.get(name);
  if (found === undefined) return otherwise;
  if (found.kind === 'text') return found.value;
  throw refusal(`its ${name} is not a text`);
}

export function list(c: Context, name: string): readonly number[] | undefined {
  const found = c.node.attributes.get(name);
  if (found === undefined) return undefined;
  if (found.kind === 'ints' || found.kind === 'floats') return found.value;
  throw refusal(`its ${name} is not a list of numbers`);
}

/** Whole numbers that are known, from an input or, in older versions, an attribute. */
export function wholeNumbers(c: Context, i: number, name: string): readonly number[] | undefined {
  const given = c.optional(i);
  if (given === undefined) return list(c, name);
  if (given.kind !== 'sizes') throw refusal(`its ${name} are computed from data`);
  return given.values.map((value) => {
    if (value === 'batch') throw refusal(`its ${name} depend on the number of samples`);
    return value;
  });
}

/** A number that is known. */
export function known(val: Val | undefined, what: string): number | undefined {
  if (val === undefined) return undefined;
  if (val.kind === 'fill') return val.value;
  const [first, ...others] = val.kind === 'sizes' ? val.values : val.kind === 'weights' ? val.numbers : [];
  if (typeof first === 'number' && others.length === 0) return first;
  throw refusal(`its ${what} is not one known number`);
}

/** An axis counted from 0. */
export function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(positive) && positive >= 0 && positive < rank) return positive;
  throw refusal(`there is no axis ${axis}`);
}

/** The value as an expression: weights become a parameter, a number a constant. */
export function expression(c: Context, val: Val, start: Start = 'matrix', frozen?: boolean): Expression {
  if (val.kind === 'expression') return val;
  if (val.kind === 'weights') return c.writer.parameter(val, start, frozen);
  if (val.kind === 'fill' && val.shape.length === 0) return constant(val);
  throw refusal(val.kind === 'sizes' ? 'it takes the shape of a tensor for data' : 'it repeats a number');
}

export const constant = ({ value }: Fill): Expression => ({
  kind: 'expression',
  element: 'float',
  shape: [],
  text: `m.constant(${showNumber(value)})`,
  bound: false,
  negated: false,
  raw: true,
});

/** An input that is an array of floats. */
export function tensor(c: Context, i: number, start?: Start): Expression {
  const found = expression(c, c.input(i), start);
  if (found.element !== 'float')
    throw refusal(`its operand is ${found.element === 'int' ? 'an integer' : 'a bool'}`);
  return found;
}

/** An input that stands as it is in the file. */
export function weights(c: Context, i: number, what: string): Weights {
  const found = c.input(i);
  if (found.kind === 'weights') return found;
  throw refusal(`its ${what} is not in the file`);
}

/** Under a name, so that it can be repeated. */
export const repeated = (c: Context, x: Expression): Expression =>
  x.bound ? x : c.writer.bind(x, x.wanted ?? c.writer.nextFor(x));

/** Short expressions stand where they are used, long ones and layers get a name. */
const longest = 28;

export const argument = (c: Context, x: Expression): string =>
  x.bound || (x.text.length <= longest && !x.text.includes('.matmul(')) ? x.text : repeated(c, x).text;

/** Chains end where a reader would lose the thread. */
const longestChain = 110;

export const receiver = (c: Context, x: Expression): string =>
  x.bound || x.text.length <= longestChain ? x.text : repeated(c, x).text;

/** The result of methods on `x`, such as `relu()` or `mul(2)`. */
export function chained(c: Context, x: Expression, methods: string, shape: Shape = x.shape): Expression {
  return made(`${receiver(c, x)}.${methods}`, shape, x.raw && sameShape(shape, x.shape));
}

/** The result of a function of the library. */
export function called(c: Context, name: string, x: Expression, rest = '', last?: Last): Expression {
  const result = made(`${c.writer.use(name)}(${argument(c, x)}${rest})`, x.shape, false);
  return last === undefined ? result : { ...result, last };
}

export const made = (text: string, shape: Shape, raw: boolean): Expression => ({
  kind: 'expression',
  element: 'float',
  shape,
  text,
  bound: false,
  negated: false,
  raw,
});
