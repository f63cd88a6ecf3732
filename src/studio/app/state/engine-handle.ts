/** The engine as the page holds it: calls by name, events, and a new worker in the place of one that hangs or died. */

import { type ReadonlySignal, signal } from '@preact/signals';
import type { EngineConnection } from '../../engine/client.ts';
import type { CallFailure, Event } from '../../engine/protocol.ts';

export type EngineStatus = 'loading' | 'ready' | 'dead';

export interface EngineHandle {
  readonly status: ReadonlySignal<EngineStatus>;
  /** Counts the workers: what one was told, the next one does not know. */
  readonly generation: ReadonlySignal<number>;
  readonly death: ReadonlySignal<CallFailure | undefined>;
  call: EngineConnection['call'];
  onEvent(listener: (event: Event) => void): void;
  restart(): void;
}

/** A call whose worker was ended on purpose: nobody waits for it. */
export const abandoned = Symbol('abandoned');

export function createEngineHandle(connect: () => EngineConnection): EngineHandle {
  const status = signal<EngineStatus>('loading');
  const generation = signal(0);
  const death = signal<CallFailure | undefined>(undefined);
  const listeners: ((event: Event) => void)[] = [];
  let connection = start();

  function start(): EngineConnection {
    const begun = connect();
    status.value = 'loading';
    death.value = undefined;
    begun.onEvent((event) => {
      if (begun === connection) for (const listener of listeners) listener(event);
    });
    begun.onDeath((failure) => {
      if (begun !== connection) return;
      status.value = 'dead';
      death.value = failure;
    });
    void begun.ready.then(
      () => {
        if (begun === connection && status.value === 'loading') status.value = 'ready';
      },
      () => {},
    );
    return begun;
  }

  return {
    status,
    generation,
    death,
    async call(name, ...values) {
      const called = connection;
      try {
        return await called.call(name, ...values);
      } catch (error) {
        throw called === connection ? error : abandoned;
      }
    },
    onEvent: (listener) => void listeners.push(listener),
    restart() {
      connection.close();
      connection = start();
      generation.value++;
    },
  };
}

/** What went wrong, in the words of the engine where it has some. */
export function failureOf(error: unknown): CallFailure | undefined {
  if (error === abandoned) return undefined;
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    const help = 'help' in error && typeof error.help === 'string' ? { help: error.help } : {};
    return { code: String(error.code), message: String(error.message), ...help };
  }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
