/** Failing samples as files: the program as text below a few lines of what it is run with. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProgram } from '../../ir/parse.ts';
import { printProgram } from '../../ir/print.ts';
import type { DataStyle } from '../arbitraries/graph.ts';
import type { Mismatch } from './check-passes.ts';
import type { Sample } from './sample.ts';
import { sourceOf } from './source.ts';

/** Where the files lie; each of them is checked first in every run. */
export const regressFolder = join(import.meta.dirname, '..', 'regress');

/** What a failure says: the first stage that differs, and the model in about ten lines. */
export function describeFailure(sample: Sample, { stage, detail }: Mismatch): string {
  const { program, float, batch, seed, style } = sample;
  return [
    `The first stage after which the numbers differ is ${stage}: ${detail}.`,
    `${float}, batch ${batch}, data ${style} of seed ${seed}.`,
    sourceOf(program, batch) ?? printProgram(program),
  ].join('\n');
}

export function writeSample(sample: Sample): string {
  const { program, ...settings } = sample;
  return `${JSON.stringify(settings)}\n${printProgram(program)}`;
}

/** Reads what `writeSample` wrote. */
export function readSample(text: string): Sample {
  const [first = '', ...rest] = text.split('\n');
  const { float, batch, seed, style, guarded }: Partial<Sample> = JSON.parse(first);
  const styles: readonly DataStyle[] = ['plain', 'whole', 'ones', 'wild'];
  const known = styles.find((one) => one === style);
  if ((float !== 'f32' && float !== 'f64') || !known || !batch || seed === undefined)
    throw new Error(`not the settings of a sample: ${first}`);
  return {
    program: parseProgram(rest.join('\n')),
    float,
    batch,
    seed,
    style: known,
    guarded: guarded === true,
  };
}

/** The files of failing samples, in alphabetical order. */
export const regressFiles = (): string[] =>
  readdirSync(regressFolder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.program.txt'))
    .map(({ name }) => name)
    .sort();

export const readRegress = (file: string): Sample =>
  readSample(readFileSync(join(regressFolder, file), 'utf8'));

/** Keeps a failing sample for all runs to come; the name says the stage and a digest of the text. */
export function keepSample(sample: Sample, { stage }: Mismatch): string {
  const text = writeSample(sample);
  let digest = 7;
  for (let i = 0; i < text.length; i++) digest = (Math.imul(digest, 31) + text.charCodeAt(i)) >>> 0;
  const name = `${stage.replace(/[^a-z]+/gi, '-').slice(0, 30)}-${digest.toString(16)}.program.txt`;
  mkdirSync(regressFolder, { recursive: true });
  writeFileSync(join(regressFolder, name), text);
  return name;
}
