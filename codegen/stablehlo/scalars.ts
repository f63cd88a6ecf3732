/** Scalar functions over whole tensors: those that XLA lacks, or that need the same bits everywhere, are spelled out. */

import { errors } from '../../ir/errors.ts';
import { derivedArguments, expand, isDerived } from '../../ir/expansions.ts';
import { type CoreFunction, type DerivedFunction, type Scalar, scalarBuilder } from '../../ir/scalar.ts';
import type { Float } from '../../ir/types.ts';
import { type Body, stretched, type Term, write } from './body.ts';
import type { TensorType } from './tensors.ts';

type Spelling = (xs: readonly [Term, Term, Term], type: TensorType) => string;

/** Operands of one type and a result of the same. */
const plain =
  (op: string, arity: 1 | 2): Spelling =>
  (xs) =>
    write.same(op, ...xs.slice(0, arity));

const converted: Spelling = ([x], type) => write.turned('convert', x, type);
const sameBits: Spelling = ([x], type) => write.turned('bitcast_convert', x, type);

const core: { readonly [F in CoreFunction]: Spelling } = {
  add: plain('add', 2),
  sub: plain('subtract', 2),
  mul: plain('multiply', 2),
  div: plain('divide', 2),
  neg: plain('negate', 1),
  abs: plain('abs', 1),
  min: plain('minimum', 2),
  max: plain('maximum', 2),
  sqrt: plain('sqrt', 1),
  floor: plain('floor', 1),
  less: ([x, y]) => write.compare('LT', x, y),
  lessEqual: ([x, y]) => write.compare('LE', x, y),
  equal: ([x, y]) => write.compare('EQ', x, y),
  and: plain('and', 2),
  or: plain('or', 2),
  not: plain('not', 1),
  select: (xs) => write.select(...xs),
  toFloat: converted,
  toInt: converted,
  toBool: converted,
  bitsToFloat: sameBits,
  floatToBits: sameBits,
  xor: plain('xor', 2),
  shiftLeft: plain('shift_left', 2),
  shiftRight: plain('shift_right_arithmetic', 2),
  shiftRightUnsigned: plain('shift_right_logical', 2),
};

/** Derived functions that are taken from XLA: as accurate as ours, and made for the device. */
const ofXla: Partial<Record<DerivedFunction, string>> = {
  exp: 'exponential',
  expm1: 'exponential_minus_one',
  log: 'log',
  sin: 'sine',
  cos: 'cosine',
  tanh: 'tanh',
  sigmoid: 'logistic',
};

/** What stands after the equals sign for `fn` of `xs`, which have one shape. */
export function spell(
  body: Body,
  fn: CoreFunction | DerivedFunction,
  xs: readonly Term[],
  type: TensorType,
): string {
  const [x, y = x, z = x] = xs;
  if (x === undefined || y === undefined || z === undefined) throw errors.invalid(`${fn} of nothing`);
  if (!isDerived(fn)) return core[fn]([x, y, z], type);
  const op = ofXla[fn];
  return op === undefined ? expanded(body, fn, xs, type) : write.same(op, x);
}

/** The expansion of `fn` as lines, but for the last one, which is given back. Scalars stay scalars as long as they can. */
function expanded(body: Body, fn: DerivedFunction, xs: readonly Term[], type: TensorType): string {
  const float: Float = type.dtype === 'f64' ? 'f64' : 'f32';
  const locals = derivedArguments[fn].map(
    (name, i): Scalar => ({
      kind: 'local',
      name,
      dtype: xs[i]?.type.dtype ?? float,
    }),
  );
  const root = expand(
    fn,
    scalarBuilder(float, () => ''),
    locals,
  );
  const known = new Map<Scalar, Term>();
  locals.forEach((local, i) => {
    const x = xs[i];
    if (x !== undefined) known.set(local, x);
  });

  function termOf(scalar: Scalar): Term {
    const found = known.get(scalar);
    if (found !== undefined) return found;
    const term = computed(scalar);
    known.set(scalar, term);
    return term;
  }
  function computed(scalar: Scalar): Term {
    if (scalar.kind === 'number') return body.constant(scalar.value, { shape: [], dtype: scalar.dtype });
    const { text, type: result } = lineOf(scalar);
    return body.add(text, result);
  }
  function lineOf(scalar: Scalar): { readonly text: string; readonly type: TensorType } {
    if (scalar.kind !== 'apply') throw errors.invalid(`${fn} is expanded into ${scalar.kind}`);
    const args = scalar.args.map(termOf);
    const shape = args.reduce<readonly number[]>(
      (most, arg) => (arg.type.shape.length > 0 ? arg.type.shape : most),
      [],
    );
    const result = { shape, dtype: scalar.dtype };
    return {
      text: spell(
        body,
        scalar.fn,
        args.map((arg) => stretched(body, arg, shape)),
        result,
      ),
      type: result,
    };
  }
  return lineOf(root).text;
}
