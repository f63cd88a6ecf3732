/** `chainrule gradcheck`: the gradients of a model against independent oracles, parameter by parameter. */

import { bindSplit } from '../bind.ts';
import { compile } from '../compile.ts';
import type { Model } from '../dsl/model.ts';
import { loadModel } from '../load-model.ts';
import {
  type Finding,
  type GradcheckReport,
  gradcheck,
  oracleNames,
  type ParameterReport,
  tolerances,
} from '../testing/gradcheck.ts';
import type { Call } from './command.ts';
import { exitCodes } from './failure.ts';
import { wholeNumber } from './options.ts';
import { colors, print, printJson } from './output.ts';
import { plain } from './plain.ts';
import { readData } from './session.ts';
import { textTable } from './text-table.ts';

export async function gradcheckCommand({ model: path, options }: Call): Promise<number> {
  const records = wholeNumber(options, 'records', 1);
  const seed = wholeNumber(options, 'seed', 0, 2 ** 32 - 1) ?? 0;
  const elements = wholeNumber(options, 'elements', 1) ?? 5;
  const json = options.has('json');
  const model = await loadModel(path);
  const spec = options.get('data');
  const columns = spec === undefined ? {} : await columnsOf(model, spec, json);
  const report = await gradcheck(model, {
    ...columns,
    ...(records === undefined ? {} : { records }),
    seed,
    elements,
  });
  if (json) printReport(report);
  else show(model, report, spec);
  return report.passed ? exitCodes.ok : exitCodes.error;
}

/** The training records of a data set. */
async function columnsOf(model: Model, spec: string, quiet: boolean) {
  const { layout } = await compile(model, { dtype: 'f64' });
  const dataset = await readData(spec, 'f64', quiet);
  return { columns: bindSplit(layout, dataset, dataset.train) };
}

function show(
  { name }: Model,
  { records, parameters, passed, notes }: GradcheckReport,
  spec: string | undefined,
): void {
  const { bold, red, dim } = colors;
  print(
    `${bold(plain(name))}: gradients of the loss at ${records} records of ${plain(spec ?? 'random data')}, compiled in f64`,
  );
  const rows = parameters.map(({ parameter, shape, findings }) => [
    plain(parameter),
    `[${shape.join(', ')}]`,
    ...oracleNames.map((oracle) => cell(findings[oracle])),
  ]);
  const limits = ['allowed', '', ...oracleNames.map((oracle) => tolerances[oracle].toExponential(0))];
  const lines = textTable([['parameter', 'shape', ...oracleNames], ...rows, limits], 2);
  for (const line of lines) print(`  ${line.includes('!') ? red(line) : line}`);
  print(dim('  largest error that each oracle finds; (n) directions it has no answer for, - not asked'));
  for (const note of notes) print(dim(`  ${note}`));
  print(passed ? 'all gradients are right' : bold(red(failure(parameters))));
}

function cell({ worst, skipped, passed, compared }: Finding): string {
  const skips = skipped > 0 ? ` (${skipped})` : '';
  if (worst === undefined) return `-${skips}`;
  return `${worst === 0 && compared > 0 ? '0' : worst.toExponential(1)}${passed ? '' : ' !'}${skips}`;
}

function failure(parameters: readonly ParameterReport[]): string {
  const wrong = parameters.filter(({ findings }) => oracleNames.some((oracle) => !findings[oracle].passed));
  const names = wrong.map(({ parameter }) => plain(parameter)).join(', ');
  return `the gradient of ${names} disagrees: this is a fault of chainrule, please report it with the model`;
}

function printReport({ records, parameters, passed }: GradcheckReport): void {
  for (const { parameter, shape, findings } of parameters)
    printJson({ event: 'parameter', parameter, shape, ...findings });
  printJson({ event: 'done', records, passed });
}
