/** Writes `docs/benchmarks.md` and the drawing beside it from the results of a run. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { table } from '../quality/markdown.ts';
import { type Case, caseNamed, flopsOf } from './cases.ts';
import { pathOf } from './compiler.ts';
import { drawCases } from './drawing.ts';
import { drawGrowth } from './drawing-growth.ts';
import { growth } from './growth.ts';
import { amount, type Limit } from './limits.ts';
import { percent, shown } from './numbers.ts';
import { factor, type Ratio, reading, titleOf } from './ratios.ts';
import type { Results } from './results.ts';
import { fastestFirst, leftOut, yardstick } from './terminal.ts';

export async function writeDocuments(results: Results): Promise<void> {
  const growing = results.scaling === null ? undefined : await drawGrowth(results.scaling);
  for (const [path, text] of [
    ['docs/benchmarks.md', documentOf(results)],
    ['docs/benchmarks.svg', await drawCases(results)],
    ['docs/benchmarks-growth.svg', growing],
  ] as const) {
    if (text === undefined) continue;
    writeFileSync(pathOf(path), text);
    console.log(`wrote ${path}`);
  }
}

export const documentOf = (results: Results): string =>
  [
    `# Training steps per second, beside others

Written by \`npm run bench -- --docs\`; change the command in \`bench/rivals\`, and what is said by hand in its \`findings.md\`,
not this file.`,
    measuredOn(results),
    goalsOf(results),
    findings(),
    `## Cases

![Steps per second of every contender in every case](benchmarks.svg)

\`wasm is 3×\` means that chainrule's \`wasm\` makes three steps in the time of one. Steps are medians; min and max are
those of single rounds.`,
    ...casesIn(results).map((one) => caseOf(one, results)),
    method(results),
    growth(results.scaling),
    exceptions(results),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');

const casesIn = ({ rows }: Results): readonly Case[] =>
  [...new Set(rows.map((row) => row.case))].flatMap((name) => caseNamed(name) ?? []);

function measuredOn({ date, machine, versions, rows, method: { rounds } }: Results): string {
  const { cpu, cores, os, memory_gib } = machine;
  const disturbed = rows.filter(({ threads, cores_held }) => threads === 1 && cores_held < 0.9);
  const lines = [`${date}, ${cpu}, ${cores} cores, ${memory_gib} GiB, ${os}.`];
  if (rounds < 5) lines.push('**A quick run**: its figures are rough.');
  if (disturbed.length > 0)
    lines.push(
      `**The machine did other work as well**: ${disturbed.length} of ${rows.length} contenders had their core for less than nine tenths of the time.`,
    );
  return `${lines.join(' ')}\n\n${table(['', 'version'], Object.entries(versions))}`;
}

function goalsOf({ ratios, limits }: Results): string {
  if (ratios.length === 0 && limits.length === 0) return '';
  const parts = [
    '## What was wanted, and what was reached',
    'Steps per second of the second column over those of the third, on one thread unless it says otherwise.',
    ratioTable(ratios),
    limitTable(limits),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function ratioTable(ratios: readonly Ratio[]): string {
  if (ratios.length === 0) return '';
  const rows = ratios.map((ratio) => [
    ratio.case,
    ratio.ours,
    titleOf(ratio),
    reading(ratio, ratio.goal),
    reading(ratio, ratio.reached),
    ratio.verdict === 'missed' ? missedBy(1 - (ratio.reached ?? 0) / (ratio.goal ?? 1)) : ratio.verdict,
  ]);
  return table(['case', 'chainrule', 'against', 'goal', 'reached', ''], rows);
}

function limitTable(limits: readonly Limit[]): string {
  if (limits.length === 0) return '';
  const rows = limits.map(({ what, target, unit, limit, reached, verdict }) => [
    what,
    target,
    amount(limit, unit),
    amount(reached, unit),
    verdict === 'missed' ? missedBy((reached ?? 0) / (limit ?? 1) - 1) : verdict,
  ]);
  return table(['what', 'target', 'at most', 'reached', ''], rows);
}

const missedBy = (part: number): string => `**missed by ${percent(part)}**`;

/** What a person has found out about the figures; it outlives the next run. */
function findings(): string {
  const file = pathOf('bench/rivals/findings.md');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

function caseOf(one: Case, { rows, peaks }: Results): string {
  const own = yardstick(rows, one.name);
  const lines = fastestFirst(rows.filter((row) => row.case === one.name)).map((row) => [
    row.kind === 'ours' ? `**${row.who}**` : row.who,
    shown(row.steps_per_s),
    `${shown(row.min)} to ${shown(row.max)}`,
    shown(1000 / row.steps_per_s),
    shown(row.gflops),
    percent(row.share_of_peak),
    own === undefined ? '' : factor(own.steps_per_s / row.steps_per_s),
  ]);
  const head = ['', 'steps/s', 'min to max', 'ms', 'GFLOP/s', 'of peak', `${own?.who ?? 'ours'} is`];
  const heights = Object.entries(peaks[one.name] ?? {}).map(
    ([who, height]) => `${who} ${shown(height)} GFLOP/s`,
  );
  return `### ${one.name}

${descriptionOf(one)}${heights.length === 0 ? '' : ` In the same rounds: ${heights.join(', ')}.`}

${table(head, lines)}`;
}

function descriptionOf(one: Case): string {
  const { layers, activation, batchNorm, batch, optimizer, learningRate } = one;
  const norm = batchNorm ? ' with batch normalization after the first layer' : '';
  const name = optimizer === 'sgd' ? 'gradient descent' : 'Adam';
  return `${layers.join('-')}, ${activation}${norm}, batch ${batch.toLocaleString('en-US')}, ${name} at ${learningRate}: ${shown(flopsOf(one) / 1e6)} MFLOP a step.`;
}

function method({ method: { rounds, slice, warmUp }, machine }: Results): string {
  const pinned =
    machine.pinning === 'none'
      ? 'One thread is what the libraries were told; the system chose the core.'
      : 'One thread means one core (`taskset`), for an engine and all that it does beside the step as well.';
  return `## How it was measured

- All contenders take the same data, the same initial weights, the same loss (mean softmax cross-entropy), optimizer,
  hyperparameters and batch, in float32; \`NumPy as written\` is the seed's own text in float64, ConvNetJS computes in
  float64 as it always does. Each trains for real: forward, backward, update, and back to the initial weights every few
  hundred steps. One batch is used again and again: loading data is not part of a step.
- Each contender lives in a process of its own. ${rounds} rounds; in each of them all of a case take turns of
  ${slice} s after a warm-up of ${2 * warmUp} s, one at a time, and rounds begin with different ones. The figure is the
  median of the rounds.
- ${pinned}
- The loss is read after every step or once in a hundredth of a second, whichever is faster for the contender.
- Before it is measured, each contender shows its losses at the first step and at a later one. Where the first differs from
  chainrule's by more than a ten-thousandth, or the way down from there by more than a thousandth, it does other work and is
  left out.
- \`wasm trainer\` is \`createTrainer(...).step\`, which checks the batch and takes back a step that makes anything NaN; the
  others of chainrule are the emitted module alone. \`relaxed\` is compiled with fused multiply-adds. Every contender in Node
  runs with them enabled; jax-js uses them where it finds them.
- TensorFlow.js: core operations and its optimizers, one thread. jax-js and JAX: the whole step is one jitted function, and
  JAX's state is donated. PyTorch: modules and fused optimizers; compiled: \`torch.compile\` of network and loss. NumPy:
  formulas by hand, in place where that is natural.
- GFLOP/s count 2mnk for each matrix product that a step needs (forward, gradient of the weights, gradient of the input
  except at the first layer) and nothing else. The peaks were measured in the same rounds, on one core: multiply-adds on
  registers alone in WebAssembly, plain and relaxed, and NumPy's float32 product of 1024 by 1024. The share of a
  contender on two threads is that of two such peaks.`;
}

function exceptions({ missing, scaling }: Results): string {
  const lines = leftOut(missing, scaling);
  return lines.length === 0 ? '' : `## Left out\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}
