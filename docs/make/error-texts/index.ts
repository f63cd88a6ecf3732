/** What is said of every error, in the groups of the page. */

import { checkpointErrors } from './checkpoints.ts';
import { commandErrors } from './commands.ts';
import { dataErrors } from './data.ts';
import { formatErrors } from './formats.ts';
import { loadingErrors } from './loading.ts';
import { modelErrors } from './models.ts';
import { shapeErrors } from './shapes.ts';
import type { ErrorText } from './text.ts';
import { trainingErrors } from './training.ts';

export interface ErrorGroup {
  readonly title: string;
  readonly about: string;
  readonly errors: readonly ErrorText[];
}

export const errorGroups: readonly ErrorGroup[] = [
  {
    title: 'Shapes and kinds',
    about: 'Found when the model is compiled; most of them are errors in the editor before.',
    errors: shapeErrors,
  },
  { title: 'What a model declares', about: 'Found when the model is compiled.', errors: modelErrors },
  {
    title: 'Model files and the compiler',
    about: 'Found when a model is loaded or compiled.',
    errors: loadingErrors,
  },
  {
    title: 'Data',
    about: 'Found before anything is computed; nothing was changed by the call.',
    errors: dataErrors,
  },
  {
    title: 'Files of other programs',
    about: 'Found when they are read or written; nothing is made of half of them.',
    errors: formatErrors,
  },
  { title: 'Training, weights, workers', about: 'Found at a call, or in a step.', errors: trainingErrors },
  {
    title: 'Checkpoints',
    about: 'Found before the first step, or when one is written.',
    errors: checkpointErrors,
  },
  {
    title: 'The command line',
    about: 'Told on stderr, with an exit code that is not 0.',
    errors: commandErrors,
  },
];
