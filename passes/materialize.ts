/**
 * Purpose: give every update, and every result that would be read too late or from nowhere, a statement of its own.
 * Needs: simplify-gradients, which would take a copy for nothing and remove it.
 * Ensures: no update is a bare leaf; what a step reports of a state is read before the state changes; a prediction is an array.
 */

import { type Builder, createBuilder } from '../ir/builder.ts';
import { opOf } from '../ir/ops/index.ts';
import type { ProgramFunction, Result, Update } from '../ir/program.ts';
import type { Value } from '../ir/value.ts';
import type { GraphPass } from './pass.ts';
import { rebuild } from './rebuild.ts';

export const materialize: GraphPass = {
  name: 'materialize',
  doc: 'Copies bare leaves that are updates or results, so that each is computed, and computed in time.',
  needs: ['simplify-gradients'],
  removes: [],
  run(program) {
    if (!program.functions.some(needsCopies)) return program;
    const o = createBuilder(program.float);
    const rebuilt = rebuild(program, o);
    const functions = rebuilt.functions.map((fn) => withCopies(fn, o));
    return { ...rebuilt, functions, notes: o.notes };
  },
};

const isLeaf = (value: Value): boolean => opOf(value.op).kind === 'leaf';

const isBareUpdate = ({ state, value }: Update): boolean =>
  isLeaf(value) && !(value.op === 'state' && value.attrs.name === state);

/** A state is reported as it was before the step; what has no array of its own needs one in a prediction. */
function isBareResult({ name }: ProgramFunction, { value }: Result): boolean {
  if (name === 'step') return value.op === 'state';
  const hasArray = value.op === 'state' || (value.op === 'input' && value.shape.length > 0);
  return name === 'predict' && isLeaf(value) && !hasArray;
}

const needsCopies = (fn: ProgramFunction): boolean =>
  fn.updates.some(isBareUpdate) || fn.results.some((result) => isBareResult(fn, result));

function withCopies(fn: ProgramFunction, o: Builder): ProgramFunction {
  const copy = (role: 'forward' | 'update', value: Value, name: string): Value =>
    o.within({ role, name }, () => o.cast(value, { dtype: value.dtype }));
  return {
    ...fn,
    results: fn.results.map((result) =>
      isBareResult(fn, result) ? { ...result, value: copy('forward', result.value, result.name) } : result,
    ),
    updates: fn.updates.map((update) =>
      isBareUpdate(update) ? { ...update, value: copy('update', update.value, update.state) } : update,
    ),
  };
}
