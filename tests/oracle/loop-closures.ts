/** Statements of loops as functions: each is looked at once, and then runs as often as its loops ask. */

import { type Index, showIndex } from '../../ir/index-expr.ts';
import type { Statement } from '../../ir/kernel.ts';
import type { Scalar, ScalarFunction } from '../../ir/scalar.ts';
import { applyScalar } from '../../ir/scalar-evaluate.ts';
import type { DType, Float } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { boundOf, countOf, extent } from './accesses.ts';

/** The elements of a value, as many as there are for the samples at hand. */
export interface Place {
  readonly data: Float64Array | Float32Array | Int32Array | Uint8Array;
  readonly size: number;
  /** Where it is known which elements have been written: 1 for those. */
  readonly written?: Uint8Array;
}

export interface LoopContext {
  readonly batch: number;
  readonly float: Float;
  readonly placeOf: (value: Value) => Place;
}

type Compute = () => number;
type Run = () => void;

interface Scope extends LoopContext {
  /** The numbers of loop variables and locals; `slotOf` says which is where. */
  readonly slots: number[];
  readonly slotOf: (name: string) => number;
}

/** The statements of one block as one function. */
export function compileStatements(statements: readonly Statement[], context: LoopContext): Run {
  const slots: number[] = [];
  const names = new Map<string, number>();
  const slotOf = (name: string): number => {
    const slot = names.get(name) ?? slots.push(Number.NaN) - 1;
    names.set(name, slot);
    return slot;
  };
  return sequence(statements, { ...context, slots, slotOf });
}

function sequence(statements: readonly Statement[], scope: Scope): Run {
  const runs = statements.map((statement) => compile(statement, scope));
  const [first, second] = runs;
  if (first && runs.length === 1) return first;
  if (first && second && runs.length === 2)
    return () => {
      first();
      second();
    };
  return () => {
    for (const run of runs) run();
  };
}

const variableName = (name: string): string => `for ${name}`;
const localName = (name: string): string => `let ${name}`;

function compile(statement: Statement, scope: Scope): Run {
  const { slots, batch } = scope;
  switch (statement.kind) {
    case 'for': {
      const slot = scope.slotOf(variableName(statement.variable));
      const [from, to] = [boundOf(statement.from, batch), boundOf(statement.to, batch)];
      const { step } = statement;
      const body = sequence(statement.body, scope);
      return () => {
        for (let at = from; at < to; at += step) {
          slots[slot] = at;
          body();
        }
      };
    }
    case 'let':
    case 'set': {
      const value = compileScalar(statement.value, scope);
      const slot = scope.slotOf(localName(statement.name));
      return () => {
        slots[slot] = value();
      };
    }
    case 'if': {
      const condition = compileScalar(statement.condition, scope);
      const body = sequence(statement.body, scope);
      return () => {
        if (condition() !== 0) body();
      };
    }
    case 'store':
      return compileStore(statement.to, statement.index, compileScalar(statement.value, scope), scope);
    case 'contract':
      return compileContract(statement, scope);
    case 'fill':
      return compileFill(statement.to, statement.at, statement.value, scope);
  }
}

/** A contraction, element by element, its terms in ascending order. */
function compileContract(
  { to, index, reduce, value, accumulate }: Extract<Statement, { kind: 'contract' }>,
  scope: Scope,
): Run {
  const { slots, batch } = scope;
  const slotOfSum = scope.slotOf(localName('sum of a contraction'));
  const sum: Scalar = { kind: 'local', name: 'sum of a contraction', dtype: reduce.dtype };
  const before: Compute = accumulate ? compileLoad(to, index, scope) : () => 0;
  const term = compileScalar(
    { kind: 'apply', fn: 'add', args: [sum, reduce.body], dtype: reduce.dtype },
    scope,
  );
  const result = compileScalar(replacePart(value, reduce, sum), scope);
  const store = compileStore(to, index, result, scope);
  const over = reduce.over.kind === 'var' ? scope.slotOf(variableName(reduce.over.name)) : -1;
  const terms = extent(reduce.extent, batch);
  const one: Run = () => {
    slots[slotOfSum] = before();
    for (let k = 0; k < terms; k++) {
      slots[over] = k;
      slots[slotOfSum] = term();
    }
    store();
  };
  return index.reduceRight<Run>((inner, position) => {
    if (position.kind !== 'var') return inner;
    const slot = scope.slotOf(variableName(position.name));
    const end = extent(position.extent, batch);
    return () => {
      for (let at = 0; at < end; at++) {
        slots[slot] = at;
        inner();
      }
    };
  }, one);
}

function replacePart(scalar: Scalar, part: Scalar, by: Scalar): Scalar {
  if (scalar === part) return by;
  if (scalar.kind !== 'apply') return scalar;
  return { ...scalar, args: scalar.args.map((arg) => replacePart(arg, part, by)) };
}

function compileStore(to: Value, index: readonly Index[], value: Compute, scope: Scope): Run {
  const { data, size, written } = scope.placeOf(to);
  const offset = compileOffset(to, index, scope);
  return () => {
    const number = value();
    const at = offset();
    if (!(at >= 0 && at < size)) throw outside('written', to, index, at, size);
    data[at] = number;
    if (written) written[at] = 1;
  };
}

/** All elements below the leading `at` axes. */
function compileFill(to: Value, at: readonly Index[], value: number, scope: Scope): Run {
  const { data, size, written } = scope.placeOf(to);
  const rest = to.shape.slice(at.length);
  const index = [...at, ...rest.map((): Index => ({ kind: 'const', value: 0 }))];
  const count = countOf({ shape: rest }, scope.batch);
  const offset = compileOffset(to, index, scope);
  return () => {
    const start = offset();
    if (!(start >= 0 && start + count <= size)) throw outside('filled', to, index, start, size);
    data.fill(value, start, start + count);
    written?.fill(1, start, start + count);
  };
}

function compileLoad(from: Value, index: readonly Index[], scope: Scope): Compute {
  const { data, size, written } = scope.placeOf(from);
  const offset = compileOffset(from, index, scope);
  return () => {
    const at = offset();
    if (!(at >= 0 && at < size)) throw outside('read', from, index, at, size);
    if (written && written[at] === 0)
      throw new Error(`${describe(from, index, at)} is read before it is written`);
    return data[at] ?? Number.NaN;
  };
}

const describe = ({ op, id }: Value, index: readonly Index[], at: number): string =>
  `element ${at} of ${op}#${id} [${index.map(showIndex).join(', ')}]`;

const outside = (done: string, value: Value, index: readonly Index[], at: number, size: number): Error =>
  new Error(`${describe(value, index, at)} is ${done}, and there are ${size}`);

/** The row-major position of an element. */
function compileOffset({ shape }: Value, index: readonly Index[], scope: Scope): Compute {
  if (index.length !== shape.length)
    throw new Error(`${index.length} indices for an array of ${shape.length} axes`);
  let offset: Compute | undefined;
  index.forEach((position, axis) => {
    const [outer, inner] = [offset, compileIndex(position, scope)];
    const dim = extent(shape[axis] ?? 1, scope.batch);
    offset = outer ? () => outer() * dim + inner() : inner;
  });
  return offset ?? (() => 0);
}

function compileIndex(index: Index, scope: Scope): Compute {
  const { slots, batch } = scope;
  switch (index.kind) {
    case 'const': {
      const { value } = index;
      return () => value;
    }
    case 'var': {
      const slot = scope.slotOf(variableName(index.name));
      return () => slots[slot] ?? Number.NaN;
    }
    case 'add': {
      const [a, b] = [compileIndex(index.a, scope), compileIndex(index.b, scope)];
      return () => a() + b();
    }
    case 'mul': {
      const [a, by] = [compileIndex(index.a, scope), extent(index.by, batch)];
      return () => a() * by;
    }
    case 'div': {
      const [a, by] = [compileIndex(index.a, scope), index.by];
      return () => Math.floor(a() / by);
    }
    case 'mod': {
      const [a, by] = [compileIndex(index.a, scope), index.by];
      return () => a() % by;
    }
  }
}

/** What an element of `dtype` can hold of a number. */
export function asStored(x: number, dtype: DType): number {
  if (dtype === 'f32') return Math.fround(x);
  if (dtype === 'i32') return x | 0;
  return dtype === 'bool' ? Number(x !== 0) : x;
}

function compileScalar(scalar: Scalar, scope: Scope): Compute {
  const { slots, batch } = scope;
  switch (scalar.kind) {
    case 'number':
    case 'batch': {
      const value = asStored(scalar.kind === 'number' ? scalar.value : batch, scalar.dtype);
      return () => value;
    }
    case 'index':
      return compileIndex(scalar.index, scope);
    case 'local': {
      const slot = scope.slotOf(localName(scalar.name));
      return () => slots[slot] ?? Number.NaN;
    }
    case 'load':
      return compileLoad(scalar.from, scalar.index, scope);
    case 'apply':
      return compileApply(scalar.fn, scalar.args, scalar.dtype, scope);
    case 'reduce':
      throw new Error('a reduction has no place in an expression of a loop');
  }
}

function compileApply(fn: ScalarFunction, args: readonly Scalar[], dtype: DType, scope: Scope): Compute {
  const operands = args.map((arg) => compileScalar(arg, scope));
  const [a = zero, b = zero, c = zero] = operands;
  if (fn === 'select') return () => (a() !== 0 ? b() : c());
  const plain = fn === 'mul' && dtype === 'i32' ? Math.imul : core[fn];
  if (plain) return dtype === 'f64' ? () => plain(a(), b()) : () => asStored(plain(a(), b()), dtype);
  const { float } = scope;
  return () =>
    applyScalar(
      fn,
      operands.map((operand) => operand()),
      dtype,
      float,
    );
}

const zero: Compute = () => 0;

type Binary = (a: number, b: number) => number;

/** The core functions of two numbers at most, before rounding. */
const core: Readonly<Record<string, Binary>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  sqrt: (a) => Math.sqrt(a),
  floor: (a) => Math.floor(a),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  equal: (a, b) => Number(a === b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  not: (a) => Number(a === 0),
  toFloat: (a) => a,
  toInt: (a) => a,
  toBool: (a) => a,
};
