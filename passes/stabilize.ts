/**
 * Purpose: spell out logSumExp and the softmax made of it, shifted by the maximum; choose by a label instead of multiplying.
 * Needs: simplify, which recognises them in what the user wrote.
 * Ensures: no `logSumExp`, `stopGradient` and `opaque` remains; nothing overflows that has a finite result.
 */

import { type Builder, createBuilder } from '../ir/builder.ts';
import { nth } from '../ir/op.ts';
import type { Program } from '../ir/program.ts';
import { numberList, type Value } from '../ir/value.ts';
import { stability } from './equations/stability.ts';
import type { GraphPass } from './pass.ts';
import { instantiate, match } from './pattern.ts';
import { rebuild } from './rebuild.ts';

export const stabilize: GraphPass = {
  name: 'stabilize',
  doc: 'Spells out log-sum-exp and softmax, shifted by the maximum so that no exponential overflows; chooses by labels.',
  needs: ['simplify'],
  removes: ['logSumExp', 'stopGradient', 'opaque'],
  run: spellOut,
};

function spellOut(program: Program): Program {
  const o = createBuilder(program.float);
  return rebuild(program, o, (old, renamed) => {
    // Outermost first: the softmax is recognised before its log-sum-exp is gone.
    for (const equation of stability) {
      const bindings = match(equation.left, old);
      if (!bindings) continue;
      const terms = new Map([...bindings.terms].map(([name, value]) => [name, renamed(value)] as const));
      return instantiate(equation.right, { ...bindings, terms }, o, like(old, renamed));
    }
    if (old.op === 'stopGradient' || old.op === 'opaque') return renamed(nth(old.inputs, 0));
    if (old.op === 'mul') return chooseByLabel(o, old, renamed);
    if (old.op !== 'logSumExp') return undefined;
    const x = renamed(nth(old.inputs, 0));
    const axes = numberList(old.attrs.axes);
    const dims = axes.map((axis) => nth(x.shape, axis));
    const max = o.reduceMax(x, { axes });
    const shifted = o.exp(o.sub(x, o.broadcast(max, { axes, dims })));
    return o.add(max, o.log(o.sum(shifted, { axes })));
  });
}

/** onehot(y) * x is x where the label says so and 0 elsewhere, even where x is infinite: a masked logit must not make NaN. */
function chooseByLabel(o: Builder, product: Value, renamed: (old: Value) => Value): Value | undefined {
  const hot = product.inputs.find((x) => x.op === 'oneHot');
  const other = product.inputs.find((x) => x !== hot);
  if (!hot || !other) return undefined;
  const chosen = o.oneHot(renamed(nth(hot.inputs, 0)), { classes: Number(hot.attrs.classes), dtype: 'bool' });
  return o.select(chosen, renamed(other), 0);
}

/** Only shape and dtype of the replaced value are asked for, and these do not change. */
const like = (old: Value, renamed: (old: Value) => Value): Value => ({
  ...old,
  inputs: old.inputs.map(renamed),
});
