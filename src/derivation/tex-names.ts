/** Names in formulas, as a textbook writes them: z1 is Z with the index 1, dW1 is the gradient at W1, learningRate is alpha. */

import { atom, type Notation } from '../../ir/notation.ts';
import type { Value } from '../../ir/value.ts';

const known: Readonly<Record<string, string>> = {
  loss: 'L',
  learningRate: '\\alpha',
  eps: '\\varepsilon',
  epsilon: '\\varepsilon',
};

const greek = new Set(
  'alpha beta gamma delta zeta eta theta kappa lambda mu nu xi rho sigma tau phi chi psi omega'.split(' '),
);

/** Letters that are arrays are capitals; whatever is longer than a letter stays a word. */
export function texName(name: string, isArray: boolean): string {
  const fixed = Object.hasOwn(known, name) ? known[name] : undefined;
  if (fixed !== undefined) return fixed;
  const dot = name.lastIndexOf('.');
  if (dot > 0) return `${texName(name.slice(dot + 1), false)}_{${texName(name.slice(0, dot), isArray)}}`;
  const [, word = name, index = ''] = /^([A-Za-z]+?)_?(\d*)$/.exec(name) ?? [];
  const subscript = index === '' ? '' : `_{${index}}`;
  if (greek.has(word)) return `\\${word}${subscript}`;
  if (/^[A-Za-z]$/.test(word)) return `${isArray ? word.toUpperCase() : word}${subscript}`;
  return `\\textit{${escaped(word)}}${subscript}`;
}

/** Text in TeX: what has a meaning there is written by its code, and what is not ASCII stays as it is. */
export const escaped = (text: string): string =>
  text.replace(/[\\{}$&#^_%~]/g, (sign) => `{\\char${sign.charCodeAt(0)}}`).replace(/\s+/g, ' ');

/** What the gradient at a value of this name is called. */
export const gradientName = (name: string): string => `d${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** A named value in a formula; `at` is the name of what it is the gradient at, if it is one. */
export function named(name: string, value: Value, at: string | undefined): Notation {
  const isArray = value.shape.length > 0 && value.op !== 'constant';
  return atom(name, at === undefined ? texName(name, isArray) : `\\partial ${texName(at, isArray)}`);
}
