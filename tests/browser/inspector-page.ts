/** Pages of the inspector for tests: built from the sources, under the strictest policy, opened from a file. */

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { build, type InlineConfig } from 'vite';
import { inspect } from '../../src/inspection/inspect.ts';
import type { Inspection } from '../../src/inspection/inspection.ts';
import { loadModel } from '../../src/load-model.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const configFile = join(repository, 'src', 'inspector', 'vite.config.ts');

export interface Assets {
  readonly script: string;
  readonly style: string;
}

/** Builds as `npx vite build --config src/inspector/vite.config.ts` does, to another place. */
export async function buildInspector(more: InlineConfig = {}): Promise<Assets> {
  const outDir = mkdtempSync(join(tmpdir(), 'chainrule-inspector-'));
  try {
    await build({ configFile, ...more, build: { ...more.build, outDir } });
    return {
      script: readFileSync(join(outDir, 'inspector.js'), 'utf8'),
      style: readFileSync(join(outDir, 'inspector.css'), 'utf8'),
    };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

export async function inspectionOf(model: string, target: 'ts' | 'wasm'): Promise<Inspection> {
  const path = join(repository, 'examples', model);
  const { inspection } = await inspect(await loadModel(path), {
    target,
    readSource: (file) => readFileSync(file, 'utf8'),
  });
  return inspection;
}

/** Its policy allows this very script and this very style sheet, and nothing else at all. */
export function pageOf({ script, style }: Assets, inspection: Inspection): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}`;
  const data = JSON.stringify(inspection).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${inspection.model}</title>
<style>${style}</style>
</head>
<body>
<div id="inspector"></div>
<script type="application/json" id="inspection">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** A folder of pages, which are opened as files. */
export function createPages() {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-pages-'));
  let count = 0;
  return {
    write(page: string): string {
      const path = join(folder, `page-${count++}.html`);
      writeFileSync(path, page);
      return pathToFileURL(path).href;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Asked for by the browser's tools, for which the policy of the page does not hold. */
export async function ask<T>(page: Page, expression: string): Promise<T> {
  const session = await page.context().newCDPSession(page);
  try {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  } finally {
    await session.detach();
  }
}

export type Lights = readonly (readonly [item: number, how: string])[];

/** What is lit in a pane, by position. */
export const lightsIn = (page: Page, pane: string): Promise<Lights> =>
  ask(
    page,
    `[...document.querySelectorAll('[id^="${pane}-item-"][data-lit]')]
      .map((element) => [Number(element.dataset.item), element.dataset.lit]).sort(([a], [b]) => a - b)`,
  );

/** The items of a pane that are drawn, by position. */
export const drawnIn = (page: Page, pane: string): Promise<readonly number[]> =>
  ask(
    page,
    `[...document.querySelectorAll('[id^="${pane}-item-"]')].map((element) => Number(element.dataset.item))`,
  );

/** Whether a part of an element can be seen in its box. */
export const isInSight = (page: Page, item: string, box: string): Promise<boolean> =>
  ask(
    page,
    `(() => {
      const inner = document.querySelector(${JSON.stringify(item)}).getBoundingClientRect();
      const outer = document.querySelector(${JSON.stringify(box)}).getBoundingClientRect();
      return inner.bottom > outer.top && inner.top < outer.bottom && inner.right > outer.left && inner.left < outer.right;
    })()`,
  );

/** Where `.ci/run` gathers reports, else a place that is forgotten. */
const screenshots = join(process.env.CHAINRULE_REPORTS ?? join(tmpdir(), 'chainrule-reports'), 'screenshots');

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
