/** Loops that count, and what a loop variable is called inside. */

import type { Code, FunctionContext } from './function.ts';
import { get, i32, type Local, plain, set } from './instructions.ts';

/** A context in which `name` stands for `local`. */
export const withLocal = (cx: FunctionContext, name: string, local: Local): FunctionContext => ({
  ...cx,
  scope: new Map([...cx.scope, [name, local]]),
});

/** Runs `body` while `variable` is less than `end`; nothing is done when it is not to begin with. */
export function countingLoop(variable: Local, end: Local, step: number, body: Code): Code {
  const goesOn: Code = [get(variable), get(end), plain('i32.lt_s')];
  const turn: Code = [...body, get(variable), i32(step), plain('i32.add'), set(variable)];
  return [
    ...goesOn,
    {
      op: 'if',
      yes: [{ op: 'loop', body: [...turn, ...goesOn, { op: 'br_if', depth: 0 }] }],
      no: [],
    },
  ];
}
