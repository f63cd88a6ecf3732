/** Checkpoints of pages that are damaged, taken, too large or not possible: told, and never less than was there before. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, createProfile, whyLeftOut } from './chromium.ts';
import type { Damage } from './pages/tampering.ts';
import type { Job, Place } from './pages/training.ts';
import { openSite, type Site } from './site.ts';
import { contents, damage, run, runUntil, trainers, trainingPage, undisturbed } from './support.ts';

const places: readonly Place[] = ['database', 'files'];

describe.skipIf(whyLeftOut !== '')(`checkpoints of a page that go wrong${whyLeftOut}`, () => {
  const profile = createProfile();
  let browser: Browser;
  let site: Site;
  let whole: string;

  beforeAll(async () => {
    site = await openSite({ programs: { training: trainingPage }, files: await trainers() });
    [whole, browser] = await Promise.all([undisturbed(), profile.start()]);
  });
  afterAll(async () => {
    await profile.remove();
    await site?.close();
  });

  const open = async (url = site.url('training')): Promise<Page> => (await browser.open(url)).page;
  const jobIn = (place: Place, name: string): Job => ({ place, name, target: 'ts', every: 10 });

  it.each(
    places.flatMap((place) =>
      (['flipped', 'cut off', 'empty'] as const).map((how): [Place, Damage] => [place, how]),
    ),
  )('%s: where the newest is %s, the one before is taken, and this is told', async (place, how) => {
    const job = { ...jobIn(place, how), resume: true };
    const page = await open();
    expect((await run(page, job)).steps).toEqual([40, 30]);
    await damage(page, job, 40, how);
    const { hash, made, notices, error } = await run(page, job);
    expect(error).toBeUndefined();
    // An empty file is what a writer leaves that dies before its first byte: it is no generation.
    const told = place === 'files' && how === 'empty' ? [] : ['damaged checkpoint/corrupt'];
    expect(notices).toEqual([...told, 'resumed 30', 'written 40']);
    expect([hash, made]).toEqual([whole, 10]);
    const aside = (await contents(page, job)).filter((name) => name.endsWith('damaged'));
    expect(aside).toHaveLength(told.length);
    await page.close();
  });

  it.each(places)('%s: where all are damaged, nothing is begun or changed', async (place) => {
    const job = { ...jobIn(place, 'all damaged'), resume: true };
    const page = await open();
    await run(page, job);
    for (const step of [40, 30]) await damage(page, job, step, 'flipped');
    const before = await contents(page, job);
    const { error, made } = await run(page, job);
    expect([error?.[0], made]).toEqual(['checkpoint/corrupt', 0]);
    expect(await contents(page, job)).toEqual(before);
    await page.close();
  });

  it.each(places)('%s: a second tab is refused until the first one is closed', async (place) => {
    const job = { ...jobIn(place, 'two tabs'), every: 3 };
    const [first, second] = [await open(), await open()];
    await runUntil(first, { ...job, restMs: 100 }, 4);
    const { error, made } = await run(second, { ...job, resume: true });
    expect([error?.[0], made]).toEqual(['checkpoint/locked', 0]);
    expect(error?.[1]).toContain('"two tabs"');
    await first.close();
    expect(await run(second, { ...job, resume: true })).toMatchObject({ hash: whole, error: undefined });
    await second.close();
  });

  it.each(places)('%s: who is just ending is waited for', async (place) => {
    const job = jobIn(place, 'ending');
    const page = await open();
    const name = `chainrule/checkpoints/${place}/${job.name}`;
    await page.evaluate(
      `void navigator.locks.request(${JSON.stringify(name)}, () => new Promise((end) => setTimeout(end, 200)))`,
    );
    expect(await run(page, job)).toMatchObject({ hash: whole, error: undefined });
    await page.close();
  });

  it.each(places)('%s: who has lost the lock writes no more', async (place) => {
    const job = { ...jobIn(place, 'stolen'), every: 3, restMs: 5 };
    const page = await open();
    const ended = run(page, job);
    await page.waitForFunction('training.step >= 4', undefined, { polling: 5 });
    const name = `chainrule/checkpoints/${place}/${job.name}`;
    await page.evaluate(`navigator.locks.request(${JSON.stringify(name)}, { steal: true }, async () => {})`);
    const { error } = await ended;
    expect(error?.[0]).toBe('checkpoint/locked');
    expect(error?.[1]).toContain('taken over');
    await page.close();
  });

  it.each(places)('%s: what finds no room is told, and what was there is there still', async (place) => {
    const job = { ...jobIn(place, 'full'), resume: true };
    const before = await open();
    expect((await run(before, { ...job, leaveAt: 12 })).steps).toEqual([12, 10]);
    // A browser that has run for a while lets small databases grow beyond what they may for half a minute.
    await browser.kill();
    browser = await profile.start();
    const page = await open();
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin, quotaSize: 1 });
    const told = await run(page, job);
    expect(told.notices).toEqual(['resumed 12', ...Array(2).fill('not-written checkpoint/write')]);
    const { error, made, steps } = await run(page, { ...job, listens: false });
    expect([error?.[0], made]).toEqual(['checkpoint/write', 7]);
    expect(error?.[1]).toContain('QuotaExceededError');
    expect(error?.[2]).toContain('Make room');
    expect(steps).toEqual([12, 10]);
    expect(await contents(page, job)).toHaveLength(2);
    await session.send('Storage.overrideQuotaForOrigin', { origin: site.origin });
    expect(await run(page, job)).toMatchObject({ hash: whole, error: undefined });
    await page.close();
  });

  it('files: what a writer that was killed has left is removed', async () => {
    const job = { ...jobIn('files', 'left'), resume: true };
    const before = await open();
    await run(before, job);
    const whole = await contents(before, job);
    await before.evaluate(`tampering.beginFile('left', 41)`);
    expect(await contents(before, job)).toHaveLength(whole.length + 2);
    await browser.kill();
    browser = await profile.start();
    const page = await open();
    expect(await contents(page, job)).toHaveLength(whole.length + 2);
    expect((await run(page, job)).notices).toEqual(['resumed 40']);
    expect(await contents(page, job)).toEqual(whole);
    await page.close();
  });

  it('database: whoever deletes it is not kept waiting, and the training is told', async () => {
    const job = { ...jobIn('database', 'deleted'), restMs: 5 };
    const page = await open();
    const ended = run(page, { ...job, listens: false });
    await page.waitForFunction('training.step >= 12', undefined, { polling: 5 });
    await page.evaluate(`new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase('chainrule-checkpoints/deleted');
      request.onsuccess = resolve;
      request.onerror = request.onblocked = reject;
    })`);
    expect((await ended).error?.[0]).toBe('checkpoint/write');
    await page.close();
  });

  it('a page that is not trusted is told what is missing', async () => {
    const page = await open(site.insecureUrl('training'));
    const outcomes = [await run(page, jobIn('database', 'x')), await run(page, jobIn('files', 'x'))];
    expect(outcomes.map(({ error, made }) => [error?.[0], made])).toEqual([
      ['checkpoint/write', 0],
      ['checkpoint/write', 0],
    ]);
    expect(outcomes[0]?.error?.[1]).toContain('navigator.locks');
    expect(outcomes[1]?.error?.[1]).toContain('navigator.storage.getDirectory');
    expect(outcomes[0]?.error?.[2]).toContain('https');
    await page.close();
  });
});
