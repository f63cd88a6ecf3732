/** Functions that the loops call: exp, log and their kin, spelled out in float arithmetic. */

import { errors } from '../../ir/errors.ts';
import { derivedArguments, expand, isDerived } from '../../ir/expansions.ts';
import { type DerivedFunction, type Scalar, scalarBuilder, scalarInputs } from '../../ir/scalar.ts';
import type { Float } from '../../ir/types.ts';
import { type ExpressionContext, printScalar } from './expression.ts';

export interface Helper {
  readonly doc: string;
  readonly signature: string;
  readonly body: readonly string[];
}

const docs: { readonly [F in DerivedFunction]: string } = {
  exp: 'e^x, at most 1 unit in the last place off: e^x = 2^k e^r with |r| <= ln(2) / 2.',
  expm1: 'e^x - 1, at most 2 units in the last place off: 2^k ((e^r - 1) + (1 - 2^-k)).',
  log: 'Natural logarithm, at most 1 unit in the last place off: ln x = e ln 2 + ln(1 + f).',
  sin: 'Sine: x less a multiple of pi / 2, then a polynomial; accurate for |x| <= 8192.',
  cos: 'Cosine: x less a multiple of pi / 2, then a polynomial; accurate for |x| <= 8192.',
  tanh: 'Hyperbolic tangent: an odd polynomial near 0, by way of e^2x elsewhere.',
  erf: 'Error function: an odd polynomial near 0, 1 - e^(-x^2) p(2 / (x + 2)) elsewhere.',
  sigmoid: '1 / (1 + e^-x).',
  softplus: 'ln(1 + e^x), without overflow.',
  uniform: 'A number in [0, 1) by position: Threefry-2x32, 20 rounds (Salmon et al., 2011).',
};

/** The helpers that `wanted` need, each after those it calls. */
export function helpersFor(wanted: ReadonlySet<string>, float: Float): Helper[] {
  const done = new Map<string, Helper>();
  const add = (name: string): void => {
    if (done.has(name) || isBitHelper(name)) return;
    const needs = new Set<string>();
    const helper = derivedHelper(name, float, needs);
    for (const need of needs) add(need);
    done.set(name, helper);
  };
  for (const name of [...wanted].sort()) add(name);
  return [...done.values()];
}

const isBitHelper = (name: string): boolean => name === 'floatOf' || name === 'bitsOf';

/** Declarations for helpers that look at the bits of a float: one word seen as both. */
export function bitHelpers(helpers: readonly Helper[]): string[] {
  const calls = (name: string): boolean =>
    helpers.some(({ body }) => body.some((line) => line.includes(`${name}(`)));
  const lines = [
    ...(calls('floatOf')
      ? ['const floatOf = (x: number): number => ((word[0] = x), single[0]); // the float32 with these bits']
      : []),
    ...(calls('bitsOf')
      ? ['const bitsOf = (x: number): number => ((single[0] = x), word[0]); // the bits of a float32']
      : []),
  ];
  return lines.length > 0
    ? ['const word = new Int32Array(1), single = new Float32Array(word.buffer);', ...lines]
    : [];
}

function derivedHelper(name: string, float: Float, needs: Set<string>): Helper {
  if (!isDerived(name)) throw errors.invalid(`no helper ${name}`);
  const names = derivedArguments[name];
  const args = names.map(
    (arg): Scalar => ({ kind: 'local', name: arg, dtype: name === 'uniform' ? 'i32' : float }),
  );
  const root = expand(
    name,
    scalarBuilder(float, () => ''),
    args,
  );
  const parameters = names.map((arg) => `${arg}: number`).join(', ');
  return {
    doc: docs[name],
    signature: `${name}(${parameters}): number`,
    body: straightLine(root, float, needs),
  };
}

/** The expression as a sequence of constants: every part that is used twice, or long, has a name. */
function straightLine(root: Scalar, float: Float, needs: Set<string>): string[] {
  const lines: string[] = [];
  let count = 0;
  const declare = (text: string): string => {
    if (text === `v${count}`) return text; // a long part that is shared has its line already
    const name = `v${++count}`;
    lines.push(`const ${name} = ${text};`);
    return name;
  };
  const context: ExpressionContext = {
    float,
    arrayOf: () => '',
    localOf: (name) => name,
    constantOf: (_name, literal) => literal,
    spill: declare,
    uses: (helper) => needs.add(helper),
  };
  const reads = new Map<Scalar, number>();
  const order: Scalar[] = [];
  const visit = (node: Scalar): void => {
    reads.set(node, (reads.get(node) ?? 0) + 1);
    if ((reads.get(node) ?? 0) > 1) return;
    for (const input of scalarInputs(node)) visit(input);
    order.push(node);
  };
  visit(root);
  const named = new Map<Scalar, Scalar>();
  for (const node of order) {
    if (node.kind !== 'apply') continue;
    const replaced: Scalar = { ...node, args: node.args.map((arg) => named.get(arg) ?? arg) };
    const shared = (reads.get(node) ?? 0) > 1;
    named.set(
      node,
      shared ? { kind: 'local', name: declare(printScalar(replaced, context)), dtype: node.dtype } : replaced,
    );
  }
  const result = printResult(named.get(root) ?? root, context, float); // may add lines
  return [...lines, `return ${result};`];
}

/** The returned expression is not cut in two, but it is rounded like any other. */
function printResult(root: Scalar, context: ExpressionContext, float: Float): string {
  const text = printScalar(root, context, true);
  const rounds = root.kind === 'apply' && ['add', 'sub', 'mul', 'div', 'sqrt'].includes(root.fn);
  return float === 'f32' && rounds ? `f32(${text})` : text;
}
