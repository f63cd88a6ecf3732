/** What stands beside an exported module: all that a program needs to feed it and to keep its checkpoints, as JSON. */

import type { Program } from '../../ir/program.ts';
import { entriesOf, type StablehloOptions } from './export.ts';
import { signatureOf } from './signature.ts';

/** What the program itself does not say. */
export interface Facts {
  readonly fingerprint: string;
  /** The seed to be used where none is given. */
  readonly seed: number;
  /** Records of the training data, where they are known. */
  readonly records?: number | undefined;
  readonly epochs: number;
}

const order = [
  'Epoch e visits the records in the order that Fisher-Yates gives: i from records - 1 down to 1 changes places with',
  'j = floor(word * 2^-32 * (i + 1)), word being the first of Threefry-2x32 at key (seed, 0xffffffff), counter (e, i).',
  'The k-th step of an epoch takes places k * batch and following; the last step takes what is left.',
].join(' ');

/** Only plain data, in a fixed order. */
export function describe(program: Program, options: StablehloOptions, facts: Facts) {
  const { fingerprint, seed, records, epochs } = facts;
  return {
    generator: 'Written by chainrule export',
    format: 1,
    model: program.name,
    dtype: program.float,
    fingerprint,
    seed,
    epochs,
    batch: options.batch,
    maxBatch: program.maxBatch,
    tail: options.tail ?? null,
    records: records ?? null,
    mesh: options.mesh === undefined ? null : { batch: options.mesh },
    order,
    inputs: program.inputs,
    state: program.states,
    functions: Object.fromEntries(
      entriesOf(options).map(({ symbol, name, batch }) => {
        const signature = signatureOf(program, name, batch);
        return [
          symbol,
          {
            batch,
            arguments: signature.arguments.map(({ kind, name, type }) => ({ kind, name, ...type })),
            results: signature.results.map(({ kind, name, type }) => ({ kind, name, ...type })),
          },
        ];
      }),
    ),
  };
}

/** As text: a line for each fact, and one for each entry of a list, wherever it is. */
export const printDescription = (description: ReturnType<typeof describe>): string =>
  `${printed(description, '')}\n`;

function printed(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  const block = (open: string, items: readonly string[], close: string): string =>
    `${open}\n${items.map((item) => `${inner}${item}`).join(',\n')}\n${indent}${close}`;
  if (Array.isArray(value) && value.length > 0) return block('[', value.map(onOneLine), ']');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return onOneLine(value);
  const items = Object.entries(value).map(
    ([name, item]) => `${JSON.stringify(name)}: ${printed(item, inner)}`,
  );
  return block('{', items, '}');
}

/** JSON has no infinity: a state that begins there says so in a text, which Python takes for the number. */
const onOneLine = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
