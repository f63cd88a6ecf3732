/** Errors of the command line itself. */

import type { ErrorText } from './text.ts';

export const commandErrors: readonly ErrorText[] = [
  {
    code: 'usage',
    means:
      'The command is not written as it has to be: a command, an option or a value that does not exist. Exit code 2.',
    why: 'What is not understood is not guessed.',
    mend: '`npx chainrule COMMAND --help` lists the options of a command.',
    example: { kind: 'command', words: 'train model.ts --epoch 3' },
  },
  {
    code: 'output/exists',
    means: 'A file that chainrule has not written stands where it is to write.',
    why: 'It might be yours: a model, or a report with notes in it. Files that chainrule writes have a mark, and are written over.',
    mend: 'Name another place, or write `--force`.',
    example: {
      kind: 'command',
      words: 'compile model.ts -o notes.ts',
      files: { 'notes.ts': '// mine\n' },
    },
  },
  {
    code: 'file/write',
    means: 'A file or a folder cannot be written.',
    why: 'The operating system refuses, or the path is a folder.',
    mend: 'Choose another place.',
    example: { kind: 'command', words: 'compile model.ts -o out', files: { 'out/note.txt': '' } },
  },
  {
    code: 'package/incomplete',
    means: 'A file that belongs to the package is not there.',
    why: 'The inspector is built with the package; a clone that has not been built does not have it yet.',
    mend: 'Install chainrule again; in a clone, `npm run build`.',
    example: {
      kind: 'told',
      message:
        'error[package/incomplete]: dist/inspector/inspector.js cannot be read: ENOENT: no such file or directory.\n  Install chainrule again; in a clone, write npm run build.',
    },
  },
  {
    code: 'interrupted',
    means: 'Ctrl-C came before there was a result. Exit code 130.',
    why: 'There is nothing to show yet.',
    mend: 'Let it run, or ask for fewer steps.',
    example: {
      kind: 'told',
      message: 'error[interrupted]: the sweep was interrupted before there was anything to draw.',
    },
  },
  {
    code: 'internal',
    means: 'Something was thrown that is no error of the model, the data or the command.',
    why: 'This is a fault of chainrule.',
    mend: 'Report it with the model, the command and the lines that follow the message.',
    example: {
      kind: 'told',
      message:
        'error[internal]: TypeError: Cannot read properties of undefined\n  This is a fault of chainrule: please report it with the model, the command and these lines.',
    },
  },
  {
    code: 'setup',
    means: 'The packages that chainrule needs are not installed.',
    why: 'A clone was not set up.',
    mend: '`npm ci`, or `npm start`, which does it by itself.',
    example: { kind: 'told', message: 'error[setup]: the packages are not installed.\n  Run: npm ci' },
  },
  {
    code: 'node',
    means: 'The version of Node.js is too old. Exit code 2.',
    why: 'The sources use what Node.js 20.11 brought.',
    mend: 'Install Node.js 20.11 or newer.',
    example: {
      kind: 'told',
      message: 'error[node]: chainrule needs Node.js 20.11 or newer, this is 18.20.4.',
    },
  },
];
