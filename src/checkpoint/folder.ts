/** Checkpoints in a folder of a disk: a file for each generation, written durably, by one writer at a time. */

import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileOf, stepsAmong } from '../runtime/checkpoint/file-names.ts';
import { type CheckpointStore, superfluous } from '../runtime/checkpoint/store.ts';
import { InputError, type InputErrorCode } from '../runtime/errors.ts';
import { isTemporary, writeDurably } from './durable-write.ts';
import { codeOf, discard, type FilePort, nodeFiles } from './file-port.ts';
import { type Lock, takeLock } from './lock.ts';
import { type ProcessTable, systemProcesses } from './process-identity.ts';

/** What a test can put in the place of the machine. */
export interface Machine {
  readonly files: FilePort;
  readonly processes: ProcessTable;
  /** A word that no other opening of a folder has. */
  readonly owner: string;
}

const thisMachine = (): Machine => ({
  files: nodeFiles,
  processes: systemProcesses(),
  owner: randomUUID(),
});

/** Runs an operation; what the file system refuses becomes an error with the place and the reason. */
function guarded<T>(code: InputErrorCode, what: string, at: string, run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    // Whatever is not of the file system is a fault of ours, and to be seen as such.
    if (!(thrown instanceof Error) || codeOf(thrown) === '' || thrown instanceof InputError) throw thrown;
    throw new InputError({ code, message: `${what}: ${thrown.message}.`, help: helpFor(codeOf(thrown)), at });
  }
}

function helpFor(code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'Make room on the disk; what was there before is there still.';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return 'Choose a folder that can be written to.';
  return 'Look after the disk, or choose another folder; what was there before is there still.';
}

/**
 * Opens a folder for the checkpoints of one training, and makes it if it is missing. Throws `checkpoint/locked` if another
 * training has it open, in this process or in another one, and `checkpoint/write` if it cannot be made or written to.
 */
export function openFolder(folder: string, machine: Machine = thisMachine()): CheckpointStore {
  const { files, processes, owner } = machine;
  const lock = guarded(
    'checkpoint/write',
    `The folder ${folder} cannot be used for checkpoints`,
    folder,
    () => {
      files.makeFolder(folder);
      const taken = takeLock(files, processes, folder, owner);
      clean(files, folder, taken);
      return taken;
    },
  );
  return { ...reading(folder, files), ...writing(folder, files, lock) };
}

/** The checkpoints of a folder, to be read alone: nobody is kept from writing, and what is there is not changed. */
export const lookIntoFolder = (folder: string, files: FilePort = nodeFiles): Reading =>
  reading(folder, files);

export type Reading = Pick<CheckpointStore, 'place' | 'nameOf' | 'steps' | 'read'>;

function reading(folder: string, files: FilePort): Reading {
  const pathOf = (step: number): string => join(folder, fileOf(step));
  return {
    place: folder,
    nameOf: pathOf,
    steps: async () =>
      guarded('checkpoint/read', `The folder ${folder} cannot be read`, folder, () =>
        stepsAmong(files.list(folder)),
      ),
    read: async (step) =>
      guarded('checkpoint/read', 'The checkpoint cannot be read', pathOf(step), () =>
        files.read(pathOf(step)),
      ),
  };
}

function writing(folder: string, files: FilePort, lock: Lock) {
  const pathOf = (step: number): string => join(folder, fileOf(step));
  return {
    async write(step: number, bytes: Uint8Array) {
      guarded('checkpoint/write', 'The checkpoint cannot be written', pathOf(step), () =>
        writeDurably(files, pathOf(step), bytes, lock.owner, lock.check),
      );
      // Only now, when the new one is certain to stay.
      dropOld(files, folder);
    },
    async setAside(step: number) {
      guarded('checkpoint/write', 'The damaged checkpoint cannot be renamed', pathOf(step), () => {
        lock.check();
        files.rename(pathOf(step), `${pathOf(step)}.damaged`);
        files.syncFolder(folder);
      });
    },
    close: async () => lock.release(),
  };
}

/** What cannot be dropped now is when the next one is written: it is in nobody's way. */
function dropOld(files: FilePort, folder: string): void {
  try {
    for (const old of superfluous(stepsAmong(files.list(folder)))) discard(files, join(folder, fileOf(old)));
  } catch {}
}

/** Removes what a writer that was killed has left, which is certain as soon as the lock is ours. */
function clean(files: FilePort, folder: string, lock: Lock): void {
  for (const name of files.list(folder))
    if (isTemporary(name) && !name.includes(lock.owner)) discard(files, join(folder, name));
  // What a writer has left without making it safe is gone on from, and the folder itself may be new.
  files.syncFolder(folder);
  files.syncFolder(dirname(folder));
}
