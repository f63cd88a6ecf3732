/**
 * Loops of a sum of products: the order of its loops is chosen by how they walk through memory, and four terms
 * are added per pass so that the result is loaded and stored a quarter as often.
 *
 * Whatever the order, each element adds its terms in ascending order, one by one: the bits never change.
 */

import { strideOf } from '../ir/affine.ts';
import { addIndex, constIndex, type Index, indexVars, offsetOf } from '../ir/index-expr.ts';
import type { Bound, Nest, Statement } from '../ir/kernel.ts';
import { fitsLanes } from '../ir/lanes.ts';
import { nth } from '../ir/op.ts';
import type { Reduce, Scalar } from '../ir/scalar.ts';
import type { Dim } from '../ir/types.ts';
import { loadsOf } from '../ir/walk.ts';
import { local, mapScalar, type Names, reductionsIn, scalarVars, toExpression } from './emit-statements.ts';
import { isLoopVar, type LoopVar, loopOver, nestLoops } from './loops.ts';

/** Terms added per pass over a row: more makes the engine spill registers, fewer leaves it waiting for memory. */
const termsPerPass = 4;
/** Stands for the number of samples when strides are compared. */
const typicalBatch = 64;

/** `dot`: reduce innermost. `rows`: reduce around the last axis. `outer`: reduce outside of everything. */
type Form = 'dot' | 'rows' | 'outer';

export interface Contraction {
  readonly form: Form;
  readonly reduce: Reduce;
  readonly over: LoopVar;
}

/** The contraction in `nest` and the best order of its loops, or undefined when it is something else. */
export function findContraction(nest: Nest): Contraction | undefined {
  const reductions = reductionsIn(nest.element);
  const [reduce] = reductions;
  if (reductions.length !== 1 || reduce?.reduce !== 'sum' || reduce.over.kind !== 'var') return undefined;
  // The terms are added up in the root's own storage, so it must hold what they are.
  if (reduce.dtype !== nest.root.dtype) return undefined;
  const last = nest.index[nest.index.length - 1];
  if (last?.kind !== 'var' || !isPlainProduct(reduce.body)) return undefined;
  const over = reduce.over;
  const spatial = nest.index.filter(isLoopVar);
  const before = spatial[spatial.length - 2];
  const out: Access = { shape: nest.root.shape, index: nest.index };
  const operands = [
    ...loadsOf([reduce.body]).map(({ from, index }): Access => ({ shape: from.shape, index })),
    out,
  ];
  const cost = (inner: LoopVar, middle: LoopVar): number =>
    operands.reduce((sum, x) => sum + 100 * step(x, inner) + step(x, middle), 0);
  const orders: readonly (readonly [Form, number])[] = [
    ['dot', cost(over, last)],
    ['rows', cost(last, over)],
    ['outer', cost(last, before ?? over)],
  ];
  const [best] = [...orders].sort((a, b) => a[1] - b[1]);
  // Without a second spatial loop, `rows` and `outer` are the same loops and cost the same: `rows` comes first.
  return { form: best?.[0] ?? 'dot', reduce, over };
}

/** A product of two loads, as of matrices, or a load alone; other bodies keep their reduction innermost. */
const isPlainProduct = (body: Scalar): boolean =>
  body.kind === 'load' ||
  (body.kind === 'apply' && body.fn === 'mul' && body.args.every((arg) => arg.kind === 'load'));

interface Access {
  readonly shape: readonly Dim[];
  readonly index: readonly Index[];
}

/** How far apart in memory consecutive values of `variable` lie, capped at what a cache line forgives. */
function step({ shape, index }: Access, variable: LoopVar): number {
  let stride = 1;
  let total = 0;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const position = index[axis];
    if (position && indexVars(position).has(variable.name)) total += stride;
    const dim = shape[axis] ?? 1;
    stride *= dim === 'batch' ? typicalBatch : dim;
  }
  return Math.min(total, 64);
}

/** Terms of one element that a target with tiles takes at once: more do not stay in the first cache. */
const tileTerms = 1024;

/**
 * The contraction as one statement, for a target that computes it in tiles of registers; undefined where it is no product of
 * two matrices of float32.
 */
export function contractionTiles(
  nest: Nest,
  { reduce, over }: Contraction,
  names: Names,
): Statement[] | undefined {
  const { root, index, element } = nest;
  const vars = index.filter(isLoopVar);
  const columns = nth(vars, vars.length - 1);
  const rows = vars[vars.length - 2];
  if (!rows || vars.length !== 2 || root.dtype !== 'f32' || typeof columns.extent !== 'number')
    return undefined;
  if (!isMatrixProduct(reduce.body, rows, columns, over)) return undefined;
  const tiles = (value: Scalar, accumulate: boolean): Statement => ({
    kind: 'contract',
    to: root,
    index,
    reduce,
    value,
    accumulate,
  });
  const goesOn = reduce.start !== undefined;
  const fits = !goesOn && typeof over.extent === 'number' && over.extent <= tileTerms;
  if (fits && fitsLanes(element, columns.name, reduce)) return [tiles(element, false)];
  const target: Scalar = { kind: 'load', from: root, index, dtype: root.dtype };
  const rest = mapScalar(element, (node) => (node === reduce ? target : undefined));
  return [
    ...cleared(reduce, { kind: 'fill', to: root, at: [], value: 0 }),
    tiles(reduce, true),
    ...(rest === target ? [] : nestLoops(index, storeElement(nest, rest, names))),
  ];
}

/** A product of two loads, one of which moves with the rows and not the columns, the other with the columns and not the rows. */
function isMatrixProduct(body: Scalar, rows: LoopVar, columns: LoopVar, over: LoopVar): boolean {
  if (body.kind !== 'apply' || body.fn !== 'mul') return false;
  const strides = body.args.map((arg) => {
    const offset =
      arg.kind === 'load' && arg.dtype === 'f32' ? offsetOf(arg.index, arg.from.shape) : undefined;
    return [rows, columns, over].map(({ name }) => (offset ? strideOf(offset, name) : undefined));
  });
  if (!strides.every((known) => known.every((stride) => stride !== undefined))) return false;
  const isLeft = ([row, column]: (number | undefined)[]): boolean => row !== 0 && column === 0;
  const isRight = ([row, column]: (number | undefined)[]): boolean => row === 0 && column !== 0;
  const [a = [], b = []] = strides;
  return (isLeft(a) && isRight(b)) || (isLeft(b) && isRight(a));
}

/** The statements of a contraction whose reduction is not innermost. */
export function contractionLoops(nest: Nest, { form, reduce, over }: Contraction, names: Names): Statement[] {
  const { root, index } = nest;
  const vars = index.filter(isLoopVar);
  const inner = nth(vars, vars.length - 1);
  const around = vars.slice(0, -1);
  const target: Scalar = { kind: 'load', from: root, index, dtype: root.dtype };
  const passes = reducePasses(reduce, over, (terms) => {
    const before: Statement[] = [];
    const added = terms.reduce<Scalar>((sum, term) => {
      // A single term at a time is the short rest of a loop: there a variable would only be in the way.
      const hoisted =
        terms.length === 1 ? term : mapScalar(term, (node) => hoist(node, inner.name, names, before));
      return { kind: 'apply', fn: 'add', args: [sum, hoisted], dtype: root.dtype };
    }, target);
    const update: Statement = { kind: 'store', to: root, index, value: added };
    const row = [...before, loopOver(inner, [update])];
    return form === 'outer' ? nestLoops(around, row) : row;
  });
  const element = mapScalar(nest.element, (node) => (node === reduce ? target : undefined));
  const epilogue = element === target ? [] : [loopOver(inner, storeElement(nest, element, names))];
  if (form === 'outer') {
    const clear = cleared(reduce, { kind: 'fill', to: root, at: [], value: 0 });
    return [...clear, ...passes, ...(epilogue.length > 0 ? nestLoops(around, epilogue) : [])];
  }
  const clear = cleared(reduce, { kind: 'fill', to: root, at: index.slice(0, -1), value: 0 });
  return [...nestLoops(around, [...clear, ...passes, ...epilogue])];
}

/** A sum that goes on from what is there is not cleared. */
const cleared = ({ start }: Reduce, fill: Statement): readonly Statement[] =>
  start === undefined ? [fill] : [];

function storeElement(nest: Nest, element: Scalar, names: Names): Statement[] {
  const body: Statement[] = [];
  const value = toExpression(element, names, body);
  return [...body, { kind: 'store', to: nest.root, index: nest.index, value }];
}

/** What does not change along the inner loop is read before it. */
function hoist(node: Scalar, inner: string, names: Names, before: Statement[]): Scalar | undefined {
  if (node.kind !== 'load' || scalarVars(node).has(inner)) return undefined;
  const name = names.fresh('p');
  before.push({ kind: 'let', name, value: node, mutable: false });
  return local(name, node.dtype);
}

/** The loop over the terms: four at a time as far as that goes, then the rest one by one. */
function reducePasses(
  reduce: Reduce,
  over: LoopVar,
  pass: (terms: readonly Scalar[]) => readonly Statement[],
): Statement[] {
  const shifted = (by: number): Scalar => shiftScalar(reduce.body, over.name, by);
  const whole: Bound = { extent: over.extent };
  const blocked: Bound = { extent: over.extent, multipleOf: termsPerPass };
  const one = (from: Bound): Statement => ({
    kind: 'for',
    variable: over.name,
    from,
    to: whole,
    step: 1,
    body: pass([reduce.body]),
  });
  const fewTerms = typeof over.extent === 'number' && over.extent < 2 * termsPerPass;
  if (fewTerms || reduce.body.kind === 'load') return [one({ extent: 0 })];
  const four: Statement = {
    kind: 'for',
    variable: over.name,
    from: { extent: 0 },
    to: blocked,
    step: termsPerPass,
    body: pass(Array.from({ length: termsPerPass }, (_, by) => shifted(by))),
  };
  const divides = typeof over.extent === 'number' && over.extent % termsPerPass === 0;
  return divides ? [four] : [four, one(blocked)];
}

/** The expression with `by` added to a loop variable wherever it occurs. */
function shiftScalar(scalar: Scalar, variable: string, by: number): Scalar {
  if (by === 0) return scalar;
  return mapScalar(scalar, (node) =>
    node.kind === 'load'
      ? { ...node, index: node.index.map((index) => shiftIndex(index, variable, by)) }
      : undefined,
  );
}

function shiftIndex(index: Index, variable: string, by: number): Index {
  switch (index.kind) {
    case 'const':
      return index;
    case 'var':
      return index.name === variable ? addIndex(index, constIndex(by)) : index;
    case 'add':
      return { ...index, a: shiftIndex(index.a, variable, by), b: shiftIndex(index.b, variable, by) };
    default:
      return { ...index, a: shiftIndex(index.a, variable, by) };
  }
}
