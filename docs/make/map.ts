/** The first page: what to read for which purpose. */

import { blocks, link, type Page, page, section, table } from './markdown.ts';
import { read } from './sources.ts';

interface Entry {
  readonly page: string;
  readonly title: string;
  readonly about: string;
}

const ways: readonly {
  readonly title: string;
  readonly about: string;
  readonly entries: readonly Entry[];
}[] = [
  {
    title: 'To learn how training works',
    about: 'From one unit to batch normalization, with every derivative worked out by the compiler.',
    entries: [
      {
        page: 'tutorial/README.md',
        title: 'Tutorial',
        about:
          'ten chapters: what is computed, why its gradient is what it is, the code, questions with commands',
      },
      {
        page: '../examples/03-neural-network/derivation.md',
        title: 'A whole derivation',
        about: 'all gradients of a network, rule by rule',
      },
      {
        page: 'seed-results.md',
        title: 'Results',
        about: 'what each example reaches on MNIST, beside what the text reports that they come from',
      },
    ],
  },
  {
    title: 'To train a model in a page or in Node',
    about: 'What you write, what you get, and what can go wrong.',
    entries: [
      {
        page: '../README.md',
        title: 'README',
        about: 'a model, its trainer, workers, threads, checkpoints, the command line',
      },
      {
        page: 'api/README.md',
        title: 'Public interface',
        about: 'every export of every entry, with its signature',
      },
      { page: 'errors.md', title: 'Errors', about: 'every code: what it means, why, what to do, an example' },
      {
        page: '../examples/page',
        title: 'A page',
        about: 'a page built by Vite, with models as imports, that trains in a worker',
      },
      { page: '../SECURITY.md', title: 'Security', about: 'what is trusted, and what is not' },
    ],
  },
  {
    title: 'To see what a compiler made of a model',
    about:
      'Each stage can be printed for a model of yours as well: `npx chainrule inspect MODEL.ts` shows all of them on one page.',
    entries: [
      {
        page: 'passes.md',
        title: 'Passes',
        about: 'one model through the whole pipeline, with what changed at each pass',
      },
      { page: 'ops.md', title: 'Ops', about: 'the language of the graph: types, notation, gradients, loops' },
      { page: 'equations.md', title: 'Equations', about: 'all rewriting, and when it is equal in every bit' },
      { page: '../ARCHITECTURE.md', title: 'Architecture', about: 'the parts, and who may import whom' },
    ],
  },
  {
    title: 'To judge it',
    about: 'Measured, not claimed.',
    entries: [
      { page: 'quality.md', title: 'Quality', about: 'what the last full run of all tests counted' },
      {
        page: 'benchmarks.md',
        title: 'Benchmarks',
        about: 'steps per second beside seven other libraries, goals met and missed',
      },
    ],
  },
  {
    title: 'To change it',
    about: 'A new op, equation, pass or target is a file or a line.',
    entries: [
      {
        page: '../CONTRIBUTING.md',
        title: 'Contributing',
        about: 'how to set up, test and propose a change',
      },
      { page: '../CHANGELOG.md', title: 'Changelog', about: 'what has changed' },
    ],
  },
];

export function mapPage(): Page {
  return page(
    'docs/README.md',
    'Documentation',
    firstLine(),
    ...ways.map(({ title, about, entries }) =>
      section(
        2,
        title,
        about,
        table(
          ['page', 'what is in it'],
          entries.map((entry) => [link(entry.title, entry.page), entry.about]),
        ),
      ),
    ),
    section(2, 'How these pages are made', made),
  );
}

const made = blocks(
  'The tutorial, ops, passes, equations, errors and the public interface are written from the sources by `npm run docs` ([`docs/make`](make)): what is mathematics, code or a message on them was computed when they were made. A test holds the pages to the sources, so that a change of the compiler that changes a page shows it. Benchmarks, results and quality are written from measurements by commands of their own, which they name.',
);

/** What the project says of itself, from the top of its README. */
function firstLine(): string {
  const [, text = ''] = /\n\*\*.*?\*\* ([\s\S]*?)\n\n/.exec(read('README.md')) ?? [];
  return text;
}
