/** The model while it is being written: its imports, parameters and statements, and a name for each. */

import { textLiteral } from '../../codegen/ts/literal.ts';
import { createIdentifiers } from '../../codegen/ts/names.ts';
import type { Shape } from '../../ir/types.ts';
import type { Numbers } from './graph.ts';
import { type Element, type Expression, showShape, type Weights } from './values.ts';

/** How a parameter would start if it were not loaded. */
export type Start = 'matrix' | 'zero' | 'one' | 'slope';

const starts: Readonly<Record<Start, readonly [string, string]>> = {
  matrix: ['glorotNormal', 'glorotNormal()'],
  zero: ['zeros', 'zeros()'],
  one: ['constant', 'constant(1)'],
  slope: ['constant', 'constant(0.25)'],
};

export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly numbers: Numbers;
}

export interface Writer {
  /** The name of something that the model file imports. */
  use(imported: string): string;
  /** A new identifier like `wanted`, which may be any text. */
  identifier(wanted: string): string;
  /** A new identifier for an expression that the file has no good name for: z1, a1, ... */
  nextFor(expression: Expression): string;
  /** A new name for data, fit for weights files and messages. */
  dataName(wanted: string, otherwise: string): string;
  declareInput(identifier: string, name: string, shape: Shape): void;
  /** The parameter that holds the weights, declared when it is first asked for. */
  parameter(weights: Weights, start: Start, frozen?: boolean): Expression;
  /** The expression under a name of its own. */
  bind(expression: Expression, wanted: string): Expression;
  readonly imports: ReadonlySet<string>;
  /** Declarations of inputs, of parameters, and what is computed from them. */
  readonly inputs: readonly string[];
  readonly declarations: readonly string[];
  readonly statements: readonly string[];
  readonly parameters: readonly Parameter[];
}

/** Everything that a model file may import is not to be hidden by a name of the model. */
const libraryNames =
  'm model relu sigmoid tanh softplus softmax leakyRelu prelu elu selu gelu silu glorotNormal zeros constant adam accuracy ' +
  'binaryAccuracy softmaxCrossEntropy binaryCrossEntropy meanSquaredError';

const library: ReadonlySet<string> = new Set(libraryNames.toLowerCase().split(' '));
/** Ops and what exporters make of their names. */
const generic: ReadonlySet<string> = new Set(
  (
    'linear addmm matmul gemm add sub mul div neg exp log sqrt where less greater equal cast reshape view flatten abs sin cos erf ' +
    'leaky_relu leakyrelu hardtanh clamp pow sum mean max min maximum minimum softsign transpose unsqueeze squeeze expand identity ' +
    'argmax reducesum reducemax mul_result add_result next_activations cast_input'
  ).split(' '),
);

export function createWriter(): Writer {
  const identifiers = createIdentifiers();
  for (const name of libraryNames.split(' ')) identifiers.claim(name);
  const dataName = createDataNames();
  const imports = new Set<string>();
  const inputs: string[] = [];
  const declarations: string[] = [];
  const statements: string[] = [];
  const parameters: Parameter[] = [];
  const declared = new Map<Numbers, Expression>();
  const counts = new Map<string, number>();

  function parameter(weights: Weights, start: Start, frozen = !weights.trained): Expression {
    const known = declared.get(weights.numbers);
    if (known) return known;
    const name = dataName(weights.name, 'weights');
    const identifier = identifiers.claim(identifierLike(name));
    const [imported, init] = starts[start];
    imports.add(imported);
    const shape = showShape(weights.shape);
    const options = frozen ? ', { trainable: false }' : '';
    declarations.push(`const ${identifier} = m.param(${textLiteral(name)}, ${shape}, ${init}${options});`);
    parameters.push({ name, shape: weights.shape, numbers: weights.numbers });
    const expression = named(identifier, weights.shape);
    declared.set(weights.numbers, expression);
    return expression;
  }
  return {
    use(imported) {
      imports.add(imported);
      return imported;
    },
    identifier: (wanted) => identifiers.claim(identifierLike(wanted)),
    nextFor(expression) {
      const letter = letterFor(expression);
      const count = (counts.get(letter) ?? 0) + 1;
      counts.set(letter, count);
      return `${letter}${count}`;
    },
    dataName,
    declareInput(identifier, name, shape) {
      inputs.push(`const ${identifier} = m.input(${textLiteral(name)}, ${showShape(shape)});`);
    },
    parameter,
    bind(expression, wanted) {
      if (expression.bound) return expression;
      const name = identifiers.claim(identifierLike(wanted));
      statements.push(`const ${name} = ${expression.text};`);
      return { ...expression, text: name, bound: true };
    },
    imports,
    inputs,
    declarations,
    statements,
    parameters,
  };
}

/** Gives each name once, as weights files and messages can have it. */
function createDataNames(): Writer['dataName'] {
  const names = new Set<string>();
  const suffixes = new Map<string, number>();
  return (wanted, otherwise) => {
    const base = (isFit(wanted) ? wanted : otherwise).normalize('NFC');
    // Counting anew each time would take ever longer.
    let next = suffixes.get(base) ?? 2;
    let name = base;
    while (names.has(name)) name = `${base}${next++}`;
    suffixes.set(base, next);
    names.add(name);
    return name;
  };
}

/** As in books: z is what a layer adds up, a what its activation makes of it. */
const letterFor = ({ text }: Expression): string =>
  /^[a-z]+\(/i.test(text) ? 'a' : text.includes('.matmul(') ? 'z' : 'v';

/** A name that is an expression. */
export const named = (name: string, shape: Shape, element: Element = 'float', raw = false): Expression => ({
  kind: 'expression',
  element,
  shape,
  text: name,
  bound: true,
  negated: false,
  raw,
});

/** Names of libraries and ops, numbered, say less than z1 and a1. */
const dull = /^(?:val|tmp|getitem|variable|result|out(?:put)?|v|t|p)?_?\d*$/i;

/** What the file calls a value, where that is a name that a person may have given. */
export function niceName(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,23}$/.test(name) || dull.test(name)) return undefined;
  const stem = name.replace(/_?\d+$/, '').toLowerCase();
  const isTaken = library.has(stem) || generic.has(stem);
  return isTaken ? undefined : name;
}

const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

/** As the names of a model must be. */
const isFit = (name: string): boolean =>
  name !== '' && name.length <= 256 && !unprintable.test(name) && name !== '__metadata__';

/** `fc1.weight` as `fc1Weight`; the empty text where nothing of it can be part of an identifier. */
export function identifierLike(name: string): string {
  const words = name
    .slice(0, 60)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const joined = words
    .map((word, i) => (i === 0 ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`))
    .join('')
    .slice(0, 32);
  const first = joined.charAt(0);
  if (/[0-9]/.test(first)) return `p${joined}`;
  return `${first.toLowerCase()}${joined.slice(1)}`;
}
