/** Loops and stores as lines of TypeScript. */

import { errors } from '../../ir/errors.ts';
import { type Index, offsetOf, showIndex } from '../../ir/index-expr.ts';
import type { Bound, Statement } from '../../ir/kernel.ts';
import type { Scalar } from '../../ir/scalar.ts';
import { isFloat } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { type ExpressionContext, printIndex, printOffset, printScalar } from './expression.ts';

/** What a function's body needs around it. */
export type StatementContext = Omit<ExpressionContext, 'spill'>;

/** Longest line that several declarations may share. */
const widest = 112;

/** Lines without the indentation of their surroundings; `fresh` names parts of long expressions. */
export function printStatements(
  statements: readonly Statement[],
  context: StatementContext,
  fresh: () => string,
): string[] {
  const lines: string[] = [];
  for (const statement of statements) {
    const printed = printStatement(statement, context, fresh);
    const last = lines[lines.length - 1];
    const [only] = printed;
    const joined =
      statement.kind === 'let' && printed.length === 1 ? joinDeclarations(last, only) : undefined;
    if (joined === undefined) lines.push(...printed);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

/** Two declarations of one kind on one line, if they fit. */
function joinDeclarations(first = '', second = ''): string | undefined {
  const [kind] = second.split(' ');
  if (!first.startsWith(`${kind} `) || first.length + second.length >= widest) return undefined;
  return `${first.slice(0, -1)}, ${second.slice((kind?.length ?? 0) + 1)}`;
}

function printStatement(statement: Statement, outer: StatementContext, fresh: () => string): string[] {
  const before: string[] = [];
  const context: ExpressionContext = {
    ...outer,
    spill(text) {
      const name = fresh();
      before.push(`const ${name} = ${text};`);
      return name;
    },
  };
  const inside = (body: readonly Statement[]): string[] =>
    printStatements(body, outer, fresh).map((line) => `  ${line}`);
  switch (statement.kind) {
    case 'for': {
      const { variable, from, to, step, body } = statement;
      const advance = step === 1 ? `${variable}++` : `${variable} += ${step}`;
      const head = `for (let ${variable} = ${printBound(from)}; ${variable} < ${printBound(to)}; ${advance})`;
      return loopLines(head, printStatements(body, outer, fresh), body);
    }
    case 'if': {
      const head = `if (${printScalar(statement.condition, context)}) {`;
      return [...before, head, ...inside(statement.body), '}'];
    }
    case 'let': {
      const text = printScalar(statement.value, context);
      return [
        ...before,
        `${statement.mutable ? 'let' : 'const'} ${context.localOf(statement.name)} = ${text};`,
      ];
    }
    case 'set': {
      const text = printScalar(statement.value, context);
      return [...before, `${context.localOf(statement.name)} = ${text};`];
    }
    case 'contract':
      throw errors.invalid('TypeScript has no tiles of registers; schedule writes its loops out');
    case 'fill':
      return [printFill(statement.to, statement.at, statement.value, context)];
    case 'store': {
      const { to, index, value } = statement;
      const place = `${context.arrayOf(to)}[${printOffset(index, to)}]`;
      const added = addedTo(to, index, value);
      if (added) {
        const text = printScalar(added, context);
        return [...before, `${place} += ${text};`];
      }
      const text = printScalar(to.dtype === 'bool' ? asNumber(value) : value, context, true);
      return [...before, `${place} = ${text};`];
    }
  }
}

/** Bools lie in memory as 0 and 1. */
const asNumber = (value: Scalar): Scalar => ({
  kind: 'apply',
  fn: 'select',
  args: [value, { kind: 'number', value: 1, dtype: 'i32' }, { kind: 'number', value: 0, dtype: 'i32' }],
  dtype: 'i32',
});

/** A loop around one line, or around one other loop, needs no line of its own. */
function loopLines(head: string, lines: readonly string[], body: readonly Statement[]): string[] {
  const [first = ''] = lines;
  if (lines.length === 1 && head.length + first.length < widest) return [`${head} ${first}`];
  if (
    body.length === 1 &&
    body[0]?.kind === 'for' &&
    first.endsWith('{') &&
    head.length + first.length < widest
  ) {
    return [`${head} ${first}`, ...lines.slice(1)];
  }
  return [`${head} {`, ...lines.map((line) => `  ${line}`), '}'];
}

/**
 * `x[i] = x[i] + y` is written `x[i] += y`, for the array rounds what is stored. Only where the sum is that of the place
 * and one other term: `x + y + z` is not `x + (y + z)`.
 */
function addedTo(to: Value, index: readonly Index[], value: Scalar): Scalar | undefined {
  if (value.kind !== 'apply' || value.fn !== 'add' || !isFloat(value.dtype)) return undefined;
  const [place, other] = value.args;
  const same =
    place?.kind === 'load' &&
    place.from === to &&
    place.index.map(showIndex).join() === index.map(showIndex).join();
  return same ? other : undefined;
}

function printFill(to: Value, at: readonly Index[], value: number, context: ExpressionContext): string {
  const rest = to.shape.slice(at.length);
  const batch = rest.includes('batch');
  const size = rest.reduce<number>((product, dim) => (dim === 'batch' ? product : product * dim), 1);
  const name = context.arrayOf(to);
  const extent = batch ? (size === 1 ? 'n' : `n * ${size}`) : String(size);
  if (at.length === 0) return batch ? `${name}.fill(${value}, 0, ${extent});` : `${name}.fill(${value});`;
  const padded = [...at, ...rest.map((): Index => ({ kind: 'const', value: 0 }))];
  const start = printIndex(offsetOf(padded, to.shape)).text;
  return `${name}.fill(${value}, ${start}, ${start} + ${extent});`;
}

function printBound({ extent, times, multipleOf }: Bound): string {
  const text = extent === 'batch' ? 'n' : String(extent);
  if (times !== undefined && times !== 1) return `${text} * ${times}`;
  if (multipleOf === undefined) return text;
  return typeof extent === 'number' ? String(extent - (extent % multipleOf)) : `n - (n % ${multipleOf})`;
}
