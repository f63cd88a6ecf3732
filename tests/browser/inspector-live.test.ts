/** The inspector as a part of a live page: its inspection is replaced, a block is the current one, numbers stand beside code. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import type { Plugin } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Inspection } from '../../src/inspection/inspection.ts';
import { createProfile, type OpenPage, whyLeftOut } from './chromium.ts';
import { ask, buildInspector, createPages, inspectionOf, lightsIn, pageOf } from './inspector-page.ts';

/** As the page of a user of the component: everything that changes is a signal. */
const program = `
  import { signal } from '@preact/signals';
  import { createElement, render } from 'preact';
  import { Inspector } from './inspector.tsx';

  const inspection = signal(JSON.parse(document.getElementById('inspection').textContent));
  const own = signal(false);
  const live = { inspection, current: signal(undefined), numbers: signal(new Map()), own };
  const source = (linking) => {
    live.linking = linking;
    return createElement('textarea', { 'aria-label': 'Editor' });
  };
  const App = () => createElement('main', {}, createElement(Inspector, {
    inspection: inspection.value, current: live.current, numbers: live.numbers, ...(own.value && { source }),
  }));
  globalThis.live = live;
  render(createElement(App), document.getElementById('inspector'));`;

/** A file that is not there, beside the component. */
const entry = join(fileURLToPath(new URL('../../src/inspector', import.meta.url)), 'live.js');
const livePage: Plugin = {
  name: 'live-page',
  enforce: 'pre',
  resolveId: (id) => (id === entry ? id : undefined),
  load: (id) => (id === entry ? program : undefined),
};

describe.skipIf(whyLeftOut !== '')(`the inspector in a live page${whyLeftOut}`, () => {
  const profile = createProfile();
  const pages = createPages();
  let inspection: Inspection;
  let other: Inspection;
  let open: () => Promise<OpenPage>;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    const assets = await buildInspector({
      plugins: [livePage],
      build: { lib: { entry, name: 'live', formats: ['iife'], fileName: () => 'inspector.js' } },
    });
    inspection = await inspectionOf('03-neural-network/model.ts', 'ts');
    other = await inspectionOf('digits/model.ts', 'ts');
    const browser = await profile.start();
    const url = pages.write(pageOf(assets, inspection));
    open = () => browser.open(url);
  }, 120_000);
  afterAll(async () => {
    await profile.remove();
    pages.remove();
  });
  beforeEach(async () => {
    opened = await open();
    page = opened.page;
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('#source-item-0').waitFor();
  });
  afterEach(async () => {
    expect(opened.complaints).toEqual([]);
    await page.close();
  });

  const replace = (next: Inspection): Promise<void> =>
    ask(page, `void (live.inspection.value = ${JSON.stringify(next)})`);

  it('keeps tab, stage and pin when the inspection is replaced', async () => {
    const slider = page.getByRole('slider', { name: 'Stage' });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Memory' }).click();
    const buffer = (name: string) => page.locator('.buffer', { hasText: new RegExp(`^${name},`) });
    await buffer('loss').click();
    await page.getByRole('button', { name: 'pinned: loss' }).waitFor();
    await replace(other);
    await buffer('logits').waitFor();
    expect(await page.getByRole('tab', { name: 'Memory' }).getAttribute('aria-selected')).toBe('true');
    expect(await buffer('loss').getAttribute('data-lit')).toBe('own');
    expect(await page.locator('.panel-source .lines').innerText()).toContain(
      'const hidden = relu(dense(x, 128));',
    );
    await page.getByRole('tab', { name: 'Graph & passes' }).click();
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^simplify, 3 of /);
  });

  it('releases what the next inspection does not have', async () => {
    await page.getByRole('tab', { name: 'Memory' }).click();
    const known = new Set(other.stages.flatMap(({ graph }) => graph.nodes.map(({ keys }) => keys[0])));
    const { buffers } = inspection.memory;
    const lost = buffers.findIndex(({ keys, name }) => !known.has(keys[0]) && keys[0] === name);
    expect(lost).toBeGreaterThanOrEqual(0);
    await page.locator(`#memory-item-${lost}`).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `pinned: ${buffers[lost]?.name}` }).waitFor();
    await replace(other);
    await page.getByRole('button', { name: 'pinned' }).waitFor({ state: 'detached' });
  });

  it('marks the current block in all panes, and scrolls to its code', async () => {
    for (const name of ['Kernels', 'Memory', 'Graph & passes']) await page.getByRole('tab', { name }).click();
    const block = inspection.schedule.blocks.findIndex(({ name }) => name === 'dW1');
    const [key] = inspection.schedule.blocks[block]?.keys ?? [];
    await ask(page, `void (live.current.value = ${block})`);
    await expect.poll(() => marked('kernels')).toEqual([block]);
    expect(await marked('graph')).toEqual(
      inspection.stages
        .find(({ name }) => name === 'fuse')
        ?.graph.nodes.flatMap(({ keys }, at) => (keys[0] === key ? [at] : [])),
    );
    expect(await marked('memory')).toEqual(
      inspection.memory.buffers.flatMap(({ from, to }, at) => (from <= block && block <= to ? [at] : [])),
    );
    const lines = inspection.code[0]?.lines ?? [];
    await expect
      .poll(() => marked('code'))
      .toEqual(lines.flatMap((line, at) => (line.block === block ? [at] : [])));
    await ask(page, 'void (live.current.value = undefined)');
    await expect.poll(() => marked('code')).toEqual([]);
  });
  const marked = (pane: string): Promise<readonly number[]> =>
    ask(
      page,
      `[...document.querySelectorAll('[id^="${pane}-item-"][data-current]')].map((element) => Number(element.dataset.item)).sort((a, b) => a - b)`,
    );

  it('shows numbers beside the statements of their blocks', async () => {
    const block = inspection.schedule.blocks.findIndex(({ name }) => name === 'z1');
    const notes = () =>
      ask(
        page,
        `[...document.querySelectorAll('[data-note]')].map(({ dataset }) => [Number(dataset.item), dataset.note])`,
      );
    await ask(page, `void (live.current.value = ${block})`);
    await ask(page, `void (live.numbers.value = new Map([[${block}, '|x| = 0.5']]))`);
    const storing = inspection.code[0]?.lines.findIndex((line) => line.block === block && line.stores);
    await expect.poll(notes).toEqual([[storing, '|x| = 0.5']]);
    await ask(page, `void (live.numbers.value = new Map([[${block}, '|x| = 0.25']]))`);
    await expect.poll(notes).toEqual([[storing, '|x| = 0.25']]);
    await ask(page, `void (live.numbers.value = new Map())`);
    await expect.poll(notes).toEqual([]);
  });

  it('takes another source pane, which is told the focus and can set it', async () => {
    await ask(page, 'void (live.own.value = true)');
    await page.getByRole('textbox', { name: 'Editor' }).waitFor();
    expect(await page.locator('.panel-source .listing').count()).toBe(0);
    const line =
      1 + (inspection.sources[0]?.text.split('\n').findIndex((text) => text.includes('const a1')) ?? -1);
    await ask(
      page,
      `void (live.linking.pointed.value = { pane: 'source', keys: [], site: { source: 0, line: ${line} } })`,
    );
    const nodes = inspection.stages.find(({ name }) => name === 'fuse')?.graph.nodes ?? [];
    const expected = nodes.flatMap(({ site }, at) => (site?.line === line ? [[at, 'own']] : []));
    expect(expected.length).toBeGreaterThan(0);
    await expect.poll(() => lightsIn(page, 'graph')).toEqual(expected);
    await page.locator('#graph-item-0').focus();
    expect(await ask(page, 'live.linking.focus.value.keys')).toEqual(nodes[0]?.keys.slice(0, 1));
  });
});
