/** The public API of checkpoints: what runs wherever the runtime does. `chainrule/checkpoint/node` writes to folders. */

export {
  type Checkpoint,
  type Course,
  decodeCheckpoint,
  encodeCheckpoint,
  isCheckpoint,
} from './checkpoint.ts';
export { openDatabase } from './database.ts';
export { type CheckpointNotice, type CheckpointOptions, fitWithCheckpoints } from './fit.ts';
export { openPrivateFiles } from './private-files.ts';
export { checkpointsIn, type ServedCheckpoints } from './served.ts';
export { type CheckpointStore, type Found, newestCheckpoint } from './store.ts';
