/** What the main thread of a page is busy with, measured by the browser itself. */

import type { Page } from 'playwright-core';

/** Longer than this a task is felt, in milliseconds. */
export const longTask = 50;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time in microseconds. */
  readonly tdur?: number;
}

/** The processor time of each task of the page's main thread, in milliseconds. */
export async function tasksDuring(page: Page, use: () => Promise<void>): Promise<readonly number[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value) if (isTraceEvent(event)) events.push(event);
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
  });
  // Tells which of the browser's threads is that of the page.
  await page.evaluate(`void performance.mark('chainrule')`);
  await use();
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  const mark = events.find(({ name }) => name === 'chainrule');
  const tasks = events.filter(
    ({ name, pid, tid }) => name.endsWith('RunTask') && pid === mark?.pid && tid === mark.tid,
  );
  return tasks.map(({ tdur = Number.NaN }) => tdur / 1000);
}

const isTraceEvent = (event: object): event is TraceEvent =>
  'name' in event && typeof event.name === 'string' && 'pid' in event && 'tid' in event;

/**
 * Tasks that were long while `use` went on, in the quietest of three rounds. Processor time, because on a busy machine a task
 * that waits for a core looks long; and other work on the same core still makes tasks longer, never shorter.
 */
export async function longTasksDuring(
  page: Page,
  use: () => Promise<void>,
): Promise<{ readonly tasks: number; readonly long: readonly (readonly number[])[] }> {
  const long: (readonly number[])[] = [];
  let tasks = 0;
  while (long.length < 3 && long.every((round) => round.length > 0)) {
    const round = await tasksDuring(page, use);
    tasks += round.length;
    long.push(round.filter((ms) => ms >= longTask));
  }
  return { tasks, long };
}
