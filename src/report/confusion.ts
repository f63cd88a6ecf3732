/** Which classes are taken for which: counts, and the table that shows them. */

import type { Classified } from './evaluation.ts';
import { html, type Markup, shortened } from './html.ts';
import { grouped, percent } from './numbers.ts';

/** Rows are the true classes, columns the predicted ones. */
export type Confusion = readonly (readonly number[])[];

export function confusionOf({ names, truth, predicted }: Classified): Confusion {
  const counts = names.map(() => names.map(() => 0));
  Array.from(truth).forEach((label, i) => {
    const row = counts[label];
    const column = predicted[i] ?? 0;
    if (row?.[column] !== undefined) row[column] += 1;
  });
  return counts;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);

/** A matrix of more classes than this is no longer read, and their pairs are listed. */
const mostClasses = 30;
const mostPairs = 24;

export function confusionTable(evaluation: Classified): Markup {
  const counts = confusionOf(evaluation);
  return evaluation.names.length <= mostClasses
    ? matrix(evaluation.names, counts)
    : pairs(evaluation.names, counts);
}

function matrix(names: readonly string[], counts: Confusion): Markup {
  const cells = (row: readonly number[], truth: number): Markup[] => {
    const total = sumOf(row);
    return row.map((count, column) => {
      const share = total === 0 ? 0 : count / total;
      const kind = column === truth ? 'right' : 'wrong';
      const level = count === 0 ? 0 : Math.max(1, Math.round(share * 10));
      if (count === 0) return html`<td class="none">0</td>`;
      return html`<td class="${kind}-${level}">${grouped(count)}<small>${percent(share)}</small></td>`;
    });
  };
  return html`<p class="note">Rows: the true class. Columns: the predicted class. Percentages are of the row.</p>
<div class="wide"><table class="confusion">
<thead><tr><td></td>${names.map(heading)}<th scope="col">all</th></tr></thead>
<tbody>${counts.map(
    (row, truth) =>
      html`<tr>${rowHeading(names[truth] ?? '')}${cells(row, truth)}<td class="sum">${grouped(sumOf(row))}</td></tr>`,
  )}</tbody>
</table></div>`;
}

const heading = (name: string): Markup => html`<th scope="col" title="${name}">${shortened(name, 16)}</th>`;
const rowHeading = (name: string): Markup =>
  html`<th scope="row" title="${name}">${shortened(name, 24)}</th>`;

function pairs(names: readonly string[], counts: Confusion): Markup {
  const wrong = counts
    .flatMap((row, truth) =>
      row.map((count, predicted) => ({ truth, predicted, count, share: count / Math.max(1, sumOf(row)) })),
    )
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count);
  const rows = wrong.slice(0, mostPairs).map(
    ({ truth, predicted, count, share }) =>
      html`<tr><td>${shortened(names[truth] ?? '', 40)}</td><td>${shortened(names[predicted] ?? '', 40)}</td>
<td class="number">${grouped(count)}</td><td class="number">${percent(share)}</td></tr>`,
  );
  return html`<p class="note">The most frequent of ${grouped(wrong.length)} confusions among ${grouped(names.length)} classes.</p>
<div class="wide"><table>
<thead><tr><th scope="col">true class</th><th scope="col">predicted</th><th scope="col">records</th><th scope="col">of the class</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
