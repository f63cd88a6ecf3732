/** Trainers and the runtime are the same everywhere: other versions of Node.js, Deno and Bun train to the same bits. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transpile } from '../../codegen/ts/transpile.ts';
import { compile } from '../../src/compile.ts';
import { loadModel } from '../../src/load-model.ts';
import { publishCounts } from '../counts.ts';
import { binary, type Host, hosts, install } from './hosts.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(repository, 'dist');
const why = existsSync(join(dist, 'src', 'runtime', 'index.js'))
  ? install()
  : ' (left out: nothing is built)';
const found = why === '' ? hosts() : [];

const folder = mkdtempSync(join(tmpdir(), 'chainrule-runtimes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Trained {
  readonly hash: string;
  readonly accuracy: number;
}

function trained({ command, words }: Host): Readonly<Record<'ts' | 'wasm' | 'worker', Trained>> {
  const script = join(repository, 'tests', 'runtimes', 'train.mjs');
  const { stdout, stderr, status } = spawnSync(command, [...words, script, dist, folder], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env.PATH, HOME: folder, DENO_DIR: folder, NO_COLOR: '1' },
  });
  if (status !== 0) throw new Error(`it ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

describe.skipIf(why !== '')(`a training${why}`, () => {
  let expected: ReturnType<typeof trained>;
  const [own] = found;

  beforeAll(async () => {
    const model = await loadModel(join(repository, 'examples', 'page', 'model.ts'));
    for (const target of ['ts', 'wasm'] as const) {
      const { code } = await compile(model, { target });
      writeFileSync(join(folder, `${target}.mjs`), transpile(code));
    }
    const serve = new URL(`file://${dist}/src/runtime/worker/index.js`).href;
    writeFileSync(
      join(folder, 'worker.mjs'),
      `import { serve } from '${serve}';\nimport * as trainer from './wasm.mjs';\nserve(trainer);\n`,
    );
    if (own !== undefined) expected = trained(own);
  }, 60_000);
  afterAll(() => publishCounts('hosts', { hosts: found.length }));

  it.each(found.map((host) => [host.name, host] as const))(
    'in %s has the same bits, in a worker as well',
    (_, host) => {
      const result = trained(host);
      expect(result).toEqual(expected);
      expect(result.ts).toMatchObject({ tensors: expect.any(Number), same: true });
      expect(result.wasm.hash).toBe(result.ts.hash);
      expect(result.worker.hash).toBe(result.ts.hash);
      expect(result.ts.accuracy).toBeGreaterThan(0.9);
    },
    90_000,
  );
});

describe.skipIf(why !== '')(`the command line${why}`, () => {
  const nodes = found.filter(({ name }) => name.startsWith('Node.js'));
  const bin = join(repository, 'src', 'cli', 'bin.mjs');

  it.each(nodes.map((host) => [host.name, host] as const))(
    'compiles in %s to the same bytes',
    (_, { command }) => {
      const { stdout, status } = spawnSync(
        command,
        [bin, 'compile', 'examples/03-neural-network/model.ts', '-o', '-'],
        {
          cwd: repository,
          encoding: 'utf8',
          timeout: 60_000,
          env: { PATH: process.env.PATH, CHAINRULE_FROM_SOURCE: '0' },
        },
      );
      expect(status).toBe(0);
      expect(stdout).toContain('export const layout');
      expect(stdout).toBe(
        spawnSync(process.execPath, [bin, 'compile', 'examples/03-neural-network/model.ts', '-o', '-'], {
          cwd: repository,
          encoding: 'utf8',
          env: { PATH: process.env.PATH, CHAINRULE_FROM_SOURCE: '0' },
        }).stdout,
      );
    },
    90_000,
  );

  it('trains with relaxed SIMD where the host has it', () => {
    const latest = nodes.find(({ name }) => name === 'Node.js 24');
    if (latest === undefined) return expect(nodes.length).toBeGreaterThan(0);
    const words = [
      'train',
      'examples/page/model.ts',
      '--steps',
      '20',
      '--target',
      'wasm',
      '--relaxed',
      '--json',
    ];
    const { stdout, status, stderr } = spawnSync(latest.command, [bin, ...words], {
      cwd: repository,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, CHAINRULE_FROM_SOURCE: '0' },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('"loss"');
  }, 60_000);
});

describe.skipIf(why !== '')(`the packed package${why}`, () => {
  const run = (command: string, words: readonly string[]) =>
    spawnSync(process.execPath, [binary(command), ...words], {
      cwd: repository,
      encoding: 'utf8',
      timeout: 120_000,
    });

  it('has nothing that publint warns of', () => {
    const { stdout, stderr, status } = run('publint', ['--strict']);
    expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
  }, 120_000);

  it('has types for every way of importing that are those of its code', () => {
    const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
      cwd: repository,
      encoding: 'utf8',
    });
    const file = join(folder, packed.stdout.trim());
    // Types alone have no code: `chainrule/vite/client` declares modules. And there is no CommonJS, on purpose.
    const words = [file, '--profile', 'esm-only', '--exclude-entrypoints', 'vite/client', 'package.json'];
    const { stdout, stderr, status } = run('attw', [...words, '--format', 'ascii', '--no-emoji']);
    expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
  }, 120_000);
});
