/** Checkpoints of a trainer in a worker: written there, told to the page, and gone on from by the next worker. */

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProfile, type OpenPage, whyLeftOut } from './chromium.ts';
import type { RemoteJob, RemoteOutcome } from './pages/remote.ts';
import { openSite, type Site } from './site.ts';
import { damage, pageFile, trainers, trainingPage, undisturbed } from './support.ts';

const worker = (target: string, open: string): string => `
  import { checkpointsIn, ${open} } from 'chainrule/checkpoint';
  import { serve } from 'chainrule/worker';
  import * as trainer from './${target}.trainer.ts';
  serve(trainer, { checkpoints: checkpointsIn(${open}) });`;

const page = (file: string): string => `
  import { remotePage } from ${pageFile('remote')};
  globalThis.remote = remotePage(() => new Worker('/${file}.js', { type: 'module' }));`;

const run = (to: Page, job: RemoteJob): Promise<RemoteOutcome> =>
  to.evaluate<RemoteOutcome>(`remote.run(${JSON.stringify(job)})`);

/** Workers have files of their own, and so does the page that only tampers. */
const programs = {
  'database-worker': worker('ts', 'openDatabase'),
  'files-worker': worker('wasm', 'openPrivateFiles'),
  database: page('database-worker'),
  files: page('files-worker'),
  training: trainingPage,
};

describe.skipIf(whyLeftOut !== '')(`checkpoints of a worker${whyLeftOut}`, () => {
  const profile = createProfile();
  let open: (program: keyof typeof programs) => Promise<OpenPage>;
  let site: Site;
  let whole: string;

  beforeAll(async () => {
    site = await openSite({ programs, files: await trainers(), isolated: true });
    const browser = await profile.start();
    whole = await undisturbed();
    open = (program) => browser.open(site.url(program));
  });
  afterAll(async () => {
    await profile.remove();
    await site?.close();
  });

  describe.each(['database', 'files'] as const)('in %s', (place) => {
    it('has the bits of a whole training when its worker was ended and another goes on', async () => {
      const { page, complaints } = await open(place);
      expect(await page.evaluate('crossOriginIsolated')).toBe(true);
      const job: RemoteJob = { store: 'ended', every: 3, resume: true };
      const ended = await run(page, { ...job, endAt: 11, end: 'close' });
      expect(ended.errors).toEqual(['worker/closed']);
      expect(ended.notices).toEqual(['begun', 'written 3', 'written 6', 'written 9']);
      const { hash, notices, errors } = await run(page, job);
      expect(errors).toEqual([]);
      expect(notices[0]).toBe('resumed 9');
      expect(notices.at(-1)).toBe('written 40');
      expect(hash).toBe(whole);
      expect(complaints).toEqual([]);
      await page.close();
    });

    it('keeps all that was done when its loop is left, and lets the next one write', async () => {
      const { page } = await open(place);
      const job: RemoteJob = { store: 'left', every: 3, resume: true };
      const left = await run(page, { ...job, endAt: 11, end: 'leave' });
      const [, last] = /^written (\d+)$/.exec(left.notices.at(-1) ?? '') ?? [];
      expect(Number(last)).toBeGreaterThanOrEqual(11);
      const { hash, notices } = await run(page, job);
      expect(notices[0]).toBe(`resumed ${last}`);
      expect(hash).toBe(whole);
      await page.close();
    });

    it('tells of damage, and refuses what is there already, with the errors of a page', async () => {
      const { page } = await open(place);
      const job: RemoteJob = { store: 'refused', every: 30 };
      await run(page, job);
      expect((await run(page, job)).errors).toEqual(['checkpoint/exists']);
      const { page: other } = await open('training');
      await damage(other, { place, name: job.store, target: 'ts', every: 30 }, 40, 'flipped');
      const { hash, notices } = await run(page, { ...job, resume: true });
      expect(notices).toEqual(['damaged checkpoint/corrupt', 'resumed 30', 'written 40']);
      expect(hash).toBe(whole);
      await page.close();
    });
  });
});
