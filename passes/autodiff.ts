/**
 * Reverse-mode differentiation, graph to graph.
 *
 * Purpose: replace every marker grad(loss, w) by the values that compute the gradient.
 * Needs: nothing; may run on its own output for higher orders.
 * Ensures: no `grad` remains; each new value knows the forward line and the rule it comes from.
 */

import { type Builder, createBuilder } from '../ir/builder.ts';
import { describe } from '../ir/describe.ts';
import { type Program, valuesOf } from '../ir/program.ts';
import { isFloat } from '../ir/types.ts';
import { consumersOf, reachable, type Value } from '../ir/value.ts';
import type { GraphPass } from './pass.ts';
import { type Adjoint, addAdjoints, pullBack } from './pull-back.ts';
import { rebuild } from './rebuild.ts';

export const autodiff: GraphPass = {
  name: 'autodiff',
  doc: "Replaces gradient markers by the chain rule, worked out through each op's gradient rule.",
  needs: [],
  removes: ['grad'],
  run: differentiate,
};

function differentiate(program: Program): Program {
  const o = createBuilder(program.float);
  const targets = markedTargets(program);
  const sweeps = new Map<Value, ReadonlyMap<Value, Value>>();
  return rebuild(program, o, (old, renamed) => {
    const [loss, at] = old.inputs;
    if (old.op !== 'grad' || !loss || !at) return undefined;
    let gradients = sweeps.get(loss);
    if (!gradients) {
      // Targets made after the loss cannot influence it.
      const wanted = (targets.get(loss) ?? []).filter((target) => target.id <= loss.id);
      gradients = sweep(o, renamed(loss), new Set(wanted.map(renamed)));
      sweeps.set(loss, gradients);
    }
    const gradient = gradients.get(renamed(at));
    return gradient ?? o.fill(renamed(at), 0);
  });
}

/** For each differentiated loss, everything it is differentiated by: one backward sweep serves all. */
function markedTargets(program: Program): Map<Value, Value[]> {
  const targets = new Map<Value, Value[]>();
  for (const value of valuesOf(program)) {
    const [loss, at] = value.inputs;
    if (value.op === 'grad' && loss && at) targets.set(loss, [...(targets.get(loss) ?? []), at]);
  }
  return targets;
}

/** Gradients of `loss` at `targets`, by walking from the loss to its inputs and adding up what arrives. */
function sweep(o: Builder, loss: Value, targets: ReadonlySet<Value>): ReadonlyMap<Value, Value> {
  const active = new Set<Value>();
  for (const value of reachable([loss])) {
    const depends = targets.has(value) || value.inputs.some((input) => active.has(input));
    if (depends && isFloat(value.dtype)) active.add(value);
  }
  const readers = consumersOf([...active]);
  const adjoints = new Map<Value, Adjoint>();
  if (active.has(loss)) adjoints.set(loss, { value: o.fill(loss, 1) });
  for (const y of [...active].reverse()) {
    const adjoint = adjoints.get(y);
    if (!adjoint) continue;
    name(o, y, adjoint.value);
    const note = o.noteOf(y);
    const statement = statementOf(o, y, readers);
    const of = (): string => describeForward(o, statement);
    const backward = { role: 'backward', rule: y.op, of, ...(note.site ? { site: note.site } : {}) } as const;
    o.within(backward, () => {
      pullBack(o, y, adjoint).forEach((contribution, i) => {
        const x = y.inputs[i];
        if (!contribution || !x || !active.has(x)) return;
        const sum = adjoints.get(x);
        adjoints.set(x, sum ? addAdjoints(o, sum, contribution) : contribution);
      });
    });
  }
  return new Map([...adjoints].map(([at, { value }]) => [at, value] as const));
}

/** The gradient at w1 is called dW1. */
function name(o: Builder, y: Value, dy: Value): void {
  const forward = o.noteOf(y).name;
  if (forward === undefined || dy.op === 'constant') return;
  o.annotate(dy, { name: `d${forward.charAt(0).toUpperCase()}${forward.slice(1)}` });
}

/** The named value whose line `y` is a part of, or `y` itself. */
function statementOf(o: Builder, y: Value, readers: ReadonlyMap<Value, readonly Value[]>): Value {
  let statement = y;
  for (let depth = 0; depth < 8 && o.noteOf(statement).name === undefined; depth++) {
    const [reader, ...others] = readers.get(statement) ?? [];
    if (!reader || others.length > 0) return y;
    statement = reader;
  }
  return o.noteOf(statement).name === undefined ? y : statement;
}

function describeForward(o: Builder, y: Value): string {
  const known = (value: Value): string | undefined => o.noteOf(value).name;
  const text = describe(y, known).text;
  const own = known(y);
  return own === undefined || own === text ? text : `${own} = ${text}`;
}
