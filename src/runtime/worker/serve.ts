/** The worker's side: makes a trainer available to the page that started the worker. */

import type { ServedCheckpoints } from '../checkpoint/served.ts';
import type { TrainerModule } from '../module.ts';
import type { TrainerOptions } from '../trainer.ts';
import { createHandler } from './handler.ts';
import { type Endpoint, ownEndpoint, portOf } from './port.ts';
import type { Reply, Request } from './protocol.ts';

/** As `TrainerOptions`, which the page overrides, and how the worker is reached. */
export interface ServeOptions extends TrainerOptions {
  /** Where to listen instead of the worker's own line to who started it: an end of a `MessageChannel`. */
  readonly port?: Endpoint | undefined;
  /** What makes checkpoints for a page that asks for some: `checkpointsIn(openDatabase)` of `chainrule/checkpoint`. */
  readonly checkpoints?: ServedCheckpoints | undefined;
}

/**
 * Serves a trainer of an emitted module to the page that started this worker and reaches it by `connect`. The page's
 * `seed` and `init` come before those given here. Throws where there is no worker.
 */
export async function serve<B, M, E, O>(
  module: TrainerModule<B, M, E, O>,
  { port: given, checkpoints, ...defaults }: ServeOptions = {},
): Promise<void> {
  const endpoint = given ?? ownEndpoint();
  // A browser drops what nobody listens to when the script has run: no await where none is needed.
  const port = portOf<Reply>(endpoint instanceof Promise ? await endpoint : endpoint);
  const { handle, leave } = createHandler(module, { defaults, checkpoints, post: port.post });
  port.listen(
    // What is in our field was written by the other end of this protocol.
    (message) => handle(message as Request),
    (reason) => {
      leave();
      port.post({ kind: 'broken', reason });
    },
  );
  port.post({ kind: 'ready' });
}
