/** The studio's page in Chromium, built as it is published: writing, compiling, training, going through a step, sharing. */

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenPage, whyLeftOut } from './chromium.ts';
import { longTasksDuring } from './main-thread.ts';
import {
  button,
  change,
  choose,
  compiled,
  drop,
  isRunning,
  metricOf,
  openStudioSite,
  type StudioSite,
  stepsMade,
  tab,
  textOf,
  violations,
  write,
} from './studio-page.ts';

const starter = (name: string): string =>
  readFileSync(new URL(`../../src/studio/app/starters/${name}.model.ts`, import.meta.url), 'utf8');

const views = ['Train', 'Graph & passes', 'Code', 'Derivation', 'Kernels', 'Memory'];

describe.skipIf(whyLeftOut !== '')(`the studio${whyLeftOut}`, () => {
  let site: StudioSite;
  let opened: OpenPage;
  let page: Page;
  const asked: string[] = [];

  beforeAll(async () => {
    site = await openStudioSite();
    opened = await site.open();
    page = opened.page;
    page.on('request', (request) => asked.push(request.url()));
  }, 60_000);
  afterAll(() => site.close());

  it('can be used after 300 kB, and is written in while the compiler is still loading', async () => {
    await page.locator('.cm-line').first().waitFor();
    const scripts = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)`,
    );
    const needed = scripts.filter((path) => path.startsWith('/assets/') && !/worker/.test(path));
    expect(needed.length).toBeGreaterThan(2);
    const sizes = ['/index.html', ...needed].map(site.packed);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
    await compiled(page);
    expect(await textOf(page)).toBe(starter('softmax'));
  });

  it('marks a wrong type at its line while the last good model stays on view', async () => {
    await change(page, "m.param('w', [2, 2]", "m.param('w', [3, 2]");
    const problem = page.getByRole('button', { name: /Error, line 13/ }).first();
    await problem.waitFor();
    await page.locator('.cm-lint-marker-error').first().waitFor();
    await page.getByText('Of the last text that compiled').first().waitFor();
    await page.keyboard.press('ControlOrMeta+Home');
    await problem.click();
    expect(await page.locator('.cm-lineNumbers .cm-activeLineGutter').innerText()).toBe('13');
    await write(page, starter('softmax'));
    await compiled(page);
    expect(await page.getByRole('button', { name: /Error, line/ }).count()).toBe(0);
  });

  it('completes names and says what they are', async () => {
    await change(page, 'z.exp();', 'z.');
    await page.keyboard.press('ControlOrMeta+Home');
    for (let line = 1; line < 14; line++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.type('matm');
    const option = page.locator('.cm-tooltip-autocomplete li', { hasText: 'matmul' });
    await option.waitFor();
    await page.keyboard.press('Escape');
    await write(page, starter('softmax'));
    await page.locator('.cm-line', { hasText: 'const z' }).getByText('matmul').hover();
    await expect
      .poll(() => page.locator('.cm-hover').allInnerTexts())
      .toEqual([expect.stringContaining('matmul')]);
  });

  it('compiles at once when it is told to, for either target and precision', async () => {
    await compiled(page);
    await change(page, "'softmax-regression'", "'told'");
    await page.keyboard.press('ControlOrMeta+Enter');
    await compiled(page);
    await page.getByLabel('Target').selectOption('wasm');
    await page.getByLabel('Numbers').selectOption('f64');
    await tab(page, 'Code').click();
    await page.getByRole('tab', { name: 'model.trainer.wat' }).waitFor();
    await page.locator('.listing', { hasText: 'told: a training step' }).waitFor();
    await page.getByLabel('Target').selectOption('ts');
    await page.getByLabel('Numbers').selectOption('f32');
    await compiled(page);
  });

  it('trains on moons to more than 97 %, in view, pauses, and goes on', async () => {
    await tab(page, 'Train').click();
    await choose(page, 'network');
    await page.getByLabel('Set').selectOption('moons');
    await page.getByText('Two moons:').waitFor();
    await page.getByLabel('Epochs').fill('');
    await button(page, 'Train').click();
    await expect.poll(() => stepsMade(page)).toBeGreaterThan(100);
    await button(page, 'Pause').click();
    await button(page, 'Train').waitFor();
    const paused = await stepsMade(page);
    expect(await isRunning(page)).toBe(false);
    await button(page, 'One step').click();
    await expect.poll(() => stepsMade(page)).toBe(paused + 1);
    await button(page, 'Train').click();
    await expect.poll(() => metricOf(page, 'test accuracy'), { timeout: 20_000 }).toBeGreaterThan(97);
    expect(await page.getByRole('img', { name: /^Loss by step: from/ }).count()).toBe(1);
    await site.picture(page, 'training');
    await button(page, 'Pause').click();
    await button(page, 'Train').waitFor();
    await button(page, 'Reset').click();
    await expect.poll(() => stepsMade(page)).toBe(0);
  });

  it('answers while it trains: no task is longer than 50 ms', async () => {
    const seconds = () => page.waitForTimeout(3000);
    for (const which of ['moons', 'digits']) {
      if (which === 'digits') await choose(page, 'digits');
      // The data of another example arrives after its model, and begins the training anew.
      await page.getByText(which === 'digits' ? /^Digits: 2,000 samples/ : /^Two moons: /).waitFor();
      await page.getByLabel('Epochs').fill('');
      await button(page, 'Train').click();
      const { tasks, long } = await longTasksDuring(page, seconds);
      expect(long.at(-1), `${which}: ${JSON.stringify(long)}`).toEqual([]);
      // It is the busy thread that was looked at.
      expect(tasks).toBeGreaterThan(50);
      await button(page, 'Pause').click();
      await expect.poll(() => isRunning(page)).toBe(false);
    }
    expect(await stepsMade(page)).toBeGreaterThan(20);
  }, 120_000);

  it('goes through a step statement by statement, to the same bits', async () => {
    await choose(page, 'batch-norm');
    await button(page, 'Examine a step').click();
    const place = page.getByText(/^statement \d+ of \d+/);
    await place.waitFor();
    const [, count = ''] = /of (\d+)/.exec(await place.innerText()) ?? [];
    const phases: string[] = [];
    for (let at = 1; at <= Number(count); at++) {
      await page.getByText(`statement ${at} of ${count}`).waitFor();
      const phase = await page.locator('.phases [aria-current]').innerText();
      phases.push(phase.split(/\s/)[1] ?? '');
      await page.locator('.step-code [data-current]').first().waitFor();
      await page.keyboard.press(']');
    }
    expect([...new Set(phases)]).toEqual(['forward', 'backward', 'update']);
    expect(await page.locator('.step-code [data-note]').count()).toBeGreaterThan(0);
    await page.keyboard.press('[');
    await page.getByText(`statement ${count} of ${count}`).waitFor();
    expect(await page.locator('.statement math').count()).toBeGreaterThan(0);
    expect(await page.locator('.statement td').count()).toBeGreaterThan(0);
    await site.picture(page, 'step');
    await button(page, 'Make the step').click();
    await page.getByText("The trainer's state has the same bits").waitFor();
    await button(page, 'Close').click();
    expect(await stepsMade(page)).toBe(1);
  });

  it('trains on a CSV file that is dropped anywhere', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${i % 5},${i % 7 > 3 ? 'high' : 'low'}`);
    await write(page, starter('network'));
    await compiled(page);
    await drop(page, 'rows.csv', ['left,right,kind', ...rows].join('\n'));
    await page
      .getByText(/^rows.csv: 48 samples to train, 12 to test; 2 features \(left, right\), 2 classes/)
      .waitFor();
    expect(await page.getByLabel('Label').inputValue()).toBe('kind');
    await button(page, 'One step').click();
    await expect.poll(() => stepsMade(page)).toBe(1);
    await page.getByLabel('Label').selectOption('right');
    await page.locator('.trouble', { hasText: 'expected a number' }).waitFor();
    await page.getByLabel('Set').selectOption('digits');
    await page.locator('.trouble', { hasText: "Declare the input as ['batch', 784]" }).waitFor();
    expect(await button(page, 'Train').isDisabled()).toBe(true);
    await drop(page, 'broken.csv', 'a,b\n1,"2');
    await page.locator('.trouble', { hasText: 'quote' }).waitFor();
  });

  it('offers model, trainer and weights under their names', async () => {
    await choose(page, 'softmax');
    await button(page, 'One step').click();
    for (const [what, name, content] of [
      ['the model', 'softmax-regression.model.ts', 'gradientDescent'],
      ['the trainer, TypeScript', 'softmax-regression.trainer.ts', 'export type Batch'],
      ['the trainer, JavaScript', 'softmax-regression.trainer.js', 'export function create'],
      ['the weights of now', 'softmax-regression.safetensors', '"w"'],
    ] as const) {
      await page.locator('summary', { hasText: 'Download' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: what }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(name);
      expect(readFileSync(await download.path(), 'latin1')).toContain(content);
    }
  });

  it('lights up what belongs together, from the editor and to it', async () => {
    const line = (text: string) => page.locator('.cm-line', { hasText: text });
    await tab(page, 'Graph & passes').click();
    await line('const z =').hover();
    await page.locator('.graph [data-lit="own"]', { hasText: 'z' }).first().waitFor();
    await page.locator('.graph [data-item]', { hasText: /^dW,/ }).hover();
    await page.locator('.cm-lit', { hasText: 'const z =' }).waitFor();
    await tab(page, 'Code').click();
    await line('const loss =').hover();
    await page.locator('.listing [data-lit="own"]', { hasText: 'loss' }).first().waitFor();
    await page.locator('.listing [data-item]', { hasText: 'accuracy' }).first().hover();
    await page.locator('.cm-lit', { hasText: 'accuracy(p, y)' }).waitFor();
    await page.mouse.move(1, 1);
    await expect.poll(() => page.locator('.cm-lit').count()).toBe(0);
  });

  it('gives a link that restores model and options, and does not train by itself', async () => {
    await write(page, `// mine\n${starter('network')}`);
    await compiled(page);
    await page.getByLabel('Numbers').selectOption('f64');
    await tab(page, 'Train').click();
    await page.getByLabel('Set').selectOption('moons');
    await page.getByLabel('Seed').fill('7');
    await button(page, 'Share').click();
    await page.getByText(/link is (copied|in the address bar)/).waitFor();
    const { hash } = new URL(page.url());
    const other = await site.open(hash);
    await compiled(other.page);
    await expect.poll(() => other.page.locator('[data-steps]').count()).toBe(1);
    expect(await textOf(other.page)).toBe(`// mine\n${starter('network')}`);
    expect(await other.page.getByLabel('Numbers').inputValue()).toBe('f64');
    expect(await other.page.getByLabel('Set').inputValue()).toBe('moons');
    expect(await other.page.getByLabel('Seed').inputValue()).toBe('7');
    await other.page.waitForTimeout(300);
    expect([await stepsMade(other.page), await isRunning(other.page)]).toEqual([0, false]);
    expect(other.complaints).toEqual([]);
    await other.page.close();
  });

  it.each(['#m1.', '#m1.AAAA', '#m0.AAAA', '#nothing'])(
    'says that %s is no link of its own, and opens an example',
    async (hash) => {
      const other = await site.open(hash);
      await other.page.getByRole('alert').getByText('This link cannot be opened.').waitFor();
      await other.page.locator('.cm-line').first().waitFor();
      expect(await textOf(other.page)).toBe(starter('softmax'));
      expect(other.complaints).toEqual([]);
      await other.page.close();
    },
  );

  it('keeps a draft over a reload', async () => {
    await write(page, `// a draft\n${starter('linear')}`);
    await page.reload();
    await compiled(page);
    expect(await textOf(page)).toBe(`// a draft\n${starter('linear')}`);
  });

  it('ends a compiler that does not come to an end, and goes on', async () => {
    await write(page, `while (true) {}\n${starter('linear')}`);
    await button(page, 'Stop the compiler').click({ timeout: 15_000 });
    await page.getByText('Not compiled yet').waitFor();
    await write(page, starter('linear'));
    await compiled(page);
    await button(page, 'One step').click();
    await expect.poll(() => stepsMade(page)).toBe(1);
  });

  it('is used with the keyboard alone', async () => {
    await page.goto('about:blank');
    await page.goto(site.url);
    await compiled(page);
    const press = async (key: string, until: string): Promise<void> => {
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press(key);
        const now = await page.evaluate<string>(
          `(document.activeElement.shadowRoot?.activeElement ?? document.activeElement).textContent.trim()`,
        );
        if (now.startsWith(until)) return;
      }
      throw new Error(`${key} never came to ${until}.`);
    };
    await press('Tab', '/**');
    // Leaving the editor takes Escape first: Tab indents.
    await page.keyboard.press('Escape');
    await press('Tab', 'Train');
    await press('ArrowRight', 'Graph');
    await page.locator('.graph').waitFor();
    await press('ArrowLeft', 'Train');
    await press('Tab', '▶ Train');
    await page.keyboard.press('Enter');
    await expect.poll(() => stepsMade(page), { timeout: 10_000 }).toBe(2000);
    expect(await metricOf(page, 'test accuracy')).toBeGreaterThan(80);
  });

  it.each(['light', 'dark'] as const)(
    'has no fault of accessibility in any view, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      for (const view of views) {
        await tab(page, view).click();
        await page.waitForTimeout(150);
        expect(await violations(page), view).toEqual([]);
        await site.picture(page, `${view.split(' ')[0]}-${colorScheme}`.toLowerCase());
      }
      await tab(page, 'Train').click();
      await button(page, 'Examine a step').click();
      await page.getByText(/^statement 1 of/).waitFor();
      await page.keyboard.press(']');
      expect(await violations(page), 'a step').toEqual([]);
      await button(page, 'Close').click();
    },
  );

  it('fits on a phone, with the text as one of the tabs', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const view of ['Model', ...views]) {
      await tab(page, view).click();
      await page.waitForTimeout(100);
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(wide, view).toBeLessThanOrEqual(0);
      await site.picture(page, `phone-${view.split(' ')[0]}`.toLowerCase());
    }
    expect(await violations(page)).toEqual([]);
    await tab(page, 'Model').click();
    await page.locator('.cm-line').first().waitFor();
    expect(await page.locator('.charts').isVisible()).toBe(false);
  });

  it('has asked no other server, and had nothing to complain of', () => {
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((url) => !/^(blob|data|about):/.test(url) && !url.startsWith(site.url))).toEqual([]);
    expect(opened.complaints).toEqual([]);
  });
});
