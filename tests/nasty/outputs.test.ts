/** Where a command writes: what it was told, whole or not at all, and never over what belongs to the user. */

import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chainrule, model, temporaryFolder } from '../cli/run.ts';

const tiny = model('tiny');
const train = (out: string, ...more: readonly string[]) =>
  chainrule('train', tiny, '--data', 'moons?count=64', '--steps', '2', '--out', out, ...more);

describe('compile', () => {
  it('case 47: writes over what it has written itself, and over an empty file', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'a.trainer.ts');
    writeFileSync(out, '');
    for (const extra of [[], ['--target', 'wasm', '--wasm-file', '--wat', '--with-test', '--with-worker']])
      for (let time = 0; time < 2; time++)
        expect(await chainrule('compile', tiny, '-o', out, ...extra)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(folder).sort()).toEqual([
      'a.trainer.test.ts',
      'a.trainer.ts',
      'a.trainer.wasm',
      'a.trainer.wat',
      'a.worker.ts',
    ]);
  });

  it("case 47: leaves a file of the user's as it is, unless it is forced, and then writes none of its files", async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'a.trainer.ts');
    const taken = join(folder, 'a.trainer.test.ts');
    writeFileSync(taken, 'my own test\n');
    const words = ['compile', tiny, '-o', out, '--with-test'];
    const { code, stderr } = await chainrule(...words);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error\[output\/exists\]: .*a\.trainer\.test\.ts exists and was not written by chainrule/,
    );
    expect(stderr).toContain('--force');
    expect(readdirSync(folder)).toEqual(['a.trainer.test.ts']);
    expect(readFileSync(taken, 'utf8')).toBe('my own test\n');
    expect((await chainrule(...words, '--force')).code).toBe(0);
    expect(readFileSync(taken, 'utf8')).toContain('Written by chainrule');
  });

  it('case 47: never takes a model for a trainer', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'model.ts');
    writeFileSync(out, readFileSync(new URL('../cli/models/tiny.ts', import.meta.url)));
    const before = readFileSync(out);
    const { code, stderr } = await chainrule('compile', out, '-o', out);
    expect(code).toBe(1);
    expect(stderr).toContain('error[output/exists]');
    expect(readFileSync(out)).toEqual(before);
  });

  it('case 47: does not follow a link, neither to a file nor to nothing', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'out'));
    const victim = join(folder, 'victim.txt');
    writeFileSync(victim, 'keep me');
    for (const [name, to] of [
      ['file.ts', victim],
      ['nothing.ts', join(folder, 'nowhere.txt')],
    ] as const) {
      const link = join(folder, 'out', name);
      symlinkSync(to, link);
      expect((await chainrule('compile', tiny, '-o', link)).stderr).toContain('is a link to another file');
      expect((await chainrule('compile', tiny, '-o', link, '--force')).code).toBe(0);
      // The link is what is written over, not what it leads to.
      expect(lstatSync(link).isFile()).toBe(true);
    }
    expect(readFileSync(victim, 'utf8')).toBe('keep me');
    expect(existsSync(join(folder, 'nowhere.txt'))).toBe(false);
  });

  it.each(['a b/c d.ts', 'ü/日本.ts', "it's/$HOME.ts", 'a/../b.ts', 'new/and/newer/x.ts'])(
    'case 47: makes the folders that are missing, and writes to exactly %j',
    async (path) => {
      const folder = temporaryFolder();
      const out = join(folder, 'root', path);
      expect(await chainrule('compile', tiny, '-o', out)).toMatchObject({ code: 0, stderr: '' });
      expect(readFileSync(out, 'utf8')).toContain('compiled by chainrule');
      expect(readdirSync(folder)).toEqual(['root']);
    },
  );

  it('case 47: a folder in the place of a file is said to be one', async () => {
    const folder = temporaryFolder();
    const { code, stderr } = await chainrule('compile', tiny, '-o', folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error\[file\/write\]: .* is a folder/);
  });

  it('case 47: a device is written to', async () => {
    const { code, stdout } = await chainrule('compile', tiny, '-o', '/dev/null');
    expect(code).toBe(0);
    expect(stdout).toContain('wrote /dev/null');
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('train', () => {
  it("case 47: is refused before its first step where it would write over a file of the user's", async () => {
    const out = temporaryFolder();
    writeFileSync(join(out, 'report.html'), '<p>mine</p>');
    const { code, stdout, stderr } = await train(out, '--json');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('error[output/exists]');
    expect(readdirSync(out)).toEqual(['report.html']);
    expect((await train(out, '--force')).code).toBe(0);
    // From now on all of it is its own.
    expect((await train(out)).code).toBe(0);
  });

  it('case 47: stays in its folder whatever the model is called', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'model.ts');
    const source = readFileSync(new URL('../cli/models/tiny.ts', import.meta.url), 'utf8');
    const names = ['../../escaped', '/etc/passwd', '..', 'C:\\\\x', 'x'.repeat(256)];
    for (const [index, name] of names.entries()) {
      writeFileSync(file, source.replace("'tiny'", `'${name}'`));
      const out = join(folder, `out ${index}`);
      const { code, stderr } = await chainrule('train', file, '--steps', '1', '--out', out, '--json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(readdirSync(out).length).toBe(3);
    }
    expect(readdirSync(folder).sort()).toEqual(['model.ts', ...names.map((_, i) => `out ${i}`)].sort());
  });

  it('case 47: lr-range draws over its own picture only', async () => {
    const out = join(temporaryFolder(), 'range.svg');
    const words = ['lr-range', tiny, '--steps', '20', '--json', '--out', out];
    writeFileSync(out, '<svg/>');
    expect((await chainrule(...words)).stderr).toContain('error[output/exists]');
    expect((await chainrule(...words, '--force')).code).toBe(0);
    expect((await chainrule(...words)).code).toBe(0);
  });
});
