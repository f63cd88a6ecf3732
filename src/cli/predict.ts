/** `chainrule predict`: what saved weights make of each record. */

import { bindSplit, labelsAsFeatures } from '../bind.ts';
import type { Dataset, Split } from '../data/dataset.ts';
import { rowSize } from '../runtime/columns.ts';
import type { Layout, OutputLayout, Outputs, TypedArray } from '../runtime/module.ts';
import { createTrainer } from '../runtime/trainer.ts';
import type { Call } from './command.ts';
import { exitCodes, modelError } from './failure.ts';
import { readWeights } from './files.ts';
import { precision, required } from './options.ts';
import { print, printJson } from './output.ts';
import { plain } from './plain.ts';
import { compileModel, moduleOf, readData } from './session.ts';

export async function predictCommand({ model, options }: Call): Promise<number> {
  const weights = required(options, 'predict', 'weights', 'FILE');
  const spec = required(options, 'predict', 'data', 'SPEC');
  const dtype = precision(options);
  const session = await compileModel(model, { dtype });
  const { layout } = session.compiled;
  const [main] = layout.outputs;
  if (main === undefined)
    throw modelError(
      `the model "${session.model.name}" has no outputs.`,
      'Return them: { loss, outputs: { scores } }.',
    );
  const bytes = readWeights(weights);
  const dataset = await readData(spec, dtype, options.has('json'));
  const split = splitToPredict(layout, dataset, spec);
  const trainer = createTrainer(await moduleOf(session));
  trainer.load(bytes, { parametersOnly: true });
  const outputs = trainer.predict(bindSplit(layout, dataset, split, { labels: false }));
  const show = options.has('json') ? printRecord : printPlain;
  for (let index = 0; index < split.count; index++) {
    const record = recordOf(layout.outputs, outputs, index);
    show(index, record, classOf(layout, main, record.get(main.name) ?? [], dataset));
  }
  return exitCodes.ok;
}

type Numbers = readonly number[];

/** The held-out part, or all; a CSV file without a label column was read as if its last column were it. */
function splitToPredict(layout: Layout, { train, test }: Dataset, spec: string): Split {
  const split = test ?? train;
  const input = layout.inputs.find(({ role }) => role === 'input');
  const unlabelled =
    spec.startsWith('csv:') && !/[?&]label=/.test(spec) && split.labels instanceof Float64Array;
  return unlabelled && input !== undefined && split.width + 1 === rowSize(input.shape)
    ? labelsAsFeatures(split)
    : split;
}

function recordOf(
  outputs: readonly OutputLayout[],
  values: Outputs,
  index: number,
): ReadonlyMap<string, Numbers> {
  return new Map(
    outputs.map(({ name, shape }) => {
      const width = rowSize(shape);
      const all: TypedArray = values[name] ?? new Float32Array(0);
      return [name, Array.from(all.subarray(index * width, (index + 1) * width))];
    }),
  );
}

/** The class that the output speaks for: the largest of one number per class, or a class index itself. */
function classOf(layout: Layout, output: OutputLayout, values: Numbers, { classes }: Dataset): string | null {
  const count = layout.inputs.find((input) => input.classes !== undefined)?.classes;
  if (count === undefined) return null;
  const [first = 0] = values;
  const isIndex = output.dtype === 'i32' && values.length === 1 && count > 1;
  if (!isIndex && values.length !== count) return null;
  const index = isIndex ? first : values.indexOf(Math.max(...values));
  return (classes?.length === count ? classes[index] : undefined) ?? String(index);
}

function printPlain(_index: number, record: ReadonlyMap<string, Numbers>, label: string | null): void {
  const [numbers = []] = record.values();
  // A record is a line, whatever its class is called.
  print(plain(label ?? numbers.join(' ')));
}

function printRecord(index: number, record: ReadonlyMap<string, Numbers>, label: string | null): void {
  const outputs = Object.fromEntries(
    [...record].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
  printJson({ event: 'prediction', index, outputs, label });
}
