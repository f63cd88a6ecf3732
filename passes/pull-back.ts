/**
 * One step of the chain rule: from the gradient at a value to the gradients at what it was computed from.
 *
 * A branch that `select` does not take has gradient 0 there. That 0 must not meet the derivative of what was not taken, which may
 * be infinite or NaN (ln x at 0, x/x): the gradient of the branch knows where it is 0 for good, and is put to 0 again.
 */

import type { Builder } from '../ir/builder.ts';
import { errors } from '../ir/errors.ts';
import { nth, type Op } from '../ir/op.ts';
import { opOf } from '../ir/ops/index.ts';
import { numberList, type Value } from '../ir/value.ts';

/** Where a gradient counts: where `condition` is `when`. Elsewhere it is 0 whatever comes. */
interface Mask {
  readonly condition: Value;
  readonly when: boolean;
}

/** The gradient at a value. */
export interface Adjoint {
  readonly value: Value;
  readonly mask?: Mask;
}

/** Ops that put every element somewhere and compute nothing: their rules do the same to a mask. */
const movements: ReadonlySet<string> = new Set(['sum', 'reshape', 'transpose']);

/** What each input of `y` gets of the gradient at `y`; undefined where its rule gives nothing. */
export function pullBack(
  o: Builder,
  y: Value,
  { value: dy, mask }: Adjoint,
): readonly (Adjoint | undefined)[] {
  const { grad, kind } = opOf(y.op) as Op;
  if (!grad) throw errors.notDifferentiable(y.op);
  const before = o.size;
  const rule = (at: Value) => grad(o, { xs: y.inputs, y, dy: at, attrs: y.attrs });
  const contributions = rule(dy);
  if (y.op === 'select') return contributions.map((value, i) => value && branch(o, y, value, i === 1, mask));
  if (!mask) return contributions.map((value) => value && { value });
  if (movements.has(y.op)) {
    const condition = nth(rule(mask.condition), 0);
    return contributions.map((value) => value && { value, mask: { ...mask, condition } });
  }
  if (y.op === 'broadcast') {
    // 0 for good where every copy is.
    const copies = o.sum(o.cast(truthOf(o, mask), { dtype: o.float }), { axes: numberList(y.attrs.axes) });
    const some = { condition: o.less(0, copies), when: true };
    return contributions.map((value) => value && { value, mask: some });
  }
  if (kind !== 'elementwise') return contributions.map((value) => value && { value });
  // A multiple of 0 by a number is 0; by a value that was computed it may be NaN.
  const isScaled = (value: Value): boolean => readsOnly(value, dy, before);
  const unmasked = contributions.every((value) => !value || isScaled(value))
    ? []
    : rule(withoutMask(dy, mask));
  return contributions.map((value, i) => {
    if (!value || isScaled(value)) return value && { value, mask };
    return { value: masked(o, mask, unmasked[i] ?? value), mask };
  });
}

/** The sum of two gradients at one value: 0 for good where both are. */
export function addAdjoints(o: Builder, a: Adjoint, b: Adjoint): Adjoint {
  const value = o.add(a.value, b.value);
  if (!a.mask || !b.mask) return { value };
  if (a.mask.condition !== b.mask.condition)
    return { value, mask: { condition: o.or(truthOf(o, a.mask), truthOf(o, b.mask)), when: true } };
  return a.mask.when === b.mask.when ? { value, mask: a.mask } : { value };
}

/** The gradient of one of the two branches of a `select`. */
function branch(o: Builder, y: Value, value: Value, when: boolean, outer: Mask | undefined): Adjoint {
  const own = { condition: nth(y.inputs, 0), when };
  const mask = outer ? { condition: o.and(truthOf(o, outer), truthOf(o, own)), when: true } : own;
  return { value, mask };
}

const truthOf = (o: Builder, { condition, when }: Mask): Value => (when ? condition : o.not(condition));

const masked = (o: Builder, { condition, when }: Mask, value: Value): Value =>
  when ? o.select(condition, value, 0) : o.select(condition, 0, value);

/** The gradient before the mask was put on it, so that it is put on once. */
function withoutMask(dy: Value, { condition, when }: Mask): Value {
  const [c, x, y] = dy.inputs;
  const [kept, cut] = when ? [x, y] : [y, x];
  const isMasked = dy.op === 'select' && c === condition && cut?.op === 'constant' && cut.attrs.value === 0;
  return isMasked && kept ? kept : dy;
}

/** True when `value` was made of `dy` and constants alone, since the builder had `before` values. */
function readsOnly(value: Value, dy: Value, before: number): boolean {
  const stack = [value];
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (part === dy || part.op === 'constant' || part.op === 'batchSize') continue;
    if (part.id < before) return false;
    stack.push(...part.inputs);
  }
  return true;
}
