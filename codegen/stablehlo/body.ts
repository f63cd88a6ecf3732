/** The lines of one StableHLO function while they are written: each gives one tensor a name. */

import { elementText, showTensor, type TensorType } from './tensors.ts';

/** A tensor that a line has computed, or an argument. */
export interface Term {
  /** With its percent sign. */
  readonly id: string;
  readonly type: TensorType;
}

export interface Body {
  /** Samples per call. */
  readonly batch: number;
  readonly lines: readonly string[];
  /** Adds the line `%name = text`; `wanted` is what people would call it. */
  add(text: string, type: TensorType, wanted?: string): Term;
  /** The same number everywhere; written once for each number and type. */
  constant(value: number, type: TensorType): Term;
  /** An argument of the function. */
  argument(wanted: string, type: TensorType): Term;
}

export function createBody(batch: number): Body {
  const lines: string[] = [];
  const used = new Set<string>();
  const constants = new Map<string, Term>();
  let count = 0;

  /** MLIR has names as programming languages do, and numbers. */
  function claim(wanted: string | undefined): string {
    const base =
      wanted === undefined || !/^[A-Za-z_][\w.]{0,60}$/.test(wanted) ? '' : wanted.replaceAll('.', '_');
    if (base === '') return `%${count++}`;
    let name = base;
    for (let i = 2; used.has(name); i++) name = `${base}_${i}`;
    used.add(name);
    return `%${name}`;
  }
  function add(text: string, type: TensorType, wanted?: string): Term {
    const id = claim(wanted);
    lines.push(`${id} = ${text}`);
    return { id, type };
  }
  return {
    batch,
    lines,
    add,
    constant(value, type) {
      const text = `stablehlo.constant dense<${elementText(value, type.dtype)}> : ${showTensor(type)}`;
      const term = constants.get(text) ?? add(text, type);
      constants.set(text, term);
      return term;
    },
    argument: (wanted, type) => ({ id: claim(wanted), type }),
  };
}

/** What stands after the equals sign for the ops that most others are written with. */
export const write = {
  /** One operand, or several of one type. */
  same: (op: string, ...xs: readonly Term[]): string =>
    `stablehlo.${op} ${idsOf(xs)} : ${xs[0] === undefined ? '' : showTensor(xs[0].type)}`,
  compare: (order: 'LT' | 'LE' | 'EQ' | 'NE', x: Term, y: Term): string =>
    `stablehlo.compare ${order}, ${x.id}, ${y.id}, ${kindOf(x)} : ${arrow([x, y], { ...x.type, dtype: 'bool' })}`,
  select: (condition: Term, x: Term, y: Term): string =>
    `stablehlo.select ${idsOf([condition, x, y])} : ${showTensor(condition.type)}, ${showTensor(x.type)}`,
  /** An op that gives another type than it is given. */
  turned: (op: string, x: Term, to: TensorType): string => `stablehlo.${op} ${x.id} : ${arrow([x], to)}`,
  broadcast: (x: Term, axes: readonly number[], to: TensorType): string =>
    `stablehlo.broadcast_in_dim ${x.id}, dims = [${axes.join(', ')}] : ${arrow([x], to)}`,
  iota: (axis: number, type: TensorType): string => `stablehlo.iota dim = ${axis} : ${showTensor(type)}`,
  reduce: (op: string, x: Term, start: Term, axes: readonly number[], to: TensorType): string =>
    `stablehlo.reduce(${x.id} init: ${start.id}) applies stablehlo.${op} across dimensions = [${axes.join(', ')}] : ${arrow([x, start], to)}`,
} as const;

export const arrow = (xs: readonly Term[], to: TensorType): string =>
  `(${xs.map(({ type }) => showTensor(type)).join(', ')}) -> ${showTensor(to)}`;

export const idsOf = (xs: readonly Term[]): string => xs.map(({ id }) => id).join(', ');

/** How numbers are compared; bools are, if at all, as numbers without a sign. */
const kindOf = ({ type: { dtype } }: Term): string =>
  dtype === 'i32' ? 'SIGNED' : dtype === 'bool' ? 'UNSIGNED' : 'FLOAT';

/** `x` with the shape of `to`, where it is a scalar. */
export const stretched = (body: Body, x: Term, shape: readonly number[]): Term =>
  x.type.shape.length === 0 && shape.length > 0
    ? body.add(write.broadcast(x, [], { shape, dtype: x.type.dtype }), { shape, dtype: x.type.dtype })
    : x;

/** 0 to n - 1 along an axis of `shape`. */
export const counting = (body: Body, axis: number, shape: readonly number[]): Term =>
  body.add(write.iota(axis, { shape, dtype: 'i32' }), { shape, dtype: 'i32' });
