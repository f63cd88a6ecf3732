/** The public API of checkpoints: what runs wherever the runtime does. `folder.ts` beside the compiler writes to disks. */

export {
  type Checkpoint,
  type Course,
  decodeCheckpoint,
  encodeCheckpoint,
  isCheckpoint,
} from './checkpoint.ts';
export { type CheckpointNotice, type CheckpointOptions, fitWithCheckpoints } from './fit.ts';
export { type CheckpointStore, type Found, newestCheckpoint } from './store.ts';
