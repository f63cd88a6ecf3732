/** The engine of the studio in Chromium, built as the page builds it, under a policy that forbids code from strings. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bindSplit } from '../../src/bind.ts';
import { compile } from '../../src/compile.ts';
import { moons } from '../../src/data/planar.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import type { Calls, Event, Problem } from '../../src/studio/engine/protocol.ts';
import { shared } from '../../src/studio/vite.shared.ts';
import { createProfile, type OpenPage, whyLeftOut } from './chromium.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const modelPath = join(repository, 'examples', 'page', 'model.ts');
const text = readFileSync(modelPath, 'utf8');

/** WebAssembly is compiled in the page as well, which is no code from strings. */
const policy =
  "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; img-src data:";

/** In the page itself: there are hosts of pages that send no policy. */
const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>engine</title><link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<script type="module" src="./main.ts"></script></html>`;

const main = `
  import { startEngine } from ${JSON.stringify(join(repository, 'src/studio/engine/start.ts'))};
  globalThis.open = (options) => {
    const engine = startEngine(options);
    const events = [];
    engine.onEvent((event) => events.push(event));
    const deaths = [];
    engine.onDeath(({ code }) => deaths.push(code));
    globalThis.studio = { engine, events, deaths };
    return engine.ready;
  };
  globalThis.call = (name, ...values) => studio.engine.call(name, ...values);`;

/** What Node makes of the same training. */
async function weightsOfNode(epochs: number): Promise<string> {
  const { code } = await compile(await loadModel(modelPath));
  const module = await instantiate(code);
  const trainer = createTrainer(module, { seed: 1 });
  const dataset = moons();
  const data = bindSplit(module.layout, dataset, dataset.train);
  for await (const _ of trainer.fit(data, { epochs, batch: 32 }));
  return createHash('sha256').update(trainer.save()).digest('hex');
}

async function serve(folder: string): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const name = url.replace(/^\/studio\//, '') || 'index.html';
    const found = readdirSync(folder, { recursive: true }).map(String).includes(name);
    response.writeHead(found ? 200 : 404, {
      'content-type': name.endsWith('.js') ? 'text/javascript' : 'text/html',
    });
    response.end(found ? readFileSync(join(folder, name)) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A call of the engine, from here; what it is given and what it gives can be written as JSON. */
const call = <Name extends keyof Calls>(
  page: Page,
  name: Name,
  ...values: Parameters<Calls[Name]>
): Promise<ReturnType<Calls[Name]>> =>
  page.evaluate<ReturnType<Calls[Name]>>(`call(...${JSON.stringify([name, ...values])})`);

const eventsOf = (page: Page): Promise<readonly Event[]> => page.evaluate<readonly Event[]>('studio.events');

/** Not by a function that the page is to look at again and again: that would be code from a string. */
const ended = (page: Page): Promise<void> =>
  expect
    .poll(async () => (await eventsOf(page)).map(({ kind }) => kind), { timeout: 20_000 })
    .toContain('ended');

describe.skipIf(whyLeftOut !== '')(`the engine of the studio${whyLeftOut}`, () => {
  const profile = createProfile();
  const root = mkdtempSync(join(tmpdir(), 'chainrule-engine-'));
  const out = join(root, 'out');
  let server: Server;
  let opened: OpenPage;
  let page: Page;

  beforeAll(async () => {
    writeFileSync(join(root, 'index.html'), html);
    writeFileSync(join(root, 'main.ts'), main);
    await build({
      ...shared,
      root,
      // To be served from any folder.
      base: './',
      configFile: false,
      logLevel: 'error',
      build: { ...shared.build, outDir: out, emptyOutDir: true },
    });
    server = await serve(out);
    const { port } = server.address() as AddressInfo;
    opened = await (await profile.start()).open(`http://localhost:${port}/studio/`);
    page = opened.page;
    await page.evaluate('open()');
  }, 120_000);
  afterAll(async () => {
    await profile.remove();
    server?.closeAllConnections();
    server?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const about = (changed: string, problems: readonly Problem[]) =>
    problems.map(({ code, from, to }) => [code, changed.slice(from, to)]);

  it('checks types, and says where a shape or an option is wrong', async () => {
    expect(await call(page, 'check', text)).toEqual([]);
    const shape = text.replace('dense(hidden, 2);', 'dense(hidden, 2).add(x.matmul(x));');
    expect(about(shape, await call(page, 'check', shape))).toEqual([['TS2345', 'x']]);
    const option = text.replace('learningRate: 0.02', 'learningrate: 0.02');
    expect(about(option, await call(page, 'check', option))).toEqual([['TS2561', 'learningrate']]);
  });

  it('goes on after a dot, and tells what something is', async () => {
    const at = text.indexOf('m.input') + 2;
    const found = await call(page, 'complete', text, at);
    expect(found?.options).toContainEqual({ label: 'input', type: 'method' });
    expect((await call(page, 'hover', text, text.indexOf('hidden')))?.text).toContain(
      'Tensor<readonly ["batch", 16]',
    );
  });

  it('compiles with the names and lines of the text, and tells mistakes with theirs', async () => {
    for (const target of ['ts', 'wasm'] as const) {
      const result = await call(page, 'compile', text, { dtype: 'f32', target });
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      const { code } = await compile(await loadModel(modelPath), { target, readSource: () => text });
      expect(result.inspection.sources).toEqual([{ name: 'model.ts', text }]);
      expect(result.typescript).toBe(code);
      expect(result.inspection.code[0]?.text).toContain('const hidden = new Float32Array(');
    }
    const wrong = text.replace('dense(hidden, 2)', "dense(hidden, 'two')");
    const result = await call(page, 'compile', wrong, { dtype: 'f32', target: 'ts' });
    expect(result.ok ? [] : about(wrong, result.problems)).toEqual([
      ['shape/dimension', "const logits = dense(hidden, 'two');"],
    ]);
    const thrown = text.replace('dense(hidden, 2)', 'dense(hidden.is.not, 2)');
    const other = await call(page, 'compile', thrown, { dtype: 'f32', target: 'ts' });
    expect(other.ok ? [] : about(thrown, other.problems)).toEqual([
      ['model/threw', 'const logits = dense(hidden.is.not, 2);'],
    ]);
  });

  it.each(['ts', 'wasm'] as const)('trains in %s as Node does, to the bit, to over 97 %', async (target) => {
    await call(page, 'compile', text, { dtype: 'f32', target });
    expect(await call(page, 'useData', { kind: 'moons' })).toMatchObject({ train: 1000, test: 250 });
    await call(page, 'reset', 1);
    await page.evaluate('studio.events.length = 0');
    await call(page, 'play', 12);
    await ended(page);
    const events = await eventsOf(page);
    const evaluation = events.findLast((event) => event.kind === 'evaluation');
    expect(evaluation?.test.accuracy).toBeGreaterThan(0.97);
    const hash = await page.evaluate<string>(
      `call('weights').then((bytes) => crypto.subtle.digest('SHA-256', bytes))
        .then((hash) => [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join(''))`,
    );
    expect(hash).toBe(await weightsOfNode(12));
  });

  it.each(['f32', 'f64'] as const)('makes the step in %s that it has worked out before', async (dtype) => {
    await call(page, 'compile', text, { dtype, target: 'ts' });
    await call(page, 'reset', 1);
    const examination = await call(page, 'examine');
    expect(examination.samples).toBe(32);
    expect(examination.blocks.length).toBeGreaterThan(10);
    expect(await call(page, 'finishExamined')).toMatchObject({ equal: true, step: 1 });
    const { boundary, arrays } = await call(page, 'pictures');
    expect(boundary).toMatchObject({ kind: 'probability', columns: 64, rows: 64 });
    expect(arrays.map(({ name }) => name)).toEqual(expect.arrayContaining(['w1', 'hidden', 'probabilities']));
  });

  it('reads the bytes of a file, and says which line of it is wrong', async () => {
    const useFile = (csv: string) =>
      page.evaluate<unknown>(
        `call('useData', { kind: 'csv', name: 'a.csv', bytes: new TextEncoder().encode(${JSON.stringify(csv)}) })
          .catch(({ code, message }) => ({ code, message }))`,
      );
    expect(await useFile('a,b,kind\n1,2,yes\n3,4,no\n')).toMatchObject({
      train: 2,
      classNames: ['no', 'yes'],
    });
    expect(await useFile('a,b,kind\n1,2,yes\n3,x,no\n')).toMatchObject({
      code: 'data/csv',
      message: expect.stringContaining('a.csv:3:2: '),
    });
  });

  it('is given up when a model does not come to an end, and begins anew', async () => {
    await page.evaluate('open({ patience: 500 })');
    const failure = await page.evaluate<string>(
      `call('compile', 'while (true);', { dtype: 'f32', target: 'ts' }).catch(({ code }) => code)`,
    );
    expect(failure).toBe('engine/silent');
    expect(await page.evaluate('studio.deaths')).toEqual(['engine/silent']);
    await page.evaluate('open()');
    expect((await call(page, 'compile', text, { dtype: 'f32', target: 'ts' })).ok).toBe(true);
  });

  it('runs a model under the policy of the page, which it cannot get around', async () => {
    const asked: string[] = [];
    const other = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.end('export default 1;');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const attempts = {
      "new Function('return 1')();": 'EvalError',
      "(0, eval)('1');": 'EvalError',
      [`await fetch('http://127.0.0.1:${port}/fetched');`]: 'TypeError',
      [`await import('http://127.0.0.1:${port}/imported.js');`]: 'TypeError',
      "await import('data:text/javascript,1');": 'TypeError',
    };
    for (const [attempt, error] of Object.entries(attempts)) {
      const result = await call(page, 'compile', `${text}\n${attempt}\n`, { dtype: 'f32', target: 'ts' });
      expect(result.ok ? [] : result.problems, attempt).toMatchObject([
        { code: 'model/threw', message: expect.stringContaining(error) },
      ]);
    }
    other.close();
    expect(asked).toEqual([]);
  });

  it('has one copy of TypeScript, and is loaded in parts', () => {
    const folder = join(out, 'assets');
    const scripts = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
    const withTypeScript = scripts.filter(([, bytes]) => bytes.includes('createTypeChecker'));
    expect(withTypeScript.map(([name]) => name.replace(/-.*/, ''))).toEqual(['typescript']);
    const sizes = scripts.map(([, bytes]) => gzipSync(bytes).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_700_000);
    const [, worker] = scripts.find(([name]) => name.startsWith('engine.worker')) ?? [];
    expect(gzipSync(worker ?? '').length).toBeLessThan(120_000);
  });

  it('has made no complaint', () => {
    expect(opened.complaints).toEqual([]);
  });
});
