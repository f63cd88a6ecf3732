/** The engine as a module worker. */

import { blobAddresses } from './modules.ts';
import type { FromEngine, ToEngine } from './protocol.ts';
import { serve } from './serve.ts';
import { createSession } from './session.ts';

/** What a worker has and a page has not. */
interface WorkerScope {
  postMessage(message: FromEngine): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const scope: WorkerScope = globalThis;
const session = createSession({
  addresses: blobAddresses,
  emit: (event) => scope.postMessage({ kind: 'event', event }),
  async startLanguage() {
    const [{ createLanguage }, { declarations }] = await Promise.all([
      import('./language.ts'),
      import('./declarations.ts'),
    ]);
    return createLanguage(declarations);
  },
});
const receive = serve(session, (message) => scope.postMessage(message));
// What the first calls need comes at once and side by side; that something cannot be loaded, they will tell.
for (const part of [
  import('./script.ts'),
  import('../../../codegen/targets.ts'),
  import('../../inspection/inspect.ts'),
  import('./declarations.ts'),
])
  part.catch(() => {});
scope.addEventListener('message', ({ data }) => receive(data as ToEngine));
