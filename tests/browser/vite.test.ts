/** The plugin for Vite: a page under a strict policy trains what was compiled when it was built, with the bits of Node. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Alias, build, createServer, type InlineConfig, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { moons } from '../../examples/page/data.ts';
import { compile } from '../../src/compile.ts';
import { instantiate } from '../../src/instantiate.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { chainrule } from '../../src/vite/index.ts';
import { requestIn } from '../../src/vite/request.ts';
import { createProfile, type OpenPage, whyLeftOut } from './chromium.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const root = join(repository, 'examples', 'page');
const alias: Alias[] = ['runtime', 'worker'].map((name) => ({
  find: new RegExp(`^chainrule/${name}$`),
  replacement: join(repository, 'src', 'runtime', name === 'runtime' ? '' : name, 'index.ts'),
}));

/** As in the `vite.config.ts` of the page, with the sources in the place of the package. */
const config = (outDir: string): InlineConfig => ({
  root,
  configFile: false,
  logLevel: 'silent',
  plugins: [chainrule({ types: 'trainers.d.ts' })],
  resolve: { alias },
  build: { outDir, emptyOutDir: true, target: 'es2022' },
});

/** What Node makes of the same training. */
async function inNode(): Promise<readonly [string, string]> {
  const { code } = await compile(await loadModel(join(root, 'model.ts')));
  const trainer = createTrainer(await instantiate(code), { seed: 1 });
  const data = moons(1);
  for await (const _ of trainer.fit(data, { epochs: 20, batch: 32 }));
  const hash = createHash('sha256').update(trainer.save()).digest('hex').slice(0, 16);
  return [`${(100 * (trainer.evaluate(data).accuracy ?? 0)).toFixed(1)} %`, hash];
}

/** Asked for without code from strings, which the page does not allow. */
async function rowsOf({ page }: OpenPage): Promise<readonly (readonly string[])[]> {
  await page.locator('#status', { hasText: 'done' }).waitFor();
  const rows = await page.locator('#results tr').all();
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()));
}

describe.skipIf(whyLeftOut !== '')(`the page of examples/page${whyLeftOut}`, () => {
  const profile = createProfile();
  const out = mkdtempSync(join(tmpdir(), 'chainrule-page-'));
  let open: (url: string) => Promise<OpenPage>;
  let expected: readonly (readonly string[])[];
  const declared = readFileSync(join(root, 'trainers.d.ts'), 'utf8');

  beforeAll(async () => {
    const browser = await profile.start();
    open = browser.open;
    const numbers = await inNode();
    expected = ['TypeScript', 'WebAssembly', 'WebAssembly in a worker'].map((name) => [name, ...numbers]);
  }, 60_000);
  afterAll(async () => {
    await profile.remove();
    rmSync(out, { recursive: true, force: true });
  });

  it('trains under its strict policy, built, in TypeScript, WebAssembly and a worker, with the bits of Node', async () => {
    await build(config(out));
    const server = await preview(config(out));
    try {
      const opened = await open(server.resolvedUrls?.local[0] ?? '');
      expect(await rowsOf(opened)).toEqual(expected);
      expect(Number.parseFloat(expected[0]?.[1] ?? '')).toBeGreaterThan(97);
      expect(opened.complaints).toEqual([]);
    } finally {
      await server.close();
    }
  }, 60_000);

  it('has declarations of what its trainers take and give, which the plugin keeps as they are', () => {
    expect(declared).toContain("declare module '*/model.ts?trainer' {");
    expect(declared).toContain('Evaluation = { loss: number; accuracy: number }');
    expect(readFileSync(join(root, 'trainers.d.ts'), 'utf8')).toBe(declared);
  });

  it('brings nothing of the compiler to the browser', () => {
    const scripts = readdirSync(join(out, 'assets')).filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(1);
    const sizes = scripts.map((name) => readFileSync(join(out, 'assets', name)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
  });

  it('trains in a server for development as well', async () => {
    const server = await createServer({ ...config(out), server: { port: 0 } });
    try {
      await server.listen();
      const opened = await open(server.resolvedUrls?.local[0] ?? '');
      expect(await rowsOf(opened)).toEqual(expected);
    } finally {
      await server.close();
    }
  }, 60_000);
});

describe('the plugin', () => {
  const changed = async (from: string, to: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'chainrule-vite-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'model.ts');
    const text = readFileSync(join(root, 'model.ts'), 'utf8');
    writeFileSync(file, text);
    const server = await createServer({ ...config(out), root: folder, server: { port: 0 } });
    onTestFinished(() => server.close());
    const compiled = async (): Promise<string> =>
      (
        await server
          .transformRequest('/model.ts?trainer')
          .catch((error: unknown) => ({ code: String(error) }))
      )?.code ?? '';
    const before = await compiled();
    writeFileSync(file, text.replace(from, to));
    // The system tells of changes when it likes to.
    await expect.poll(compiled, { timeout: 10_000 }).not.toBe(before);
    return { file, before, after: await compiled() };
  };
  const out = join(tmpdir(), 'chainrule-nothing-is-written-here');

  it('compiles a model again when it has changed', async () => {
    const { before, after } = await changed("model(\n  'moons'", "model(\n  'suns'");
    expect(before).toContain('model: "moons"');
    expect(after).toContain('model: "suns"');
  });

  it('names the line of a model that cannot be compiled', async () => {
    const { file, after } = await changed('dense(hidden, 2)', "dense(hidden, 'two')");
    expect(after).toContain(`${file}:11: error[`);
  });

  it.each([
    ['./model.ts?trainer&target=python', /option --target: expected ts or wasm or auto/],
    ['./model.ts?trainer&speed=fast', /there is no option "speed"/],
    ['./model.ts?trainer&relaxed', /option --relaxed is about WebAssembly/],
  ])('refuses %s', (id, why) => {
    expect(() => requestIn(id)).toThrow(why);
  });

  it('passes over what is not for it', () => {
    for (const id of ['./model.ts', './model.ts?raw', './trainer.ts?url', 'virtual:trainer'])
      expect(requestIn(id)).toBeUndefined();
  });
});
