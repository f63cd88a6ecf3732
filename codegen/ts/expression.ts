/** Scalar expressions as TypeScript: float32 arithmetic is rounded after each operation, as the hardware would. */

import { errors } from '../../ir/errors.ts';
import { isDerived, isHostFunction } from '../../ir/expansions.ts';
import { type Index, offsetOf } from '../../ir/index-expr.ts';
import type { Scalar } from '../../ir/scalar.ts';
import type { DType, Float } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { numberLiteral } from './literal.ts';

/** Where expressions find names, and where long ones put their parts. */
export interface ExpressionContext {
  readonly float: Float;
  readonly arrayOf: (value: Value) => string;
  /** The identifier of a variable that the loops declare. */
  readonly localOf: (name: string) => string;
  /** The constant that holds a named number. */
  readonly constantOf: (name: string, literal: string) => string;
  /** Declares a variable for a part of a long expression and returns its name. */
  readonly spill: (text: string) => string;
  /** Told of every helper function that is called. */
  readonly uses: (helper: string) => void;
}

/** Text and how tightly its outermost operator binds. */
interface Printed {
  readonly text: string;
  readonly binds: number;
}

const level = {
  conditional: 1,
  or: 2,
  and: 3,
  xor: 4,
  equality: 5,
  relation: 6,
  shift: 7,
  sum: 8,
  product: 9,
  unary: 10,
  atom: 11,
} as const;

/** Longer parts of an expression get a line of their own. */
const longest = 84;

const wrap = (x: Printed, binds: number): string => (x.binds < binds ? `(${x.text})` : x.text);
const atom = (text: string): Printed => ({ text, binds: level.atom });

/** `exact`: the result will be rounded by whoever stores it, so the outermost rounding is left out. */
export function printScalar(scalar: Scalar, context: ExpressionContext, exact = false): string {
  return print(scalar, context, exact).text;
}

function print(scalar: Scalar, context: ExpressionContext, exact: boolean): Printed {
  switch (scalar.kind) {
    case 'number': {
      const literal = numberLiteral(scalar.value, scalar.dtype);
      if (scalar.name !== undefined) return atom(context.constantOf(scalar.name, literal));
      return literal.startsWith('-') ? { text: literal, binds: level.unary } : atom(literal);
    }
    case 'batch':
      return atom('n');
    case 'index':
      return printIndex(scalar.index);
    case 'local':
      return atom(context.localOf(scalar.name));
    case 'load': {
      const isScalarInput = scalar.from.op === 'input' && scalar.from.shape.length === 0;
      const name = context.arrayOf(scalar.from);
      const text = isScalarInput ? name : `${name}[${printOffset(scalar.index, scalar.from)}]`;
      return scalar.dtype === 'bool' ? { text: `${text} !== 0`, binds: level.equality } : atom(text);
    }
    case 'apply':
      return shorten(printApply(scalar, context, exact), context, exact);
    case 'reduce':
      throw errors.invalid('a reduction reached the printer; scheduling turns them into loops');
  }
}

/** The outermost part stays where it is; it is the parts inside that get names. */
function shorten(printed: Printed, context: ExpressionContext, exact: boolean): Printed {
  return printed.text.length > longest && !exact ? atom(context.spill(printed.text)) : printed;
}

type Apply = Extract<Scalar, { kind: 'apply' }>;

const operators: ReadonlyMap<string, readonly [string, number]> = new Map([
  ['add', ['+', level.sum]],
  ['sub', ['-', level.sum]],
  ['mul', ['*', level.product]],
  ['div', ['/', level.product]],
  ['less', ['<', level.relation]],
  ['lessEqual', ['<=', level.relation]],
  ['equal', ['===', level.equality]],
  ['and', ['&&', level.and]],
  ['or', ['||', level.or]],
  ['xor', ['^', level.xor]],
  ['shiftLeft', ['<<', level.shift]],
  ['shiftRight', ['>>', level.shift]],
] as const);

const roundedFunctions: ReadonlySet<string> = new Set(['add', 'sub', 'mul', 'div', 'sqrt']);

function printApply(scalar: Apply, context: ExpressionContext, exact: boolean): Printed {
  const { fn, args, dtype } = scalar;
  const printed = args.map((arg) => print(arg, context, false));
  const [a = atom(''), b = atom(''), c = atom('')] = printed;
  if (dtype === 'i32' && fn === 'mul') return atom(`Math.imul(${a.text}, ${b.text})`);
  const operator = operators.get(fn);
  if (operator) {
    const [sign, binds] = operator;
    const plain = { text: `${wrap(a, binds)} ${sign} ${wrap(b, binds + 1)}`, binds };
    if (dtype === 'i32' && (fn === 'add' || fn === 'sub'))
      return { text: `(${plain.text}) | 0`, binds: level.or };
    return dtype === 'f32' && roundedFunctions.has(fn) && !exact ? atom(`f32(${plain.text})`) : plain;
  }
  if (isDerived(fn)) {
    if (isHostFunction(fn, context.float)) return atom(`Math.${fn}(${a.text})`);
    context.uses(fn);
    return atom(`${fn}(${printed.map((x) => x.text).join(', ')})`);
  }
  switch (fn) {
    case 'neg':
      return wrapped({ text: `-${wrap(a, level.atom)}`, binds: level.unary }, dtype);
    case 'abs':
      return wrapped(atom(`Math.abs(${a.text})`), dtype);
    case 'min':
    case 'max':
    case 'floor':
      return atom(`Math.${fn}(${printed.map((x) => x.text).join(', ')})`);
    case 'sqrt':
      return atom(dtype === 'f32' && !exact ? `f32(Math.sqrt(${a.text}))` : `Math.sqrt(${a.text})`);
    case 'not':
      return { text: `!${wrap(a, level.atom)}`, binds: level.unary };
    case 'select':
      return {
        text: `${wrap(a, level.or)} ? ${wrap(b, level.or)} : ${wrap(c, level.conditional)}`,
        binds: level.conditional,
      };
    case 'toFloat':
      return convertToFloat(scalar, a, exact);
    case 'toInt':
      return args[0]?.dtype === 'bool' ? choice(a) : { text: `${wrap(a, level.unary)} | 0`, binds: level.or };
    case 'toBool':
      return { text: `${wrap(a, level.relation)} !== 0`, binds: level.equality };
    case 'shiftRightUnsigned':
      return { text: `${wrap(a, level.shift)} >>> ${wrap(b, level.sum)}`, binds: level.shift };
    case 'bitsToFloat':
      context.uses('floatOf');
      return atom(`floatOf(${a.text})`);
    case 'floatToBits':
      context.uses('bitsOf');
      return atom(`bitsOf(${a.text})`);
    default:
      throw errors.invalid(`no TypeScript for ${fn}`);
  }
}

/** Whole numbers wrap around: -(-2^31) is -2^31, and -0 is 0. */
const wrapped = (x: Printed, dtype: DType): Printed =>
  dtype === 'i32' ? { text: `${wrap(x, level.or)} | 0`, binds: level.or } : x;

const choice = (condition: Printed): Printed => ({
  text: `${wrap(condition, level.or)} ? 1 : 0`,
  binds: level.conditional,
});

function convertToFloat({ args, dtype }: Apply, a: Printed, exact: boolean): Printed {
  const from = args[0]?.dtype;
  if (from === 'bool') return choice(a);
  return dtype === 'f32' && from !== 'f32' && !exact ? atom(`f32(${a.text})`) : a;
}

/** The position of an element in its array. */
export const printOffset = (index: readonly Index[], value: Value): string =>
  printIndex(offsetOf(index, value.shape)).text;

export function printIndex(index: Index): Printed {
  switch (index.kind) {
    case 'var':
      return atom(index.name);
    case 'const':
      return atom(String(index.value));
    case 'add':
      return {
        text: `${wrap(printIndex(index.a), level.sum)} + ${wrap(printIndex(index.b), level.sum)}`,
        binds: level.sum,
      };
    case 'mul':
      return {
        text: `${wrap(printIndex(index.a), level.product)} * ${index.by === 'batch' ? 'n' : index.by}`,
        binds: level.product,
      };
    case 'div':
      return atom(`Math.floor(${wrap(printIndex(index.a), level.product)} / ${index.by})`);
    case 'mod':
      return { text: `${wrap(printIndex(index.a), level.product)} % ${index.by}`, binds: level.product };
  }
}
