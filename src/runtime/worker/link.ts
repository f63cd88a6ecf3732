/** The page's end of the line: every call has one result, also when the worker dies or is closed. */

import { closed, died, errorOf, notSendable } from './failure.ts';
import type { Port } from './port.ts';
import type { Call, Reply, Request, SentNotice } from './protocol.ts';

export interface Sent {
  /** The number of the call. */
  readonly id: number;
  /** Whether the message could be sent. */
  readonly delivered: boolean;
  /** Rejects with an `InputError`, `worker/not-sendable` and `worker/died` among them, or with the error of a bug. */
  readonly result: Promise<unknown>;
}

export interface Reader {
  progress(progress: unknown): void;
  notice(notice: SentNotice): void;
}

export interface Link {
  call(call: Call, transfer?: readonly ArrayBuffer[]): Sent;
  /** Says what has no result; a worker that has ended does not hear it. */
  tell(request: Exclude<Request, { kind: 'call' }>): void;
  /** Who gets the reports of a training, by the number of the call that started it. */
  readonly readers: Map<number, Reader>;
  close(): Promise<void>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

function tellReader(reader: Reader | undefined, reply: Extract<Reply, { fit: number }>): void {
  if (reply.kind === 'progress') reader?.progress(reply.progress);
  else reader?.notice(reply.notice);
}

export function createLink(port: Port<Request>): Link {
  const calls = new Map<number, Pending>();
  const readers: Link['readers'] = new Map();
  /** The call that a worker may have missed because it did not listen yet. */
  let opening: Request | undefined;
  let over: Error | undefined;
  let last = 0;

  function end(error: Error): void {
    over ??= error;
    for (const { reject } of calls.values()) reject(over);
    calls.clear();
  }
  function broken(reason: string): void {
    end(died(reason));
    // A browser lets a worker live on after an error, without what the error has left undone.
    void port.close();
  }
  /** Passes over answers to calls that nobody waits for. */
  function hear(reply: Reply): void {
    if (reply.kind === 'ready') {
      if (opening !== undefined && calls.size > 0) port.post(opening);
    } else if ('fit' in reply) {
      tellReader(readers.get(reply.fit), reply);
    } else if (reply.kind === 'broken') {
      broken(reply.reason);
    } else {
      const call = calls.get(reply.id);
      calls.delete(reply.id);
      if (reply.kind === 'result') call?.resolve(reply.value);
      else call?.reject(errorOf(reply.failure));
    }
  }
  function call(made: Call, transfer?: readonly ArrayBuffer[]): Sent {
    const id = ++last;
    const request: Request = { kind: 'call', id, call: made };
    const unsent = (error: Error): Sent => ({ id, delivered: false, result: Promise.reject(error) });
    if (over !== undefined) return unsent(over);
    try {
      port.post(request, transfer);
    } catch (thrown) {
      return unsent(notSendable(thrown));
    }
    opening = made.kind === 'open' ? request : undefined;
    const result = new Promise<unknown>((resolve, reject) => calls.set(id, { resolve, reject }));
    return { id, delivered: true, result };
  }

  // What is in our field was written by the other end of this protocol.
  port.listen((message) => hear(message as Reply), broken);
  return {
    call,
    readers,
    tell: (request) => void (over === undefined && port.post(request)),
    async close() {
      end(closed());
      await port.close();
    },
  };
}
