/** Errors of checkpoints. */

import { callOf, type ErrorText } from './text.ts';

/** A training with checkpoints, up to the call that throws. */
const training = (...lines: readonly string[]): string =>
  callOf(
    'tiny',
    'const data = { x: [[0, 1], [1, 0], [1, 1], [0, 0]], y: [0, 1, 1, 0] };',
    "const store = openFolder('out/run');",
    'for await (const _ of fitWithCheckpoints(createTrainer(tiny), data, { epochs: 2 }, { store }));',
    ...lines,
  ).replace(
    "import { createTrainer } from 'chainrule/runtime';",
    "import { fitWithCheckpoints, openFolder } from 'chainrule/checkpoint/node';\nimport { createTrainer } from 'chainrule/runtime';",
  );

export const checkpointErrors: readonly ErrorText[] = [
  {
    code: 'checkpoint/exists',
    means: 'A training without `resume` is to write where the checkpoints of another one are.',
    why: 'The new ones would take the place of the old ones.',
    mend: 'Resume that training (`--resume`), or name another folder.',
    example: {
      kind: 'call',
      text: training(
        '',
        '// Once more, in the same place:',
        'for await (const _ of fitWithCheckpoints(createTrainer(tiny), data, { epochs: 2 }, { store }));',
      ),
    },
  },
  {
    code: 'checkpoint/mismatch',
    means:
      'The checkpoint is of another model, other data, another seed, batch or order, or of another version of its format.',
    why: 'A resumed training has the bits of one that never stopped. With anything of this changed it cannot have them.',
    mend: 'Go on with what it was begun with. `--allow-drift` (`allowDrift`) goes on from its state all the same, with other bits; the shape of the state has to fit in any case.',
    example: {
      kind: 'call',
      text: training(
        '',
        '// Going on with another seed:',
        'const other = createTrainer(tiny, { seed: 1 });',
        'for await (const _ of fitWithCheckpoints(other, data, { epochs: 4 }, { store, resume: true }));',
      ),
    },
  },
  {
    code: 'checkpoint/corrupt',
    means:
      'A checkpoint is damaged: its checksum does not fit. If there is one before it, that one is taken, with a warning; if all are damaged, nothing is started.',
    why: 'A single turned bit in a weight would not show for a long time.',
    mend: 'Bring back a copy, or begin anew in another place. A disk that turns bits should be looked after.',
    example: {
      kind: 'call',
      text: [
        "import { decodeCheckpoint } from 'chainrule/checkpoint';",
        training('', 'const bytes = await store.read(2);', 'bytes[200] ^= 1;', 'decodeCheckpoint(bytes);'),
      ].join('\n'),
    },
  },
  {
    code: 'checkpoint/locked',
    means:
      'Another training writes its checkpoints there, in another process, tab or worker, or has taken the place over.',
    why: 'Two trainings that write to one place would go on from each other by turns.',
    mend: 'Wait for it, or choose another place. The lock of a process that is gone is taken over by itself.',
    example: {
      kind: 'told',
      message:
        'error[checkpoint/locked]: Another training writes its checkpoints to out/run: process 4711 of the host "box".\n  Wait for it, or choose another folder. If it is certain that nobody writes there, remove out/run/lock.',
    },
  },
  {
    code: 'checkpoint/write',
    means:
      'A checkpoint cannot be written: the disk is full, the folder is read-only, or a page has no storage.',
    why: 'What was there before is there still: a new file is written beside it, and renamed when it is whole.',
    mend: 'Make room, or choose another place. With `onNotice` (on the command line always) the training goes on and tries again at the next checkpoint. Pages need https or localhost, outside of private windows.',
    example: {
      kind: 'told',
      message:
        'out/run/step-0000000000000500.safetensors: error[checkpoint/write]: The checkpoint cannot be written: ENOSPC: no space left on device, write.\n  Make room on the disk; what was there before is there still.',
    },
  },
  {
    code: 'checkpoint/read',
    means: 'A checkpoint that is there cannot be read.',
    why: 'The operating system or the browser refuses it, or it was removed in between.',
    mend: 'Look at the rights of the file and after the disk.',
    example: {
      kind: 'told',
      message:
        'out/run/step-0000000000000500.safetensors: error[checkpoint/read]: The checkpoint cannot be read: EACCES: permission denied, open.\n  Choose a folder that can be written to.',
    },
  },
];
