/** Checkpoints for a worker to make: given to `serve`, so that workers without them do not load what makes them. */

import { fitWithCheckpoints } from './fit.ts';
import type { CheckpointStore } from './store.ts';

/** Made by `checkpointsIn`. */
export interface ServedCheckpoints {
  open(name: string): CheckpointStore | Promise<CheckpointStore>;
  readonly fit: typeof fitWithCheckpoints;
}

/** For `serve(trainer, { checkpoints: checkpointsIn(openDatabase) })`: `open` gets the name that the page has chosen. */
export const checkpointsIn = (open: ServedCheckpoints['open']): ServedCheckpoints => ({
  open,
  fit: fitWithCheckpoints,
});
