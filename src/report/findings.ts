/** The parts of the report that look at single records: what is confused, where, and which are the worst. */

import type { Dataset, Split } from '../data/dataset.ts';
import type { Layout } from '../runtime/module.ts';
import { boundaryFigure } from './boundary.ts';
import { confusionTable } from './confusion.ts';
import type { Classified, Estimated, Evaluation, Predictor } from './evaluation.ts';
import { html, type Markup, shortened, trusted } from './html.ts';
import { grouped, percent, short } from './numbers.ts';
import type { Draw } from './plot.ts';
import { errorsOf, scatterFigure } from './scatter.ts';
import { pageTheme, seriesColor } from './theme.ts';
import { worstOf, worstSection } from './worst.ts';

export interface Findings {
  readonly layout: Layout;
  readonly dataset: Dataset;
  /** The records that are looked at, and what they are called. */
  readonly split: Split;
  readonly title: string;
  readonly trainer: Predictor;
  readonly draw: Draw;
  readonly evaluation: Evaluation | undefined;
}

export function evaluationSections(findings: Findings): Markup {
  const { evaluation } = findings;
  if (evaluation === undefined) return nothing(findings);
  return evaluation.kind === 'classified'
    ? classification(findings, evaluation)
    : regression(findings, evaluation);
}

function nothing({ layout }: Findings): Markup {
  const label = layout.inputs.find(({ role }) => role === 'label');
  if (label === undefined)
    return html`<p class="note">The model has no label to hold its predictions against.</p>`;
  const wanted =
    label.classes === undefined ? 'one number per record' : `one number per class, [batch, ${label.classes}]`;
  return html`<h2>Predictions</h2><p class="note">The model returns no output with ${wanted}, so its predictions
cannot be held against the label “${label.name}”. Return one from the model function: { loss, outputs: { … } }.</p>`;
}

const worstCount = 24;

function classification(findings: Findings, evaluation: Classified): Markup {
  const { layout, dataset, split, title } = findings;
  const { names, truth, predicted, hasProbabilities } = evaluation;
  const right = Array.from(truth).filter((label, i) => label === predicted[i]).length;
  const input = layout.inputs.find(({ role }) => role === 'input');
  const mistakes = worstOf(evaluation, worstCount);
  const order = hasProbabilities
    ? html`Lowest probability p of the true class first.`
    : html`The model gives no probabilities, so these are the first that it got wrong.`;
  return html`<h2>Confusion matrix</h2>
<p>${grouped(right)} of ${grouped(split.count)} records of the ${title} are classified rightly (${percent(right / split.count)}).</p>
${confusionTable(evaluation)}
${boundary(findings, evaluation)}
<h2>Worst predictions</h2>
${
  mistakes.length === 0 || input === undefined
    ? html`<p class="note">There is none.</p>`
    : html`<p class="note">${order} Records of the ${title} are counted from 0.</p>
${worstSection(mistakes, names, input, dataset, split)}`
}`;
}

function boundary(
  { layout, dataset, split, trainer, draw, title }: Findings,
  evaluation: Classified,
): Markup {
  const figure = boundaryFigure(layout, dataset, split, evaluation, trainer);
  if (figure === undefined) return html``;
  const keys = evaluation.names.map(
    (name, i) =>
      html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="${seriesColor(i)}"/></svg>${shortened(name, 40)}</li>`,
  );
  return html`<h2>Decision boundary</h2>
<p class="note">Each place in the colour of the class predicted there, the stronger the more probable. On top the ${title},
each in the colour of its true class; rings mark those classified wrongly.</p>
<ul class="legend">${keys}</ul>
<div class="figures"><figure>${trusted(draw(figure, pageTheme))}</figure></div>`;
}

function regression({ draw, title, split }: Findings, evaluation: Estimated): Markup {
  const { rmse, mae, r2 } = errorsOf(evaluation);
  return html`<h2>Predicted against true</h2>
<p>On the ${title} (${grouped(split.count)} records): root mean squared error ${short(rmse)}, mean absolute error ${short(mae)}${
    r2 === undefined ? '' : html`, R² ${short(r2)}`
  }.</p>
<div class="figures"><figure>${trusted(draw(scatterFigure(evaluation), pageTheme))}</figure></div>`;
}
