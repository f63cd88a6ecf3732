/** The Chromium of this machine, as tests drive it: with a disk of its own, and to be killed at any moment. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const named = process.env.CHAINRULE_CHROMIUM;
/** `CHAINRULE_CHROMIUM` names another one, or a path where there is nothing, so that these tests are left out. */
const executable = (named === undefined ? places : [named]).find((path) => existsSync(path));

/** Ends the title of tests that are left out where there is no browser. */
export const whyLeftOut =
  executable !== undefined ? '' : ' (left out: no Chromium; CHAINRULE_CHROMIUM can name one)';

export interface OpenPage {
  readonly page: Page;
  /** What went wrong in the page and was not caught: its exceptions, and what its console was told as an error. */
  readonly complaints: readonly string[];
}

export interface Browser {
  open(url: string): Promise<OpenPage>;
  /** None of its processes can finish anything. */
  kill(): Promise<void>;
}

export interface Profile {
  /** Starts a browser that has what the one before it has stored. One at a time. */
  start(): Promise<Browser>;
  remove(): Promise<void>;
}

const flags = (folder: string): readonly string[] => [
  '--headless=new',
  '--remote-debugging-port=0',
  `--user-data-dir=${folder}`,
  '--no-first-run',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  // For addresses that are not trusted, as `localhost` is.
  '--host-resolver-rules=MAP pages.test 127.0.0.1',
  // The sandbox refuses to run as root, which is who runs tests in containers.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  'about:blank',
];

export function createProfile(): Profile {
  let folder: string | undefined;
  let running: Browser | undefined;
  return {
    async start() {
      folder ??= mkdtempSync(join(tmpdir(), 'chainrule-chromium-'));
      running = await startChromium(folder);
      return running;
    },
    async remove() {
      await running?.kill();
      if (folder !== undefined)
        rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function startChromium(folder: string): Promise<Browser> {
  if (executable === undefined) throw new Error('There is no Chromium to start.');
  // A group of its own, so that all of its processes can be ended at once.
  const child = spawn(executable, flags(folder), { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const connection = await chromium.connectOverCDP(await addressOf(child));
  const [context] = connection.contexts();
  if (context === undefined) throw new Error('Chromium has no window to open pages in.');
  return {
    open: (url) => openPage(context, url),
    async kill() {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(-child.pid, 'SIGKILL');
      await ended;
    },
  };
}

/** Chromium tells where it can be reached when it can. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let told = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      told += chunk;
      const address = /DevTools listening on (ws:\S+)/.exec(told)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}:\n${told}`)));
  });
}

async function openPage(context: BrowserContext, url: string): Promise<OpenPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}
