// Written by chainrule's plugin for Vite: what the trainers of this page take and give. Keep it with the sources.

// trainer of model.ts
declare module '*/model.ts?trainer' {
  export type Batch = { readonly x: Float32Array; readonly y: Int32Array };
  export type Metrics = { loss: number; learningRate: number; momentum: number; accuracy: number };
  export type Evaluation = { loss: number; accuracy: number };
  export type Outputs = { readonly probabilities: Float32Array };
  type Module = import('chainrule/runtime').TrainerModule<Batch, Metrics, Evaluation, Outputs>;
  export const layout: Module['layout'];
  export const create: Module['create'];
}
declare module '*/model.ts?trainer&target=wasm' {
  export * from '*/model.ts?trainer';
}
declare module '*/model.ts?trainer-worker' {
  /** Starts a worker that serves the trainer, for `connect` of `chainrule/worker`. */
  const start: () => import('chainrule/worker').Endpoint;
  export default start;
}
declare module '*/model.ts?trainer-worker&target=wasm' {
  export { default } from '*/model.ts?trainer-worker';
}
