/** Who this process is, told apart from one that has its number later, or had it before the machine was started again. */

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When the machine and the process were started, as the system numbers it; empty where it does not tell. */
  readonly started: string;
}

export interface ProcessTable {
  readonly self: ProcessIdentity;
  /** Whether a process of this host runs: 'unknown' for one of another host. */
  isAlive(identity: ProcessIdentity): boolean | 'unknown';
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/**
 * On Linux: the id of the boot, and the start of the process in clock ticks since (field 22 of /proc/PID/stat; the second
 * field is the name of the program, in parentheses, and may hold anything).
 */
function startOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields[19];
  return ticks === undefined ? '' : `${textOf('/proc/sys/kernel/random/boot_id').trim()} ${ticks}`;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One of another user cannot be sent signals, and runs all the same.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export function systemProcesses(): ProcessTable {
  const self = { host: hostname(), pid: process.pid, started: startOf(process.pid) };
  return {
    self,
    isAlive({ host, pid, started }) {
      if (host !== self.host) return 'unknown';
      if (!exists(pid)) return false;
      const now = startOf(pid);
      // Numbers of processes are given again: another start is another process.
      return started === '' || now === '' || now === started;
    },
  };
}
