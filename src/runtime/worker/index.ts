/** `chainrule/worker`: training in a worker, so that a page stays responsive. */

export {
  connect,
  type RemoteCheckpointOptions,
  type RemoteDataOptions,
  type RemoteFitOptions,
  type RemoteTrainer,
  type RemoteTrainerOf,
} from './connect.ts';
export type { Endpoint } from './port.ts';
export { type ServeOptions, serve } from './serve.ts';
