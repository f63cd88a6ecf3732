/** What is published: the compiled sources and nothing else, the same bytes from two builds, ready to be used. */

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../cli/run.ts';
import { node, run, sha256 } from './children.ts';

const modules = join(repository, 'node_modules');
const check = join(repository, '.ci', 'package.mjs');
const root = mkdtempSync(join(tmpdir(), 'chainrule-package-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A copy of the sources, built and packed in a folder of its own; gives the folder and the package in it. */
async function build(name: string): Promise<{ readonly folder: string; readonly tarball: string }> {
  const folder = join(root, name);
  for (const path of [
    'src',
    'ir',
    'passes',
    'codegen',
    'scale',
    'tsconfig.json',
    'tsconfig.build.json',
    'package.json',
  ])
    cpSync(join(repository, path), join(folder, path), {
      recursive: true,
      filter: (from) => !/[\\/](?:\.venv|__pycache__)/.test(from),
    });
  for (const path of ['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md'])
    writeFileSync(join(folder, path), `${path}\n`);
  symlinkSync(modules, join(folder, 'node_modules'), 'junction');
  await node([join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], { cwd: folder });
  const vite = [join(modules, 'vite', 'bin', 'vite.js'), 'build', '--config', 'src/inspector/vite.config.ts'];
  await node([...vite, '--logLevel', 'warn'], { cwd: folder });
  await run('npm', ['pack', '--ignore-scripts'], { cwd: folder });
  const [tarball = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  return { folder, tarball: join(folder, tarball) };
}

describe('the package', () => {
  let builds: readonly Awaited<ReturnType<typeof build>>[] = [];
  beforeAll(async () => {
    builds = [await build('first'), await build('second in another place')];
  }, 240_000);
  const first = (): Awaited<ReturnType<typeof build>> => {
    const [found] = builds;
    if (found === undefined) throw new Error('there is no build');
    return found;
  };

  it('has the same SHA-256 from two builds', () => {
    const [hash, other] = builds.map(({ tarball }) => sha256(readFileSync(tarball)));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(other).toBe(hash);
  });

  it('holds the compiled sources and the files allowed by name', async () => {
    expect(await node([check, first().folder])).toMatch(/^\d{3,} files, 0 too many, 0 missing$/m);
  });

  it('is refused with a file of a source that is gone, and without one of its files', async () => {
    const folder = join(root, 'spoilt');
    cpSync(first().folder, folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
    writeFileSync(join(folder, 'dist', 'src', 'gone.js'), 'export {};\n');
    await expect(node([check, folder])).rejects.toThrow('must not be published: dist/src/gone.js');
    rmSync(join(folder, 'dist', 'src', 'gone.js'));
    rmSync(join(folder, 'dist', 'src', 'index.d.ts'));
    await expect(node([check, folder])).rejects.toThrow('is missing: dist/src/index.d.ts');
  });

  it('type-checks, compiles and trains in a project that installed it', async () => {
    const project = join(root, 'project');
    await install(first().tarball, project);
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }\n');
    writeFileSync(join(project, 'use.ts'), use);
    const tsc = join(modules, 'typescript', 'bin', 'tsc');
    const options = ['--strict', '--target', 'es2022', '--types', 'node', '--skipLibCheck', 'false'];
    await node([tsc, ...options, '--module', 'nodenext', 'use.ts'], { cwd: project });
    const losses: readonly number[] = JSON.parse(await node(['use.js'], { cwd: project }));
    expect(losses).toHaveLength(20);
    expect(losses.at(-1)).toBeLessThan(0.5 * (losses[0] ?? 0));
    const bin = join('node_modules', 'chainrule', 'src', 'cli', 'bin.mjs');
    const env = { CHAINRULE_FROM_SOURCE: '0' };
    expect(await node([bin, '--version'], { cwd: project, env })).toMatch(/^chainrule \d+\.\d+\.\d+$/m);
  }, 120_000);
});

/** Unpacks the package into a project, beside all that it depends on. */
async function install(tarball: string, project: string): Promise<void> {
  const folder = join(project, 'node_modules');
  mkdirSync(join(folder, 'chainrule'), { recursive: true });
  for (const name of readdirSync(modules).filter((name) => !name.startsWith('.')))
    symlinkSync(join(modules, name), join(folder, name), 'junction');
  await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', join(folder, 'chainrule')]);
}

/** A model compiled and trained by the public interface alone. */
const use = `
import { compile, dense, gradientDescent, meanSquaredError, model } from 'chainrule';
import { createTrainer, type TrainerModule } from 'chainrule/runtime';

const line = model(
  'line',
  (m) => {
    const x = m.input('x', ['batch', 1]);
    const y = m.label('y', ['batch', 1]);
    return { loss: meanSquaredError(dense(x, 1), y) };
  },
  { batch: 4, optimizer: gradientDescent({ learningRate: 0.1 }) },
);
const { code } = await compile(line);
const { default: ts } = await import('typescript');
const script = ts.transpileModule(code, { compilerOptions: { target: 9, module: 99 } }).outputText;
const module: TrainerModule = await import('data:text/javascript,' + encodeURIComponent(script));
const trainer = createTrainer(module, { seed: 1 });
const data = { x: [0, 1, 2, 3].map((x) => x / 3), y: [1, 3, 5, 7] };
const losses: number[] = [];
for await (const { loss } of trainer.fit(data, { steps: 20 })) losses.push(loss);
console.log(JSON.stringify(losses));
`;
