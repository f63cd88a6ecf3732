/** A program as a StableHLO module: all of its functions, for batches of one size. */

import type { Program } from '../../ir/program.ts';
import { commentText } from '../ts/literal.ts';
import { printFunction } from './function.ts';
import type { FunctionName } from './signature.ts';

export interface StablehloOptions {
  /** Samples per step, which the text has in it. */
  readonly batch: number;
  /** Samples of the last step of an epoch, where they are fewer. */
  readonly tail?: number | undefined;
  /** Devices that the samples of a batch are spread over; without it the text says nothing about devices. */
  readonly mesh?: number | undefined;
}

export interface Entry {
  readonly symbol: string;
  readonly name: FunctionName;
  readonly batch: number;
}

/** The functions of the module. The last step of an epoch has one of its own, because sizes are a part of types. */
export const entriesOf = ({ batch, tail }: StablehloOptions): readonly Entry[] => [
  { symbol: 'step', name: 'step', batch },
  { symbol: 'evaluate', name: 'evaluate', batch },
  { symbol: 'predict', name: 'predict', batch },
  ...(tail === undefined
    ? []
    : ([
        { symbol: 'step_tail', name: 'step', batch: tail },
        { symbol: 'evaluate_tail', name: 'evaluate', batch: tail },
        { symbol: 'predict_tail', name: 'predict', batch: tail },
      ] as const)),
];

/** `program` is what the passes over the graph leave. Same program and options, same bytes; ASCII. */
export function exportStablehlo(program: Program, options: StablehloOptions): string {
  const { batch, mesh } = options;
  const functions = entriesOf(options).map(({ symbol, name, batch: samples }) =>
    printFunction(program, name, { symbol, batch: samples, spread: mesh })
      .map((line) => `  ${line}`)
      .join('\n'),
  );
  const spread = mesh === undefined ? '' : `, spread over ${mesh} devices`;
  return [
    '// Written by chainrule export: a training step in StableHLO. Results of @step begin with its state, in the same order.',
    `// ${commentText(program.name)}, ${batch} samples per step${spread}`,
    `module @chainrule attributes {mhlo.num_partitions = ${mesh ?? 1} : i32, mhlo.num_replicas = 1 : i32} {`,
    ...(mesh === undefined ? [] : [`  sdy.mesh @mesh = <["batch"=${mesh}]>\n`]),
    functions.join('\n\n'),
    '}',
    '',
  ].join('\n');
}
