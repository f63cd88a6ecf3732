/**
 * Purpose: keep the points at which gradients are taken in place until the gradients are there.
 * Needs: to run before simplify, which knows equal values and not what they are differentiated by.
 * Ensures: every gradient is taken at a leaf or at an opaque value, from a loss that is computed through it.
 */

import { type Builder, createBuilder } from '../ir/builder.ts';
import { opOf } from '../ir/ops/index.ts';
import { type Program, valuesOf } from '../ir/program.ts';
import { substitute } from '../ir/substitute.ts';
import type { Value } from '../ir/value.ts';
import type { GraphPass } from './pass.ts';
import { rebuild } from './rebuild.ts';

export const shield: GraphPass = {
  name: 'shield',
  doc: 'Marks the values that gradients are taken at, so that no equation leads around them.',
  needs: [],
  removes: [],
  run(program) {
    const points = pointsOf(program);
    if (points.size === 0) return program;
    const o = createBuilder(program.float);
    const shielded = new Map<Value, (value: Value) => Value>();
    return rebuild(program, o, (old, renamed) => {
      const [loss, at] = old.inputs;
      const targets = loss && points.get(loss);
      if (old.op !== 'grad' || !loss || !at || !targets) return undefined;
      const through = shielded.get(loss) ?? computedThrough(o, renamed(loss), new Set(targets.map(renamed)));
      shielded.set(loss, through);
      // Leaves stay as they are, and so does what is no part of the loss.
      return o.grad(through(renamed(loss)), targets.includes(at) ? through(renamed(at)) : renamed(at));
    });
  },
};

/** For each loss that is differentiated by a value that is computed, all that it is differentiated by. */
function pointsOf(program: Program): ReadonlyMap<Value, readonly Value[]> {
  const points = new Map<Value, Value[]>();
  for (const { op, inputs } of valuesOf(program)) {
    const [loss, at] = inputs;
    // What was made after the loss has no influence on it.
    if (op === 'grad' && loss && at && opOf(at.op).kind !== 'leaf' && at.id <= loss.id)
      points.set(loss, [...(points.get(loss) ?? []), at]);
  }
  return points;
}

/** What `loss` and `targets` become when each target is opaque in all that is computed from it. */
const computedThrough = (o: Builder, loss: Value, targets: ReadonlySet<Value>): ((value: Value) => Value) =>
  substitute(o, [loss, ...targets], {
    replacementOf: (value) =>
      targets.has(value) ? { mode: 'around', wrap: (same) => o.opaque(same) } : undefined,
  });
