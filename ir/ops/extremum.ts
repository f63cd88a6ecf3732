/** What the larger and the smaller of two numbers have in common. */

import type { Builder } from '../builder.ts';
import { call } from '../notation.ts';
import { elementwise, nth, type Op } from '../op.ts';
import type { NoAttrs, Value } from '../value.ts';

interface Extremum {
  readonly scalar: 'max' | 'min';
  /** True where `a` alone is the result. */
  readonly wins: (o: Builder, a: Value, b: Value) => Value;
  readonly reference: (a: number, b: number) => number;
}

/** NaN if either operand is. The operand that wins gets the gradient; at a tie each gets half of it. */
export const extremum = (name: string, { scalar, wins, reference }: Extremum): Op<2, NoAttrs> =>
  elementwise(name, {
    arity: 2,
    scalar,
    accepts: 'numeric',
    grad(o, { xs, dy }) {
      const [a, b] = [nth(xs, 0), nth(xs, 1)];
      const half = o.select(o.equal(a, b), o.mul(dy, 0.5), 0);
      return [o.select(wins(o, a, b), dy, half), o.select(wins(o, b, a), dy, half)];
    },
    notation: (x, y) => call(scalar, `\\${scalar}`)(x, y),
    domains: ['real', 'real'],
    kinks: [0],
    reference,
  });
