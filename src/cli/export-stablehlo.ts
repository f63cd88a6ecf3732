/** `chainrule export --to stablehlo`: the whole training step for XLA, with what `scale/run.py` needs to run it. */

import { basename, dirname, extname, join } from 'node:path';
import { describe, printDescription } from '../../codegen/stablehlo/description.ts';
import { exportStablehlo } from '../../codegen/stablehlo/export.ts';
import { bindSplit } from '../bind.ts';
import { grouped } from '../report/numbers.ts';
import { checkColumns } from '../runtime/columns.ts';
import type { Layout } from '../runtime/module.ts';
import { encodeSafetensors, tensorOf } from '../runtime/safetensors.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { precision, wholeNumber } from './options.ts';
import { colors, print, shortPath } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';
import { compileModel, readData } from './session.ts';
import { checkBatch } from './training.ts';

export async function exportStablehloCommand({ model: path, options }: Call): Promise<number> {
  const wanted = readOptions(options);
  const out = options.get('out') ?? join(dirname(path), `${basename(path, extname(path))}.mlir`);
  const files = filesBeside(out);
  const force = options.has('force');
  if (out !== '-')
    for (const file of [out, files.description, ...(wanted.data === undefined ? [] : [files.data])])
      checkOutput(file, force);
  const dtype = precision(options);
  const { model, compiled } = await compileModel(path, { dtype });
  const { graph, layout } = compiled;
  checkBatch(layout, wanted.batch);
  const data = wanted.data === undefined ? undefined : await columnsOf(layout, wanted.data, dtype);
  const records = wanted.records ?? data?.count;
  const batch = wanted.batch ?? model.options.batch;
  checkMesh(wanted.mesh, batch);
  const left = records === undefined ? 0 : records % batch;
  const sizes = { batch, tail: left === 0 ? undefined : left, mesh: wanted.mesh };
  const text = exportStablehlo(graph, sizes);
  if (out === '-') {
    process.stdout.write(text);
    return exitCodes.ok;
  }
  const facts = {
    fingerprint: layout.fingerprint ?? '',
    seed: wanted.seed,
    records,
    epochs: model.options.epochs ?? 1,
  };
  writeOutput(files.description, printDescription(describe(graph, sizes, facts)), force);
  if (data !== undefined) writeOutput(files.data, data.bytes, force);
  writeOutput(out, text, force);
  print(`wrote ${colors.bold(shortPath(out))}`);
  print(`  ${grouped(text.length)} bytes, ${grouped(batch)} samples per step${spreadOver(wanted.mesh)}`);
  if (left > 0) print(`  with functions of their own for the last ${grouped(left)} samples of an epoch`);
  print(`wrote ${shortPath(files.description)}, what it takes and gives`);
  if (data !== undefined) print(`wrote ${shortPath(files.data)}, ${grouped(data.count)} records`);
  return exitCodes.ok;
}

/** `step.mlir` has its description in `step.json`, and its data in `step.data.safetensors`. */
function filesBeside(out: string): { readonly description: string; readonly data: string } {
  const stem = join(dirname(out), basename(out, extname(out)));
  return { description: `${stem}.json`, data: `${stem}.data.safetensors` };
}

const spreadOver = (mesh: number | undefined): string =>
  mesh === undefined ? ', on any number of devices' : `, spread over ${grouped(mesh)} devices`;

/** More devices than there are in one place. */
const mostDevices = 2 ** 20;

function readOptions(options: Call['options']) {
  if (options.has('weights'))
    throw usageError(
      'option --weights is about --to onnx.',
      'A training step starts from any weights: python scale/run.py --init FILE.',
    );
  const data = options.get('data');
  const records = wholeNumber(options, 'records', 1);
  if (data !== undefined && records !== undefined)
    throw usageError(
      'options --data and --records are both given.',
      'The data say how many records there are.',
    );
  return {
    data,
    records,
    batch: wholeNumber(options, 'batch', 1),
    seed: wholeNumber(options, 'seed', 0, 2 ** 32 - 1) ?? 0,
    mesh: meshOf(options),
  };
}

function meshOf(options: Call['options']): number | undefined {
  const text = options.get('mesh');
  if (text === undefined) return undefined;
  const devices = Number(/^batch=([1-9]\d{0,6})$/.exec(text)?.[1] ?? Number.NaN);
  if (devices <= mostDevices) return devices;
  throw usageError(
    `option --mesh: expected batch=N with N from 1 to ${mostDevices}, got "${text}".`,
    'Samples are what is spread: --mesh batch=4 deals each batch out to 4 devices.',
  );
}

function checkMesh(mesh: number | undefined, batch: number): void {
  if (mesh === undefined || batch % mesh === 0) return;
  throw usageError(
    `option --mesh: ${batch} samples cannot be dealt out evenly to ${mesh} devices.`,
    `Choose a --batch that is a multiple of ${mesh}.`,
  );
}

/** The training data as the runtime takes them, in a file that has their bits. */
async function columnsOf(layout: Layout, spec: string, dtype: 'f32' | 'f64') {
  const dataset = await readData(spec, dtype, false);
  const { arrays, count } = checkColumns(layout, bindSplit(layout, dataset, dataset.train), 'all');
  const tensors = new Map(
    layout.inputs.flatMap(({ name, shape }) => {
      const array = arrays.get(name);
      const sizes = shape.map((dim) => (dim === 'batch' ? count : dim));
      return array === undefined ? [] : [[name, tensorOf(sizes, array)] as const];
    }),
  );
  const metadata = new Map([
    ['format', 'chainrule-data'],
    ['source', spec],
  ]);
  return { count, bytes: encodeSafetensors(tensors, metadata) };
}
