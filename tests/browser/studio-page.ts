/** The studio for tests: built once, served as it is, and what tests do with it again and again. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { build, preview } from 'vite';
import { type Browser, createProfile, type OpenPage } from './chromium.ts';

const configFile = fileURLToPath(new URL('../../src/studio/vite.config.ts', import.meta.url));
const axe = fileURLToPath(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url));

export interface StudioSite {
  readonly url: string;
  open(hash?: string): Promise<OpenPage>;
  /** Bytes of a built file, packed as servers do. */
  packed(path: string): number;
  picture(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export async function openStudioSite(): Promise<StudioSite> {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-studio-'));
  const pictures = join(process.env.CHAINRULE_REPORTS ?? folder, 'screenshots');
  mkdirSync(pictures, { recursive: true });
  const outDir = join(folder, 'site');
  await build({ configFile, logLevel: 'silent', build: { outDir } });
  const server = await preview({ configFile, logLevel: 'silent', build: { outDir }, preview: { port: 0 } });
  const url = server.resolvedUrls?.local[0] ?? '';
  const profile = createProfile();
  const browser: Browser = await profile.start();
  return {
    url,
    async open(hash = '') {
      const opened = await browser.open(url + hash);
      await opened.page.setViewportSize({ width: 1280, height: 800 });
      return opened;
    },
    packed: (path) => gzipSync(readFileSync(join(outDir, path))).length,
    async picture(page, name) {
      await page.screenshot({ path: join(pictures, `studio-${name}.png`) });
    },
    async close() {
      await profile.remove();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The compiler is there, and has compiled what is in the editor. */
export async function compiled(page: Page): Promise<void> {
  await page.getByText(/^Compiled in/).waitFor({ state: 'attached', timeout: 30_000 });
}

/** Types the whole text anew. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

/** What is in the editor, which draws all lines of a text as short as a model. */
export const textOf = async (page: Page): Promise<string> =>
  (await page.locator('.cm-line').allTextContents()).join('\n');

/** Changes a part of the text. */
export async function change(page: Page, from: string, to: string): Promise<void> {
  await write(page, (await textOf(page)).replace(from, to));
}

export async function choose(page: Page, example: string): Promise<void> {
  await page.getByLabel('Example').selectOption(example);
  await page.getByText(/^(Not compiled|Compiling)/).waitFor({ state: 'attached' });
  await compiled(page);
}

export const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true });
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

export async function stepsMade(page: Page): Promise<number> {
  return Number(await page.locator('[data-steps]').getAttribute('data-steps'));
}

export const isRunning = async (page: Page): Promise<boolean> =>
  (await page.locator('[data-running]').getAttribute('data-running')) === 'true';

/** A number of the table of metrics: `test accuracy`. */
export async function metricOf(page: Page, name: string): Promise<number> {
  return Number.parseFloat(await page.locator(`[data-metric="${name}"]`).innerText());
}

/** Drops a file on the page, as a hand would. */
export async function drop(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    `(() => { const all = new DataTransfer(); all.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)})); return all; })()`,
  );
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('body', type, { dataTransfer });
}

/** What is not accessible, by rule and place. */
export async function violations(page: Page): Promise<readonly string[]> {
  const known = await page.evaluate<boolean>('"axe" in globalThis');
  if (!known) await page.evaluate(readFileSync(axe, 'utf8'));
  return page.evaluate<string[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' at ' + target.join(' ') + ': ' + failureSummary)))`,
  );
}
