/**
 * Purpose: keep the points at which gradients are taken in place until the gradients are there.
 * Needs: to run before simplify, which knows equal values and not what they are differentiated by.
 * Ensures: every gradient is taken at a leaf or at an opaque value, from a loss that is computed through it.
 */

import { type Builder, createBuilder } from '../ir/builder.ts';
import { errors } from '../ir/errors.ts';
import { opOf } from '../ir/ops/index.ts';
import { type Program, valuesOf } from '../ir/program.ts';
import { reachable, type Value } from '../ir/value.ts';
import type { GraphPass } from './pass.ts';
import { copy, rebuild } from './rebuild.ts';

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
      return o.grad(through(renamed(loss)), through(renamed(at)));
    });
  },
};

/** For each loss that is differentiated by a value that is computed, all that it is differentiated by. */
function pointsOf(program: Program): ReadonlyMap<Value, readonly Value[]> {
  const points = new Map<Value, Value[]>();
  for (const { op, inputs } of valuesOf(program)) {
    const [loss, at] = inputs;
    // What was made after the loss has no influence on it.
    if (op === 'grad' && loss && at && opOf(at.op).kind !== 'leaf' && at.id < loss.id)
      points.set(loss, [...(points.get(loss) ?? []), at]);
  }
  return points;
}

/** Rebuilds what `loss` needs with each of `targets` opaque; what is not part of it stays as it is. */
function computedThrough(o: Builder, loss: Value, targets: ReadonlySet<Value>): (value: Value) => Value {
  const map = new Map<Value, Value>();
  const mapped = (value: Value): Value => {
    const found = map.get(value);
    if (!found) throw errors.invalid(`${value.op} is read before it is shielded`);
    return found;
  };
  for (const value of reachable([loss])) {
    const note = o.noteOf(value);
    const { name: _, ...unnamed } = note;
    const made = o.within(unnamed, () => {
      const same = copy(o, value, mapped);
      return targets.has(value) ? o.opaque(same) : same;
    });
    o.annotate(made, note);
    map.set(value, made);
  }
  return (value) => map.get(value) ?? value;
}
