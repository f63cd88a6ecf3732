/** The reports of a training in a worker, as a page iterates over them: each is asked for, so that none pile up. */

import { createBell } from './bell.ts';
import type { Link, Reader, Sent } from './link.ts';

/** Starts the training when the first report is asked for; who leaves the loop ends it, and waits for its end. */
export async function* reportsOf(
  { tell, readers }: Link,
  start: () => Sent,
  signal: AbortSignal | undefined,
  notice: Reader['notice'],
): AsyncGenerator<unknown, void, void> {
  const { id, result } = start();
  let report: unknown;
  let over = false;
  const news = createBell();
  const ended = (): void => {
    over = true;
    news.ring();
  };
  const finished = result.then(ended, ended);
  const stop = (): void => tell({ kind: 'stop', fit: id });
  signal?.addEventListener('abort', stop);
  readers.set(id, {
    notice,
    progress(progress) {
      report = progress;
      news.ring();
    },
  });
  try {
    // The last report may come unasked, before the result.
    while (!over || report !== undefined) {
      if (report === undefined) {
        const awake = news.rung();
        tell({ kind: 'next', fit: id });
        await awake;
        continue;
      }
      const progress = report;
      report = undefined;
      yield progress;
    }
    await result;
  } finally {
    stop();
    await finished;
    signal?.removeEventListener('abort', stop);
    readers.delete(id);
  }
}
