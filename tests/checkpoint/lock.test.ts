/** One writer for a folder: whoever is second is told, a lock of somebody who is gone is taken over, and nobody else's is. */

import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFolder } from '../../src/checkpoint/folder.ts';
import { takeLock } from '../../src/checkpoint/lock.ts';
import { type ProcessTable, systemProcesses } from '../../src/checkpoint/process-identity.ts';
import { inputError } from '../runtime/failing.ts';
import { memoryDisk } from './memory-disk.ts';
import { machineOf } from './support.ts';

/** Processes by number: those in `alive` run. */
const processesOf = (pid: number, alive: ReadonlySet<number>): ProcessTable => ({
  self: { host: 'here', pid, started: `start of ${pid}` },
  isAlive: ({ host, pid: other, started }) =>
    host === 'here' ? alive.has(other) && started === `start of ${other}` : 'unknown',
});

const lockText = (holder: object): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({ host: 'here', pid: 2, started: 'start of 2', owner: 'x', ...holder }),
  );

describe('case 42: the lock of a folder', () => {
  it('keeps a second writer out, of this process or another, and lets it in when the first is done', async () => {
    const { files } = memoryDisk();
    const first = openFolder('/ck', machineOf(files, processesOf(1, new Set([1, 2]))));
    for (const pid of [1, 2]) {
      const error = inputError(() => openFolder('/ck', machineOf(files, processesOf(pid, new Set([1, 2])))));
      expect(error.code).toBe('checkpoint/locked');
      expect(error.message).toContain('process 1 of the host "here"');
    }
    await first.close();
    await openFolder('/ck', machineOf(files, processesOf(2, new Set([1, 2])))).close();
    expect(files.list('/ck')).toEqual([]);
  });

  it.each([
    ['whose process is gone', {}, new Set([1])],
    ['whose number another process has now', { started: 'start of an earlier 2' }, new Set([1, 2])],
  ])('%s is taken over', async (_, holder, alive) => {
    const disk = memoryDisk();
    disk.put('/ck/lock', lockText(holder));
    await openFolder('/ck', machineOf(disk.files, processesOf(1, alive))).close();
    expect(disk.names()).toEqual([]);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['of a process that runs', lockText({}), /process 2 of the host "here"/],
    ['of another host', lockText({ host: 'there' }), /process 2 of the host "there"/],
    ['that is empty', new Uint8Array(), /somebody unknown/],
    ['that is not ours', new TextEncoder().encode('{"pid":"2"}'), /somebody unknown/],
    ['with a number of no process', lockText({ pid: -1 }), /somebody unknown/],
  ])('%s is left alone, and its file named', (_, text, who) => {
    const disk = memoryDisk();
    disk.put('/ck/lock', text);
    const error = inputError(() => openFolder('/ck', machineOf(disk.files, processesOf(1, new Set([1, 2])))));
    expect(error.message).toMatch(who);
    expect(error.help).toContain('/ck/lock');
    expect(disk.files.read('/ck/lock')).toEqual(text);
  });

  it('that two find stale goes to one of them, whatever the order of what they do', () => {
    const alive = new Set([1, 3]);
    // The second comes at every operation of the first.
    for (let at = 0; at < 14; at++) {
      const locks: (() => void)[] = [];
      let isOurTurn = true;
      const disk = memoryDisk((_, index) => {
        if (isOurTurn && index === at) {
          isOurTurn = false;
          try {
            const second = takeLock(disk.files, processesOf(3, alive), '/ck', randomUUID());
            locks.push(second.check);
          } catch {}
        }
        return undefined;
      });
      disk.put('/ck/lock', lockText({}));
      try {
        locks.push(takeLock(disk.files, processesOf(1, alive), '/ck', randomUUID()).check);
      } catch {}
      const holding = locks.filter((check) => {
        try {
          check();
          return true;
        } catch {
          return false;
        }
      });
      // Whoever had it first keeps it, and nobody else has it.
      expect(holding, `at operation ${at}`).toEqual([locks[0]]);
    }
  });

  it('that somebody has taken away stops the writer before it writes', async () => {
    const disk = memoryDisk();
    const store = openFolder('/ck', machineOf(disk.files));
    disk.put('/ck/lock', lockText({ pid: 5 }));
    await expect(store.write(1, new Uint8Array(1))).rejects.toMatchObject({ code: 'checkpoint/locked' });
    expect(disk.names()).toEqual(['/ck/lock']);
    await store.close();
    expect(disk.names()).toEqual(['/ck/lock']);
  });

  it('is made anew where what was being written is left over, and leaves other files alone', async () => {
    const disk = memoryDisk();
    disk.put(`/ck/step-0000000000000010.safetensors.${randomUUID()}.tmp`, new Uint8Array(3));
    disk.put('/ck/notes.tmp', new Uint8Array(3));
    await openFolder('/ck', machineOf(disk.files)).close();
    expect(disk.names()).toEqual(['/ck/notes.tmp']);
  });
});

describe('processes of this machine', () => {
  const { self, isAlive } = systemProcesses();

  it('are told apart by number and start', () => {
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ ...self, host: `not ${hostname()}` })).toBe('unknown');
    const { pid } = spawnSync(process.execPath, ['--version']);
    expect(isAlive({ ...self, pid })).toBe(false);
  });

  it.runIf(process.platform === 'linux')('that have the number of an earlier one are not that one', () => {
    expect(self.started).toMatch(/^[0-9a-f-]{36} \d+$/);
    expect(isAlive({ ...self, started: `${self.started}0` })).toBe(false);
    // Another boot of the machine.
    expect(isAlive({ ...self, started: self.started.replace(/^./, 'x') })).toBe(false);
  });
});

describe('a folder of this machine', () => {
  it('is made with those above it, written to and left without a trace', async () => {
    const root = mkdtempSync(join(tmpdir(), 'chainrule-lock-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    const folder = join(root, 'a', 'b ü');
    const store = openFolder(folder);
    await store.write(1, Uint8Array.of(1, 2, 3));
    await store.write(2, Uint8Array.of(4));
    await store.write(3, Uint8Array.of(5));
    expect(() => openFolder(folder)).toThrow(`process ${process.pid}`);
    await store.setAside(3);
    expect(await store.steps()).toEqual([2]);
    await store.close();
    expect(readdirSync(folder).sort()).toEqual([
      'step-0000000000000002.safetensors',
      'step-0000000000000003.safetensors.damaged',
    ]);
    expect([...readFileSync(join(folder, 'step-0000000000000002.safetensors'))]).toEqual([4]);
  });

  it('that cannot be one is named', () => {
    const root = mkdtempSync(join(tmpdir(), 'chainrule-lock-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    writeFileSync(join(root, 'file'), '');
    const error = inputError(() => openFolder(join(root, 'file')));
    expect(error).toMatchObject({ code: 'checkpoint/write', at: join(root, 'file') });
    mkdirSync(join(root, 'lock', 'lock'), { recursive: true });
    expect(inputError(() => openFolder(join(root, 'lock'))).code).toBe('checkpoint/write');
  });
});
