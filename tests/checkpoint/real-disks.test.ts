/** Disks of this machine that are really full, really limited and really read-only: the last checkpoint stays, and the exit code is not 0. */

import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeCheckpoint } from '../../src/runtime/checkpoint/checkpoint.ts';
import {
  bin,
  chainrule,
  environment,
  type Finished,
  finished,
  repository,
  temporaryFolder,
} from '../cli/run.ts';

const model = 'tests/checkpoint/models/restless.ts';
const wide = 'tests/checkpoint/models/slow.ts';

/** The command line in a shell that sets a limit before it. */
const limited = (limit: string, ...words: readonly string[]): Promise<Finished> =>
  finished(
    spawn('bash', ['-c', `${limit}; exec "$0" "$@"`, process.execPath, bin, ...words], {
      cwd: repository,
      env: environment,
    }),
  );

const trained = (folder: string, steps: number, of = model): readonly string[] => [
  'train',
  of,
  '--checkpoint',
  folder,
  '--resume',
  '--steps',
  String(steps),
  '--json',
];

/** The steps of what is in a folder, all of it whole, and nothing else. */
function stepsIn(folder: string): readonly number[] {
  const names = readdirSync(folder).sort();
  expect(names.filter((name) => !/^step-\d{16}\.safetensors$/.test(name))).toEqual([]);
  return names.map((name) => decodeCheckpoint(readFileSync(join(folder, name))).step);
}

describe('case 41: on this machine', () => {
  it('a file that may not grow as large as a checkpoint is written in part, and leaves nothing behind', async () => {
    const folder = join(temporaryFolder(), 'ck');
    expect((await chainrule(...trained(folder, 6))).code).toBe(0);
    // In units of 1,024 bytes: the checkpoint has some more.
    const { code, stderr } = await limited('ulimit -f 1', ...trained(folder, 12));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error\[checkpoint\/write\]: The checkpoint cannot be written: (EFBIG|only \d+ of)/,
    );
    expect(stepsIn(folder)).toEqual([6]);
    expect((await chainrule(...trained(folder, 12))).code).toBe(0);
    // One at the end of the epoch of 7 steps, and one at the end.
    expect(stepsIn(folder)).toEqual([7, 12]);
  });

  it('a disk that is full ends a command with an error', async () => {
    const { code, stderr } = await chainrule('compile', model, '-o', '/dev/full');
    expect(code).toBe(1);
    expect(stderr).toMatch(/error\[file\/write\]: \/dev\/full cannot be written: ENOSPC/);
  });

  /** A disk of 1 MB, or undefined: making one needs rights that not every machine gives. */
  function smallDisk(): string | undefined {
    const folder = temporaryFolder();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      return undefined;
    }
    onTestFinished(() => void execFileSync('umount', [folder]));
    return folder;
  }

  it('a disk of 1 MB keeps the checkpoint that it has room for', async ({ skip }) => {
    const small = smallDisk();
    if (small === undefined) return skip('no disk can be mounted');
    const folder = join(small, 'ck');
    // 18 MB of weights: the first checkpoint already does not fit.
    const full = await chainrule(...trained(folder, 1, wide));
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(/error\[checkpoint\/write\]: .*ENOSPC.*\n {2}Make room on the disk/);
    expect(stepsIn(folder)).toEqual([]);
    const other = join(small, 'other');
    expect((await chainrule(...trained(other, 6))).code).toBe(0);
    expect(stepsIn(other)).toEqual([6]);
  });

  it.runIf(process.getuid?.() !== 0)(
    'a folder that may not be written to is refused before the first step',
    async () => {
      const folder = temporaryFolder();
      chmodSync(folder, 0o555);
      onTestFinished(() => chmodSync(folder, 0o755));
      const { code, stdout, stderr } = await chainrule(...trained(join(folder, 'ck'), 6));
      expect(code).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toContain('error[checkpoint/write]');
    },
  );

  it('a place that no folder can be made in is refused before the first step', async () => {
    const { code, stdout, stderr } = await chainrule(...trained('/dev/null/ck', 6));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('error[checkpoint/write]');
    expect(existsSync('/dev/null/ck')).toBe(false);
  });
});
