/** Arithmetic, comparisons and choices, element by element. */

import { sameShape } from '../../../ir/types.ts';
import {
  argument,
  type Context,
  chained,
  constant,
  expression,
  type Handler,
  int,
  known,
  made,
  receiver,
  repeated,
  tensor,
} from '../context.ts';
import { type Expression, type Fill, refusal, showNumber, together, type Val } from '../values.ts';
import type { Start } from '../writer.ts';

type Method = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum';

const commutes: ReadonlySet<Method> = new Set(['add', 'mul', 'maximum', 'minimum']);

const numbers: Readonly<Record<Method, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

/** A parameter starts where the operation changes nothing. */
const startOf = (method: Method): Start => (method === 'mul' || method === 'div' ? 'one' : 'zero');

/** `a.method(b)`, with numbers for what is only a number. */
export function combined(c: Context, method: Method, a: Val, b: Val): Val {
  if (a.kind === 'fill' && b.kind === 'fill')
    return { kind: 'fill', shape: together(a.shape, b.shape), value: numbers[method](a.value, b.value) };
  if (a.kind === 'fill' && commutes.has(method)) return combined(c, method, b, a);
  if (a.kind === 'weights' && b.kind === 'expression' && commutes.has(method))
    return combined(c, method, b, a);
  const shape = together(a.shape, b.shape);
  if (a.kind === 'fill') {
    checkAbsorbed(a, shape, b);
    const y = operandOf(c, b, startOf(method));
    return made(`${constant(a).text}.${method}(${argument(c, y)})`, shape, y.raw);
  }
  // What scales the inputs is no layer.
  const scales = c.freezesScaling && a.kind === 'expression' && a.raw && b.kind === 'weights';
  const x = operandOf(c, a, startOf(method));
  if (b.kind === 'fill') {
    checkAbsorbed(b, shape, a);
    return chained(c, x, `${method}(${showNumber(b.value)})`, shape);
  }
  const y = operandOf(c, b, startOf(method), scales || undefined);
  const raw = x.raw && (scales || (b.kind === 'expression' && y.raw));
  return made(`${receiver(c, x)}.${method}(${argument(c, y)})`, shape, raw);
}

/** A number that is repeated to more elements than its partner has would make the partner larger. */
function checkAbsorbed(_number: Fill, shape: readonly unknown[], partner: Val): void {
  if (shape.join() !== partner.shape.join()) throw refusal('it repeats its operand');
}

function operandOf(c: Context, val: Val, start: Start, frozen?: boolean): Expression {
  const found = expression(c, val, start, frozen);
  if (found.element === 'float') return found;
  throw refusal(`its operand is ${found.element === 'int' ? 'an integer' : 'a bool'}`);
}

/** Of two operands, or of all of them in turn. */
export const arithmetic =
  (method: Method): Handler =>
  (c) => {
    let result = c.input(0);
    for (let i = 1; i < c.count; i++) result = combined(c, method, result, c.input(i));
    return result;
  };

/** A method without arguments; of a number that is known, the number. */
export const method =
  (name: string, of?: (x: number) => number): Handler =>
  (c) => {
    const x = c.input(0);
    if (x.kind === 'fill' && of) return { ...x, value: of(x.value) };
    return chained(c, tensor(c, 0), `${name}()`);
  };

export const ceil: Handler = (c) => chained(c, tensor(c, 0), 'neg().floor().neg()');

export const reciprocal: Handler = (c) => {
  const x = tensor(c, 0);
  return made(`m.constant(1).div(${argument(c, x)})`, x.shape, x.raw);
};

const powers: ReadonlyMap<number, string> = new Map([
  [2, 'square()'],
  [0.5, 'sqrt()'],
]);

export const pow: Handler = (c) => {
  const exponent = known(c.input(1), 'exponent') ?? Number.NaN;
  const x = tensor(c, 0);
  const named = powers.get(exponent);
  if (exponent === 1) return x;
  if (named !== undefined) return chained(c, x, named);
  if (exponent === -1) return made(`m.constant(1).div(${argument(c, x)})`, x.shape, x.raw);
  if (!Number.isInteger(exponent) || exponent < 3 || exponent > 8)
    throw refusal(`the exponent ${exponent} is none of -1, 0.5 and 1 to 8`);
  const base = repeated(c, x);
  return chained(c, base, Array.from({ length: exponent - 1 }, () => `mul(${base.text})`).join('.'));
};

export const clip: Handler = (c) => {
  const bound = (i: number, name: string): number | undefined => {
    const attribute = c.node.attributes.get(name);
    return attribute?.kind === 'float' ? attribute.value : known(c.optional(i), name);
  };
  const [low, high] = [bound(1, 'min'), bound(2, 'max')];
  const limits = [
    low !== undefined && low > -3.4e38 ? `maximum(${showNumber(low)})` : '',
    high !== undefined && high < 3.4e38 ? `minimum(${showNumber(high)})` : '',
  ].filter((limit) => limit !== '');
  const x = tensor(c, 0);
  return limits.length === 0 ? x : chained(c, x, limits.join('.'));
};

const mirrored = { less: 'greater', greater: 'less', equal: 'equal' } as const;

/** Bools; `negated` for the opposite of what a tensor can be asked. */
export const comparison =
  (name: keyof typeof mirrored, negated = false): Handler =>
  (c) => {
    const [a, b] = [c.input(0), c.input(1)];
    if (a.kind === 'fill' && b.kind === 'fill') throw refusal('it compares numbers alone');
    // A number is the operand of a method, not what has it.
    const [x, y, asked] = a.kind === 'fill' ? [b, a, mirrored[name]] : [a, b, name];
    const shape = together(x.shape, y.shape);
    const left = expression(c, x);
    if (y.kind === 'fill') checkAbsorbed(y, shape, x);
    const number = left.element === 'int' || y.kind === 'fill' ? known(y, 'operand') : undefined;
    const right = number === undefined ? argument(c, expression(c, y)) : showNumber(number);
    return { ...made(`${receiver(c, left)}.${asked}(${right})`, shape, false), element: 'bool', negated };
  };

function bool(c: Context, i: number): Expression {
  const found = c.input(i);
  if (found.kind === 'expression' && found.element === 'bool') return found;
  throw refusal('its condition is not computed from data');
}

/** Bools as 0 and 1. */
export function asFloat(c: Context, x: Expression): Expression {
  const methods = x.negated ? 'select(0, 1)' : 'toFloat()';
  return made(`${receiver(c, x)}.${methods}`, x.shape, false);
}

export const where: Handler = (c) => {
  const condition = bool(c, 0);
  const [yes, no] = condition.negated ? [2, 1] : [1, 2];
  const branch = (i: number): string => {
    const val = c.input(i);
    return val.kind === 'fill' ? showNumber(val.value) : argument(c, tensor(c, i, 'zero'));
  };
  const shape = together(together(condition.shape, c.input(yes).shape), c.input(no).shape);
  const branches = [c.input(1), c.input(2)].filter(({ kind }) => kind !== 'fill').map((val) => val.shape);
  const natural = [condition.shape, ...branches].reduce((a, b) => together(a, b));
  if (!sameShape(natural, shape)) throw refusal('it repeats its operands');
  return made(`${receiver(c, condition)}.select(${branch(yes)}, ${branch(no)})`, shape, false);
};

/** Both, or one of them, from 0 and 1. */
export const logical =
  (name: 'mul' | 'maximum'): Handler =>
  (c) => {
    const [x, y] = [asFloat(c, bool(c, 0)), asFloat(c, bool(c, 1))];
    const text = `${receiver(c, x)}.${name}(${argument(c, y)}).greater(0)`;
    return { ...made(text, together(x.shape, y.shape), false), element: 'bool' };
  };

export const not: Handler = (c) => {
  const x = bool(c, 0);
  return { ...x, negated: !x.negated };
};

/** Kinds of elements that are the same to a model. */
const floats: ReadonlySet<number> = new Set([1, 11]);
const integers: ReadonlySet<number> = new Set([6, 7]);

export const cast: Handler = (c) => {
  const to = int(c, 'to', 0);
  const x = c.input(0);
  if (x.kind === 'sizes') {
    if (integers.has(to)) return x;
    const [value] = x.values;
    if (floats.has(to) && x.values.length === 1 && typeof value === 'number')
      return { kind: 'fill', shape: x.shape, value };
    throw refusal('it makes data of a shape');
  }
  const element = x.kind === 'expression' ? x.element : 'float';
  if (floats.has(to)) {
    if (element === 'float' || x.kind !== 'expression') return x;
    return element === 'bool' ? asFloat(c, x) : chained(c, x, 'toFloat()');
  }
  if (integers.has(to) && element === 'int') return x;
  if (to === 9 && element === 'bool') return x;
  throw refusal(`it converts ${element}s to elements of another type (${to})`);
};
