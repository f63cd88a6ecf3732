/** Keeps a process on so many cores, where the system has the means. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const canPin = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0;

/** Numbers of the cores that this process may use: in a container not all, and not always from 0. */
const cores: readonly number[] = coresOf(process.platform === 'linux' ? allowed() : undefined);

export const coreCount = cores.length;

/** How one thread is kept on one core. */
export const pinning = canPin ? 'taskset' : 'none';

/** What a command is to begin with. One thread means one core, with all that an engine or library does beside it. */
export const pinnedTo = (threads: number): readonly string[] =>
  canPin ? ['taskset', '-c', cores.slice(0, threads).join(',')] : [];

/** As Linux writes it: `0-3,8`. */
function allowed(): string | undefined {
  try {
    return /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

function coresOf(list: string | undefined): readonly number[] {
  if (list === undefined) return cpus().map((_, i) => i);
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
