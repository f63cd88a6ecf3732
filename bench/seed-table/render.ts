/** The results as Markdown: one document of all chapters, and a table for the README of each. */

import { type Result, type Results, settings } from './results.ts';
import type { Row } from './rows.ts';

const head = [
  '| system | the seed, on training data | training accuracy | loss | test accuracy | loss | steps | seconds |',
  '|---|---|---|---|---|---|---|---|',
];

/** The table of some rows; rows that were never run say so. */
export const tableOf = (rows: readonly Row[], results: Results): string =>
  [...head, ...rows.map((row) => lineOf(row, results[row.key]))].join('\n');

function lineOf({ system, seed }: Row, result: Result | undefined): string {
  const ours = (cells: readonly string[]): string => `| ${[system, seed, ...cells].join(' | ')} |`;
  const nothing = (why: string): string => ours([why, '', '', '', '', '']);
  if (result === undefined) return nothing('not run yet');
  if ('failed' in result) return nothing(`failed: ${cell(result.failed)}`);
  const { steps, seconds, train, test } = result;
  const tested = test ? [percent(test.accuracy), digits(test.loss)] : ['', ''];
  return ours([
    percent(train.accuracy),
    digits(train.loss),
    ...tested,
    grouped(steps),
    seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0),
  ]);
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const digits = (loss: number): string => loss.toPrecision(4);
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

export function documentOf(rows: readonly Row[], results: Results): string {
  const chapters = [...new Set(rows.map(({ chapter }) => chapter))];
  const tables = chapters.map((chapter) => {
    const own = rows.filter((row) => row.chapter === chapter);
    return `## [${chapter}](../examples/${chapter})\n\n${tableOf(own, results)}`;
  });
  return `# What the seed reports, and what was measured here

Written by \`npm run seed-table\`; change the command or the examples, not this file.

${settingsOf(results)}

${tables.join('\n\n')}
`;
}

function settingsOf(results: Results): string {
  const runs = new Map<string, number>();
  for (const { run } of Object.values(results)) {
    const text = `${run.date}, ${run.machine}, Node ${run.node}, data \`${run.data}\``;
    runs.set(text, (runs.get(text) ?? 0) + 1);
  }
  const measured = [...runs].map(([text, count]) => `- ${text}: ${count} ${count === 1 ? 'row' : 'rows'}`);
  return `- Models and hyperparameters as in \`examples/\`, weights and order drawn from seed ${settings.seed}, ${settings.dtype}, one thread.
- Networks: pixels / 255, batches of 6,000 in a new random order every epoch; the network of chapter 3 takes all images at
  once. Chapters 1 and 2 train on their own data, full batch, for as many epochs as their models say.
- Accuracy and loss are those of the trained model on all training and all test samples; the loss has its penalty where the
  model adds one. Seconds are those of the training steps alone, as they passed: a machine that does other work as well
  takes longer.
- The seed trains for 1,000 epochs, mostly on Fashion-MNIST: its figures say what it reports and are no target for these.

Measured on:

${measured.length > 0 ? measured.join('\n') : '- nothing yet'}`;
}

const marks = { start: '<!-- seed-table:start -->', end: '<!-- seed-table:end -->' } as const;

/** `text` with `table` between its marks. Throws when it has none. */
export function injected(text: string, table: string): string {
  const from = text.indexOf(marks.start);
  const to = text.indexOf(marks.end);
  if (from < 0 || to < from) throw new Error(`there is no ${marks.start} ... ${marks.end}`);
  return `${text.slice(0, from + marks.start.length)}\n\n${table}\n\n${text.slice(to)}`;
}
