/** Types of what the plugin makes of imports: `/// <reference types="chainrule/vite/client" />` in a file of the page. */

declare module '*?trainer' {
  type Module = import('../runtime/module.ts').TrainerModule;
  export const layout: Module['layout'];
  export const create: Module['create'];
}

declare module '*?trainer&target=wasm' {
  export * from '*?trainer';
}

declare module '*?trainer-worker' {
  /** Starts a worker that serves the trainer, for `connect` of `chainrule/worker`. */
  const start: () => import('../runtime/worker/port.ts').Endpoint;
  export default start;
}

declare module '*?trainer-worker&target=wasm' {
  export { default } from '*?trainer-worker';
}
