/** Checkpoints of pages: a training that goes on after its page has ended in any way has the bits of Node's whole one. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishCounts } from '../counts.ts';
import { type Browser, createProfile, type OpenPage, whyLeftOut } from './chromium.ts';
import type { Job, Place, Target } from './pages/training.ts';
import { openSite, type Site } from './site.ts';
import { run, runUntil, trainers, trainingPage, undisturbed } from './support.ts';

const places: readonly Place[] = ['database', 'files'];
const targets: readonly Target[] = ['ts', 'wasm'];

describe.skipIf(whyLeftOut !== '')(`checkpoints of a page${whyLeftOut}`, () => {
  const profile = createProfile();
  let browser: Browser;
  let site: Site;
  let whole: string;
  let kills = 0;

  beforeAll(async () => {
    site = await openSite({ programs: { training: trainingPage }, files: await trainers() });
    [whole, browser] = await Promise.all([undisturbed(), profile.start()]);
  });
  afterAll(async () => {
    await profile.remove();
    await site?.close();
    publishCounts('browser', { kills });
  });

  const open = (): Promise<OpenPage> => browser.open(site.url('training'));

  const ends: Readonly<Record<string, (page: Page) => Promise<Page>>> = {
    'is reloaded': async (page) => {
      await page.reload();
      return page;
    },
    'is closed': async (page) => {
      await page.close();
      return (await open()).page;
    },
    crashes: async (page) => {
      const crashed = new Promise((resolve) => page.once('crash', resolve));
      const session = await page.context().newCDPSession(page);
      // A page that crashes does not answer.
      session.send('Page.crash').catch(() => {});
      await crashed;
      await page.close();
      return (await open()).page;
    },
    'is killed with its browser': async () => {
      await browser.kill();
      browser = await profile.start();
      return (await open()).page;
    },
  };
  const cases = Object.keys(ends).flatMap((end) =>
    places.flatMap((place) => targets.map((target) => [end, place, target] as const)),
  );

  it.each(cases)('a training whose page %s ends with the same bits: %s, %s', async (end, place, target) => {
    const job: Job = { place, name: `${end} ${target}`, target, every: 3, restMs: 2 };
    const { page } = await open();
    await runUntil(page, job, 11);
    const next = (await ends[end]?.(page)) ?? page;
    kills++;
    const { hash, made, notices, error } = await run(next, { ...job, restMs: 0, resume: true });
    expect(error).toBeUndefined();
    const [, begunAt] = /^resumed (\d+)$/.exec(notices[0] ?? '') ?? [];
    expect(Number(begunAt)).toBeGreaterThanOrEqual(9);
    expect(made).toBe(40 - Number(begunAt));
    expect(hash).toBe(whole);
    await next.close();
  });

  it.each(places)(
    'pages that are reloaded after every few milliseconds get there as well: %s',
    async (place) => {
      const job: Job = { place, name: 'restless', target: 'ts', every: 1, resume: true };
      const { page } = await open();
      for (let turn = 1; turn <= 12; turn++) {
        await page.evaluate(`void training.run(${JSON.stringify(job)})`);
        await sleep(2 * turn);
        await page.reload();
        kills++;
      }
      const { hash, notices, error, steps } = await run(page, job);
      expect(error).toBeUndefined();
      expect(notices.filter((notice) => !/^(begun|resumed|written)/.test(notice))).toEqual([]);
      expect(hash).toBe(whole);
      expect(steps).toEqual([40, 39]);
      await page.close();
    },
  );
});
