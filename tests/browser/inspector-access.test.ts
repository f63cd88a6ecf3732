/** The inspector for everyone: light and dark, wide and narrow, by keyboard and with a screen reader, and never stuck. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Graph, Inspection } from '../../src/inspection/inspection.ts';
import { createProfile, type OpenPage, whyLeftOut } from './chromium.ts';
import {
  ask,
  buildInspector,
  createPages,
  drawnIn,
  inspectionOf,
  pageOf,
  screenshot,
} from './inspector-page.ts';
import { longTask, longTasksDuring, tasksDuring } from './main-thread.ts';

const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe.skipIf(whyLeftOut !== '')(`the inspector, for everyone${whyLeftOut}`, () => {
  const profile = createProfile();
  const pages = createPages();
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  let open: (url: string) => Promise<OpenPage>;
  let inspection: Inspection;
  let url: string;
  let large: string;

  beforeAll(async () => {
    const assets = await buildInspector();
    inspection = await inspectionOf('03-neural-network/model.ts', 'wasm');
    const browser = await profile.start();
    open = browser.open;
    url = pages.write(pageOf(assets, inspection));
    large = pages.write(pageOf(assets, enlarged(inspection)));
  }, 120_000);
  afterAll(async () => {
    await profile.remove();
    pages.remove();
  });

  const openAt = async (
    address: string,
    size: keyof typeof sizes,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<OpenPage> => {
    const opened = await open(address);
    onTestFinished(() => opened.page.close());
    await opened.page.setViewportSize(sizes[size]);
    await opened.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await opened.page.locator('.node').first().waitFor();
    return opened;
  };
  const tabs = (page: Page) => page.getByRole('tablist', { name: 'Sides of the model' }).getByRole('tab');

  const violations = async (page: Page): Promise<readonly string[]> => {
    await ask(page, `void (globalThis.axe ?? (0, eval)(${JSON.stringify(axe)}))`);
    const found = await ask<readonly Violation[]>(page, `axe.run().then(({ violations }) => violations)`);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  };

  describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
    it.each(['wide', 'phone'] as const)(
      'breaks no rule of accessibility on any tab, %s',
      async (size) => {
        const { page, complaints } = await openAt(url, size, scheme);
        const count = await tabs(page).count();
        expect(count).toBe(size === 'wide' ? 4 : 6);
        for (let at = 0; at < count; at++) {
          const chosen = tabs(page).nth(at);
          await chosen.click();
          const name = await chosen.innerText();
          const panel = await chosen.getAttribute('aria-controls');
          await page.getByRole('tabpanel', { name, exact: true }).waitFor();
          // With something pinned: lit and marked things have to be readable as well.
          await page.locator(`#${panel}`).locator('[data-item][tabindex], [data-pins]').nth(3).focus();
          await page.keyboard.press('Enter');
          await page.getByRole('button', { name: 'pinned' }).waitFor();
          expect(await violations(page), name).toEqual([]);
          expect(await ask(page, 'document.documentElement.scrollWidth - innerWidth'), name).toBe(0);
          await screenshot(page, `inspector-${name.toLowerCase().replace(/\W+/g, '-')}-${size}-${scheme}`);
          await page.keyboard.press('Escape');
        }
        expect(complaints).toEqual([]);
      },
      60_000,
    );
  });

  it('finds what is wrong where something is', async () => {
    const { page } = await openAt(url, 'wide');
    await ask(page, `document.querySelector('input[type=range]').removeAttribute('aria-label')`);
    expect((await violations(page)).map((text) => text.split(':')[0])).toEqual(['label']);
  });

  it('shows one side at a time on a phone, and all that is lit on the others', async () => {
    const { page, complaints } = await openAt(url, 'phone');
    await tabs(page).nth(0).click();
    await page.locator('.panel-source [data-line="15"]').click();
    await page.getByRole('button', { name: 'pinned: z1' }).waitFor();
    expect(await page.locator('.panel:visible').count()).toBe(1);
    for (const name of ['Code', 'Graph & passes', 'Derivation', 'Kernels', 'Memory']) {
      await page.getByRole('tab', { name, exact: true }).click();
      await expect.poll(() => litInSight(page), { message: name }).toBe(true);
    }
    expect(complaints).toEqual([]);
  });

  it('keeps the chosen side when the window becomes wide or narrow', async () => {
    const { page } = await openAt(url, 'phone');
    await page.getByRole('tab', { name: 'Kernels' }).click();
    await page.setViewportSize(sizes.wide);
    await page.getByRole('region', { name: 'Code' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Kernels' }).getAttribute('aria-selected')).toBe('true');
    await page.setViewportSize(sizes.phone);
    await page.getByRole('region', { name: 'Code' }).waitFor({ state: 'detached' });
    await page.getByRole('tabpanel', { name: 'Kernels' }).waitFor();
  });

  // What is measured: the processor time of each task of the page's main thread, from the browser's trace, while a pointer
  // goes over all panes, all stages and tabs and files are shown, and lines are pinned; after the page has been drawn.
  it.each(['as it is', 'ten times as large'])(
    'is never busy for 50 ms while it is used, %s',
    async (which) => {
      const { page, complaints } = await openAt(which === 'as it is' ? url : large, 'wide');
      const count = which === 'as it is' ? 22 : 220;
      await expect.poll(() => drawnIn(page, 'graph'), { timeout: 10_000 }).toHaveLength(count);
      const { long } = await longTasksDuring(page, () => use(page));
      expect(long.at(-1), JSON.stringify(long)).toEqual([]);
      expect(complaints).toEqual([]);
    },
    180_000,
  );

  it('would notice a task of 50 ms', async () => {
    const { page } = await openAt(url, 'wide');
    // So much work, and not so much time: the page may have to wait for a core.
    const busy = 'let sum = 0; for (let i = 0; i < 3e8; i++) sum += i % 7;';
    const tasks = await tasksDuring(page, async () => {
      await ask(page, `new Promise((done) => setTimeout(() => { ${busy} done(sum); }))`);
    });
    expect(tasks.filter((ms) => ms >= longTask)).not.toEqual([]);
  });
});

/** The same graphs ten times beside each other, and the code ten times below each other. */
function enlarged(inspection: Inspection): Inspection {
  const times = 10;
  const copies = Array.from({ length: times }, (_, copy) => copy);
  const graphOf = ({ width, height, nodes, edges }: Graph): Graph => ({
    width: width * times,
    height,
    nodes: copies.flatMap((copy) => nodes.map((node) => ({ ...node, x: node.x + copy * width }))),
    edges: copies.flatMap((copy) =>
      edges.map(({ from, to, points }) => ({
        from: from + copy * nodes.length,
        to: to + copy * nodes.length,
        points: points.map(([x, y]) => [x + copy * width, y] as const),
      })),
    ),
  });
  return {
    ...inspection,
    stages: inspection.stages.map((stage) => ({
      ...stage,
      graph: graphOf(stage.graph),
      equations: copies.flatMap(() => stage.equations),
    })),
    code: inspection.code.map((file) => {
      if (file.language === 'wat') return file;
      const count = file.text.split('\n').length;
      return {
        ...file,
        text: copies.map(() => file.text).join('\n'),
        lines: copies.flatMap((copy) =>
          file.lines.map((line) => ({ ...line, line: line.line + copy * count })),
        ),
      };
    }),
    derivation: copies.flatMap(() => inspection.derivation),
    schedule: { ...inspection.schedule, blocks: copies.flatMap(() => inspection.schedule.blocks) },
  };
}

const litInSight = (page: Page): Promise<boolean> =>
  ask(
    page,
    `(() => {
      const panel = document.querySelector('.panel:not([hidden])').getBoundingClientRect();
      return [...document.querySelectorAll('.panel:not([hidden]) [data-lit]')].some((element) => {
        const { top, bottom, left, right } = element.getBoundingClientRect();
        return bottom > panel.top && top < panel.bottom && right > panel.left && left < panel.right;
      });
    })()`,
  );

/** As a restless reader would. */
async function use(page: Page): Promise<void> {
  const over = async (): Promise<void> => {
    for (let step = 0; step < 60; step++)
      await page.mouse.move(20 + ((step * 211) % 1240), 100 + ((step * 97) % 600));
  };
  for (const name of ['Derivation', 'Kernels', 'Memory', 'Graph & passes']) {
    await page.getByRole('tab', { name }).click();
    await over();
  }
  await page.getByRole('slider', { name: 'Stage' }).focus();
  await page.keyboard.press('Home');
  for (let stage = 0; stage < 10; stage++) {
    await page.keyboard.press('ArrowRight');
    await page.mouse.move(900, 300 + 10 * stage);
  }
  await page.getByRole('button', { name: 'Before' }).click();
  await page.getByRole('button', { name: 'After' }).click();
  for (const position of [0, 6, 9]) {
    await page.locator('.panel-source [data-item]').nth(position).click();
    await over();
    await page.keyboard.press('Escape');
  }
  for (const file of ['model.trainer.wat', 'model.trainer.ts']) {
    await page.getByRole('tab', { name: file }).click();
    await page.mouse.move(300, 600);
    for (let turn = 0; turn < 10; turn++) await page.mouse.wheel(0, 400);
  }
}
