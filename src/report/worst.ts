/** The records that a classifier was most wrong about: the lowest probability given to the true class. */

import type { Dataset, Split } from '../data/dataset.ts';
import type { InputLayout } from '../runtime/module.ts';
import type { Classified } from './evaluation.ts';
import { extent } from './figure.ts';
import { html, type Markup, shortened } from './html.ts';
import { short } from './numbers.ts';
import { pngDataUri } from './png.ts';

export interface Mistake {
  /** Place in the split, from 0. */
  readonly record: number;
  readonly truth: number;
  readonly predicted: number;
  /** Given to the true class; undefined when the model gives no probabilities. */
  readonly probability: number | undefined;
}

/** The `count` worst, the worst first. Without probabilities only what was classified wrongly can be told. */
export function worstOf(evaluation: Classified, count: number): readonly Mistake[] {
  const { truth, predicted, probability, hasProbabilities } = evaluation;
  const all = Array.from(truth, (label, record): Mistake => {
    const p = hasProbabilities ? (probability[record] ?? 0) : undefined;
    return { record, truth: label, predicted: predicted[record] ?? 0, probability: p };
  });
  const eligible = hasProbabilities ? all : all.filter((one) => one.truth !== one.predicted);
  return eligible
    .toSorted((a, b) => (a.probability ?? 0) - (b.probability ?? 0) || a.record - b.record)
    .slice(0, count);
}

interface Side {
  readonly rows: number;
  readonly columns: number;
}

/** The sides of the picture that a record is, or undefined when it is a list of features. */
export function pictureSides({ shape }: InputLayout, { featureNames }: Dataset): Side | undefined {
  const sizes = shape.slice(1).map(Number);
  const sides = sizes.filter((size) => size !== 1);
  const [rows = 0, columns = 0] = sides;
  if (sides.length === 2 && rows === columns) return { rows, columns };
  if (sides.length !== 1) return undefined;
  const side = Math.sqrt(rows);
  // 64 and 784 numbers are the pixels of the usual sets of digits; columns that have names are features.
  const isPicture = rows === 784 || (Number.isInteger(side) && side >= 8 && (rows === 64 || !featureNames));
  return isPicture ? { rows: side, columns: side } : undefined;
}

export function worstSection(
  mistakes: readonly Mistake[],
  names: readonly string[],
  input: InputLayout,
  dataset: Dataset,
  split: Split,
): Markup {
  const sides = pictureSides(input, dataset);
  return sides ? gallery(mistakes, names, sides, split) : table(mistakes, names, dataset, split);
}

const rowOf = ({ features, width }: Split, record: number): Float32Array | Float64Array =>
  features.subarray(record * width, (record + 1) * width);

const probabilityOf = ({ probability }: Mistake): string =>
  probability === undefined ? '–' : chance(probability);

/** A probability of which the order of size is what matters. */
const chance = (p: number): string => (p >= 0.001 || p === 0 ? p.toFixed(3) : p.toExponential(1));

function gallery(mistakes: readonly Mistake[], names: readonly string[], side: Side, split: Split): Markup {
  // One scale for all pictures, so that a dark one is seen to be dark.
  const values = mistakes.flatMap(({ record }) => Array.from(rowOf(split, record)));
  const [low, high] = extent([0, ...values]) ?? [0, 1];
  const scale = 255 / (high - low || 1);
  const pictures = mistakes.map((mistake) => {
    const pixels = Uint8Array.from(rowOf(split, mistake.record), (value) =>
      Math.round((value - low) * scale),
    );
    const { rows: height, columns: width } = side;
    const uri = pngDataUri({ width, height, channels: 1, values: pixels });
    const [truth = '', predicted = ''] = [names[mistake.truth], names[mistake.predicted]];
    return html`<figure class="${verdict(mistake)}"><img src="${uri}" alt="record ${mistake.record}" width="84" height="84">
<figcaption>${mistake.truth === mistake.predicted ? html`<b>${shortened(truth, 24)}</b>, rightly` : html`<b>${shortened(truth, 24)}</b> taken for <b>${shortened(predicted, 24)}</b>`}
<small>p = ${probabilityOf(mistake)} · #${mistake.record}</small></figcaption></figure>`;
  });
  return html`<div class="gallery">${pictures}</div>`;
}

const verdict = ({ truth, predicted }: Mistake): string => (truth === predicted ? 'hit' : 'miss');

/** Columns that still fit beside the classes. */
const mostFeatures = 12;

function table(
  mistakes: readonly Mistake[],
  names: readonly string[],
  { featureNames }: Dataset,
  split: Split,
): Markup {
  const shown = Math.min(split.width, mostFeatures);
  const columns = Array.from({ length: shown }, (_, i) => featureNames?.[i] ?? `x${i + 1}`);
  const left = split.width - shown;
  const rows = mistakes.map((mistake) => {
    const features = Array.from(rowOf(split, mistake.record).subarray(0, shown));
    return html`<tr class="${verdict(mistake)}"><td class="number">${mistake.record}</td>
<td>${shortened(names[mistake.truth] ?? '', 40)}</td><td>${shortened(names[mistake.predicted] ?? '', 40)}</td>
<td class="number">${probabilityOf(mistake)}</td>${features.map((x) => html`<td class="number">${short(x)}</td>`)}</tr>`;
  });
  return html`<div class="wide"><table>
<thead><tr><th scope="col">record</th><th scope="col">true class</th><th scope="col">predicted</th>
<th scope="col">p of true</th>${columns.map((name) => html`<th scope="col" class="number">${shortened(name, 24)}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>${left > 0 ? html`<p class="note">${left} more features are not shown.</p>` : ''}`;
}
