/** The report of a training: one page with its numbers, its curves, and what the model gets wrong. */

import type { Dataset } from '../data/dataset.ts';
import type { Layout, Metrics } from '../runtime/module.ts';
import { curveFigure, isSetting } from './curves.ts';
import { evaluateSplit, type Predictor } from './evaluation.ts';
import { evaluationSections } from './findings.ts';
import type { Curve, History } from './history.ts';
import { html, type Markup, trusted } from './html.ts';
import { grouped, metric, seconds, short } from './numbers.ts';
import { page } from './page.ts';
import { type Draw, loadPlot } from './plot.ts';
import { pageTheme } from './theme.ts';

/** What a training was and what it led to. */
export interface Outcome {
  /** What each step reported. */
  readonly history: History;
  /** The most records of a step. */
  readonly batch: number;
  readonly steps: number;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly train: Metrics;
  readonly test: Metrics | null;
}

export interface Training extends Outcome {
  readonly layout: Layout;
  readonly dataset: Dataset;
  readonly trainer: Predictor;
}

/** The text of `report.html`. */
export async function reportPage(training: Training): Promise<string> {
  const draw = await loadPlot();
  const { layout, dataset, trainer } = training;
  const [title, split] =
    dataset.test === undefined ? ['training data', dataset.train] : ['test data', dataset.test];
  const evaluation = evaluateSplit(layout, dataset, split, trainer);
  return page(
    `${layout.model}: training report`,
    html`<h1>${layout.model}</h1>
<p class="lead">Trained on ${dataset.name}: ${grouped(training.steps)} steps in ${seconds(training.seconds)}. After the last one, on all records:</p>
${training.interrupted ? html`<p class="warning">The training was interrupted before its end.</p>` : ''}
${metricsTable(training)}
${facts(training)}
${curvesSection(training.history, draw)}
${evaluationSections({ layout, dataset, split, title, trainer, draw, evaluation })}
<footer>Written by chainrule. The page holds all that it shows and asks nothing of any network.</footer>`,
  );
}

function metricsTable({ train, test }: Training): Markup {
  const names = Object.keys(train);
  const row = (title: string, values: Metrics): Markup =>
    html`<tr><th scope="row">${title}</th>${names.map(
      (name) => html`<td>${metric(name, values[name] ?? Number.NaN)}</td>`,
    )}</tr>`;
  return html`<div class="wide"><table class="metrics">
<thead><tr><td></td>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${row('train', train)}${test ? row('test', test) : ''}</tbody></table></div>`;
}

function facts({ layout, dataset, batch, steps, seconds: time }: Training): Markup {
  const parameters = layout.state
    .filter(({ role }) => role === 'parameter')
    .reduce((total, { shape }) => total + shape.reduce((size, dim) => size * dim, 1), 0);
  const test = dataset.test === undefined ? '' : ` + ${grouped(dataset.test.count)} for the test`;
  const entries: readonly (readonly [string, string])[] = [
    ['Model', layout.model],
    ['Data', dataset.name],
    ['Records', `${grouped(dataset.train.count)}${test}`],
    ['Steps', `${grouped(steps)} of up to ${grouped(Math.min(batch, dataset.train.count))} records`],
    ['Time', `${seconds(time)}${time > 0 ? `, ${short(steps / time)} steps/s` : ''}`],
    ['Trained parameters', `${grouped(parameters)} (${layout.dtype})`],
  ];
  return html`<dl>${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function curvesSection(history: History, draw: Draw): Markup {
  const curves = history.curves();
  const beta = history.beta();
  if (beta === undefined) return html`<h2>Curves</h2><p class="note">No step was made.</p>`;
  // What was measured first, in the order of the model; what was set after it.
  const ordered = [...curves.filter((curve) => !isSetting(curve)), ...curves.filter(isSetting)];
  return html`<h2>Curves</h2>
<p class="note">Faint: each step, on its batch before the update. Strong: the exponentially weighted average with
β = ${Number(beta.toFixed(4))}, corrected for its start at zero.</p>
<div class="figures">${ordered.map((curve) => curveMarkup(curve, draw))}</div>`;
}

function curveMarkup(curve: Curve, draw: Draw): Markup {
  const figure = curveFigure(curve);
  const lost =
    curve.notFinite > 0
      ? html`<p class="warning">${grouped(curve.notFinite)} values of ${curve.name} were not finite.</p>`
      : '';
  if (figure === undefined) return html`<div>${lost}</div>`;
  return html`<figure>${trusted(draw(figure, pageTheme))}${lost}</figure>`;
}
