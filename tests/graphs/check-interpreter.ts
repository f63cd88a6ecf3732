/** The evaluator, which everything else is held against, agrees with an interpreter that shares nothing with it. */

import { rootsOf } from '../../ir/program.ts';
import { interpret } from '../oracle/interpreter.ts';
import type { Mismatch, Subject } from './check-passes.ts';
import { firstFarNumber } from './numbers.ts';

export function checkInterpreter({ plain, numbers, batch, leaf }: Subject): Mismatch | undefined {
  const values = interpret(plain.functions.flatMap(rootsOf), { batch, leaf });
  const found = new Map(
    plain.functions.flatMap((fn) => [
      ...fn.results.map(({ name, value }) => [`${fn.name}.${name}`, values.get(value)?.data ?? []] as const),
      ...fn.updates.map(({ state, value }) => [`state.${state}`, values.get(value)?.data ?? []] as const),
    ]),
  );
  const detail = firstFarNumber(found, numbers);
  return detail === undefined ? undefined : { stage: 'the evaluator', detail };
}
