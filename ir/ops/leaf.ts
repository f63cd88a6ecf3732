/** What leaves have in common: their value is bound by whoever evaluates the graph. */

import { errors } from '../errors.ts';

export function leafReference(): never {
  throw errors.invalid('a leaf has no value of its own; the evaluator binds it');
}
