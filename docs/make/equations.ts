/** The page of equations: everything that may be rewritten, and when it is equal in every bit. */

import { atom, type Notation } from '../../ir/notation.ts';
import type { Op } from '../../ir/op.ts';
import { opOf } from '../../ir/ops/index.ts';
import { arithmetic } from '../../passes/equations/arithmetic.ts';
import { logarithms } from '../../passes/equations/logarithms.ts';
import { movement } from '../../passes/equations/movement.ts';
import { stability } from '../../passes/equations/stability.ts';
import type { Equation, Exactness, Pattern } from '../../passes/pattern.ts';
import { blocks, code, fence, link, list, math, type Page, page, section, table } from './markdown.ts';
import { purposeOf, read } from './sources.ts';

const introduction = blocks(
  'Everything that the compiler knows about rewriting. An equation is one line, named by itself, and applied from left to right; adding one is adding a line. `simplify` tries those of the first three files at each value ([passes](passes.md#simplify)), `stabilize` those of the last. $w, x, y, z$ stand for any values, and $a$ for axes.',
  list([
    '**exact**: both sides are equal in every bit, for all inputs, NaN and infinities among them. Held by a test for all combinations of special values and for random bit patterns.',
    '**finite**: equal up to rounding wherever both sides are finite. These may change the last digits of a result, and turn a NaN into a number: that is what makes a loss stable.',
  ]),
  'What is named `broadcast` repeats a value along new axes. Formulas leave it out, as one does on paper; the name of the equation has it.',
);

export function equationsPage(): Page {
  const all = [...arithmetic, ...logarithms, ...movement, ...stability];
  const counted = (tag: Exactness): number => all.filter(({ exactness }) => exactness === tag).length;
  return page(
    'docs/equations.md',
    'The equations',
    introduction,
    `There are ${all.length}: ${counted('exact')} exact, ${counted('finite')} finite.`,
    fileSection('Arithmetic', 'passes/equations/arithmetic.ts', equationTable(arithmetic)),
    fileSection('Logarithms and exponentials', 'passes/equations/logarithms.ts', equationTable(logarithms)),
    fileSection('Movements, sums and constants', 'passes/equations/movement.ts', movementTable()),
    fileSection('Stability', 'passes/equations/stability.ts', equationTable(stability)),
    section(2, "One of one's own", own),
  );
}

const own = blocks(
  'A line in one of these files. Both sides are written with the builder that layers and gradient rules are written with; numbers match constants, and commutative operands match in both orders:',
  fence('ts', lineOf('x*y + x*z = x*(y + z)')),
  `Tests evaluate both sides of every equation, and ask that it fires on its own left side. What a pattern cannot say, because axes have to be computed, is a function: ${link('`movement.ts`', '../passes/equations/movement.ts')}.`,
);

/** An equation as it is written. */
function lineOf(name: string): string {
  const found = read('passes/equations/arithmetic.ts')
    .split('\n')
    .find((line) => line.includes(`'${name}'`));
  if (found === undefined) throw new Error(`There is no equation ${name}.`);
  return found.trim();
}

const fileSection = (title: string, path: string, body: string): string =>
  section(2, title, `${purposeOf(path)} (${link(code(path), `../${path}`)})`, body);

const equationTable = (equations: readonly Equation[]): string =>
  table(
    ['equation', 'as a formula', 'tag'],
    equations.map(({ name, exactness, left, right }) => [
      code(name),
      math(`${texOf(left).tex} = ${texOf(right).tex}`),
      exactness,
    ]),
  );

const movementTable = (): string =>
  table(
    ['rule', 'at', 'tag'],
    movement.map(({ name, roots, exactness }) => [
      code(name),
      roots?.map(code).join(', ') ?? 'any op',
      exactness,
    ]),
  );

/** A pattern in the notation of the ops, as of single numbers; axes are called a. */
function texOf(pattern: Pattern): Notation {
  if (pattern.kind === 'variable') return { ...atom(pattern.name), scalar: true };
  if (pattern.kind === 'number') return { ...atom(String(pattern.value)), scalar: true };
  const attrs = 'axes' in pattern.attrs ? { ...pattern.attrs, axes: ['a'] } : pattern.attrs;
  const operands = pattern.args.map((arg) =>
    pattern.op === 'neg' && arg.kind === 'op' && arg.op === 'neg' ? bracketed(texOf(arg)) : texOf(arg),
  );
  return { ...(opOf(pattern.op).notation as Op['notation'])(operands, attrs), scalar: true };
}

/** Two signs in a row look like a decrement. */
const bracketed = ({ text, tex }: Notation): Notation => atom(`(${text})`, `\\left(${tex}\\right)`);
