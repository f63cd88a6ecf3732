/** Faults of checkpoints: what is not synced, not checked, not saved, or taken from somebody else. */

import { inFile, type SeededBug } from './bug.ts';

const faults = 'tests/checkpoint/faults.test.ts';
const crashes = 'tests/checkpoint/crashes.test.ts';
const fit = 'tests/checkpoint/fit.test.ts';
const format = 'tests/checkpoint/checkpoint.test.ts';
const lock = 'tests/checkpoint/lock.test.ts';

const walk = 'what was reported as written is there, or what came after it, and never anything else';
const middle = 'a training that goes on > in the middle of an epoch has the bits of one that never stopped';
const drift =
  'what is not the same training > case 44: another batch size, seed, order or data is refused, all named, unless drift is allowed';
const everyOnce = (fault: string): string => `${fault} > at every operation of a save, once`;

export const checkpoints: readonly SeededBug[] = [
  inFile('src/checkpoint/durable-write.ts', crashes)(walk, {
    id: 'checkpoint-not-synced',
    what: 'the bytes of a checkpoint are not synced before it gets its name',
    find: '    files.sync(file);\n',
    replace: '',
  }),
  inFile('src/checkpoint/durable-write.ts', crashes)(walk, {
    id: 'checkpoint-name-not-synced',
    what: 'the name of a checkpoint is not made safe before the one before it goes',
    find: '  files.syncFolder(dirname(path));\n',
    replace: '',
  }),
  inFile('src/checkpoint/durable-write.ts', faults)(everyOnce('short write'), {
    id: 'checkpoint-short-write',
    what: 'a write that takes a part of the bytes is taken for a whole one',
    find: 'written < bytes.length; )',
    replace: 'written === 0; )',
  }),
  inFile('src/checkpoint/durable-write.ts', faults)(everyOnce('EIO'), {
    id: 'checkpoint-temporary-left',
    what: 'what could not be written whole is left behind',
    find: '    discard(files, temporary);\n',
    replace: '',
  }),
  inFile('src/checkpoint/folder.ts', faults)(everyOnce('ENOSPC'), {
    id: 'checkpoint-old-dropped-first',
    what: 'older checkpoints are dropped before the new one is written',
    find: '    async write(step: number, bytes: Uint8Array) {\n',
    replace:
      '    async write(step: number, bytes: Uint8Array) {\n      for (const old of stepsAmong(files.list(folder))) discard(files, pathOf(old));\n',
  }),
  inFile('src/checkpoint/lock.ts', lock)(
    'case 42: the lock of a folder > whose number another process has now is taken over',
    {
      id: 'lock-of-another-process',
      what: 'a lock is never stale',
      find: 'holder !== undefined && processes.isAlive(holder) === false',
      replace: 'holder !== undefined && processes.isAlive(holder) === undefined',
    },
  ),
  inFile('src/checkpoint/lock.ts', lock)(
    'case 42: the lock of a folder > of another host is left alone, and its file named',
    {
      id: 'lock-of-another-host',
      what: 'the lock of a process on another host is taken for stale',
      find: 'processes.isAlive(holder) === false',
      replace: 'processes.isAlive(holder) !== true',
    },
  ),
  inFile('src/checkpoint/lock.ts', lock)(
    'case 42: the lock of a folder > that two find stale goes to one of them, whatever the order of what they do',
    {
      id: 'lock-stolen',
      what: 'a fresh lock is removed by whoever found the stale one before it',
      find: 'if (contentOf(files, aside) !== stale) {',
      replace: 'if (contentOf(files, aside) === undefined) {',
    },
  ),
  inFile('src/checkpoint/process-identity.ts', lock)(
    'processes of this machine > that have the number of an earlier one are not that one',
    {
      id: 'lock-number-used-again',
      what: 'a process with the number of an earlier one is taken for it',
      find: "return started === '' || now === '' || now === started;",
      replace: 'return true;',
    },
  ),
  inFile('src/runtime/checkpoint/checkpoint.ts', format)(
    'damage of every kind is noticed > every byte with each of its bits turned, and with all',
    {
      id: 'checkpoint-checksum-of-header',
      what: 'the checksum covers the header alone',
      find: 'hash128(bytes.subarray(coveredFrom), headerLength ^ ofVersion)',
      replace: 'hash128(bytes.subarray(coveredFrom, 8 + headerLength), headerLength ^ ofVersion)',
    },
  ),
  inFile('src/runtime/checkpoint/store.ts', fit)(
    'case 39: a damaged checkpoint > and no other one: truncated, nothing is loaded and nothing begins anew',
    {
      id: 'checkpoint-silent-restart',
      what: 'a training whose checkpoints are all damaged begins anew',
      find: 'if (newest === undefined) return undefined;',
      replace: 'if (newest !== undefined || damaged.length === 0) return undefined;',
    },
  ),
  inFile('src/runtime/checkpoint/fit.ts', fit)(middle, {
    id: 'checkpoint-steps-anew',
    what: 'a resumed training makes all its steps once more',
    find: 'steps: Math.max(0, until - step), skipped',
    replace: 'steps: until, skipped',
  }),
  inFile('src/runtime/checkpoint/fit.ts', fit)(
    'a training that goes on > counts the steps that were skipped before',
    {
      id: 'checkpoint-skips-forgotten',
      what: 'the steps that were skipped are not counted across checkpoints',
      find: 'steps: Math.max(0, until - step), skipped };',
      replace: 'steps: Math.max(0, until - step) };',
    },
  ),
  inFile('src/runtime/checkpoint/fit.ts', fit)(
    'a training that goes on > keeps what it has when a step fails',
    {
      id: 'checkpoint-of-failure',
      what: 'a training that fails writes a checkpoint of its failure',
      find: 'if (!failed) await write();',
      replace: 'await write();',
    },
  ),
  inFile('src/runtime/checkpoint/course.ts', fit)(drift, {
    id: 'checkpoint-seed-unchecked',
    what: 'a training goes on with other random numbers',
    find: "for (const name of ['seed', 'batch',",
    replace: "for (const name of ['batch',",
  }),
  inFile('src/runtime/checkpoint/course.ts', fit)(drift, {
    id: 'checkpoint-data-unchecked',
    what: 'a training goes on with other data',
    find: "else if (checkpoint.data !== course.data) drifts.push('the data are others');",
    replace: '',
  }),
  inFile('src/runtime/checkpoint/course.ts', fit)(
    'what is not the same training > case 38: the same state computed with otherwise, such as by another optimizer, is refused',
    {
      id: 'checkpoint-model-unchecked',
      what: 'a training goes on with another model of the same state',
      find: 'if (checkpoint.fingerprint !== course.fingerprint)',
      replace: 'if (checkpoint.fingerprint.length < course.fingerprint.length)',
    },
  ),
  inFile('src/cli/output-file.ts', 'tests/cli/output-file.test.ts')(
    "a file of the user's is refused before the work and at the end of it",
    {
      id: 'output-over-users-file',
      what: 'whatever is there is written over',
      find: "if (!attempt(path, 'looked at', () => isOurs(path)))",
      replace: "if (!attempt(path, 'looked at', () => isOurs(path) || path !== ''))",
    },
  ),
  inFile('src/cli/output-file.ts', 'tests/cli/output-file.test.ts')(
    'a link is refused, and when it is forced, it is the link that is replaced',
    {
      id: 'output-follows-link',
      what: 'a link is followed',
      find: 'if (link.isSymbolicLink()) throw',
      replace: 'if (link.isBlockDevice()) throw',
    },
  ),
];
