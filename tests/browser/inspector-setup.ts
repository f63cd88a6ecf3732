/** What tests of the inspector share: the page of one model, opened anew for each test, and where things are in it. */

import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { Inspection, Stage } from '../../src/inspection/inspection.ts';
import { createProfile, type OpenPage } from './chromium.ts';
import { type Assets, buildInspector, createPages, inspectionOf, pageOf } from './inspector-page.ts';

export interface Setup {
  readonly page: Page;
  readonly inspection: Inspection;
  readonly assets: Assets;
  stage(name: string): Stage;
  item(pane: string, position: number): Locator;
  tab(name: string): Locator;
  focusLine(): Locator;
}

/** Called in a `describe`. After each test, the page must have had nothing to complain of. */
export function inspectorSetup(): () => Setup {
  const profile = createProfile();
  const pages = createPages();
  let shared: { assets: Assets; inspection: Inspection; open: () => Promise<OpenPage> } | undefined;
  let opened: OpenPage | undefined;

  beforeAll(async () => {
    const assets = await buildInspector();
    const inspection = await inspectionOf('03-neural-network/model.ts', 'wasm');
    const browser = await profile.start();
    const url = pages.write(pageOf(assets, inspection));
    shared = { assets, inspection, open: () => browser.open(url) };
  }, 120_000);
  afterAll(async () => {
    await profile.remove();
    pages.remove();
  });
  beforeEach(async () => {
    opened = await shared?.open();
    await opened?.page.setViewportSize({ width: 1280, height: 800 });
    await opened?.page.locator('#source-item-0').waitFor();
  }, 30_000);
  afterEach(async () => {
    expect(opened?.complaints).toEqual([]);
    await opened?.page.close();
  });

  return () => {
    if (shared === undefined || opened === undefined) throw new Error('There is no page yet.');
    const { page } = opened;
    const { assets, inspection } = shared;
    return {
      page,
      inspection,
      assets,
      stage(name) {
        const stage = inspection.stages.find((one) => one.name === name);
        if (stage === undefined) throw new Error(`There is no stage ${name}.`);
        return stage;
      },
      item: (pane, position) => page.locator(`#${pane}-item-${position}`),
      tab: (name) => page.getByRole('tab', { name, exact: true }),
      focusLine: () => page.getByRole('region', { name: 'What is pointed at' }),
    };
  };
}
