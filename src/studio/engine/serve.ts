/** The worker's side of the line: one call after the other, each with its answer. */

import { failureOf } from './problems.ts';
import type { Calls, FromEngine, ToEngine } from './protocol.ts';
import type { Session } from './session.ts';

/** What arrives is what the client has sent: both ends are of one build. */
export function serve(session: Session, post: (message: FromEngine) => void): (message: ToEngine) => void {
  let last: Promise<void> = Promise.resolve();
  post({ kind: 'ready' });
  return (message) => {
    // Not in the queue: it asks whether anything runs that does not end.
    if (message.call === 'ping') post({ kind: 'answer', id: message.id, value: undefined });
    else last = last.then(() => answer(session, message, post));
  };
}

async function answer(
  session: Session,
  { id, call, values }: Exclude<ToEngine, { call: 'ping' }>,
  post: (message: FromEngine) => void,
): Promise<void> {
  try {
    const run: (...values: never[]) => Promise<ReturnType<Calls[keyof Calls]>> = session[call];
    post({ kind: 'answer', id, value: await run(...(values as never[])) });
  } catch (thrown) {
    post({ kind: 'failure', id, failure: failureOf(thrown) });
  }
}
