/** Runs the examples of the page of errors, so that it shows what is said and not what was once said. */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJiti } from 'jiti';
import { CompileError, showDiagnostic } from '../../ir/errors.ts';
import * as checkpointNode from '../../src/checkpoint/index.ts';
import { commands } from '../../src/cli/commands.ts';
import { isFailure } from '../../src/cli/failure.ts';
import { parse } from '../../src/cli/parser.ts';
import { compile } from '../../src/compile.ts';
import * as checkpoint from '../../src/runtime/checkpoint/index.ts';
import { InputError } from '../../src/runtime/errors.ts';
import * as runtime from '../../src/runtime/index.ts';
import { type ErrorText, type Example, type Files, tiny } from './error-texts/text.ts';
import { type Scratch, withScratch } from './scratch.ts';

export interface Told {
  readonly code: string;
  readonly severity: string;
  /** As the command line prints it. */
  readonly message: string;
}

/** What the example of each code says; throws when one says something else, or nothing. */
export async function runExamples(texts: readonly ErrorText[]): Promise<ReadonlyMap<string, Told>> {
  const told = new Map<string, Told>();
  for (const { code, example } of texts) {
    const found = await withScratch((scratch) => run(example, scratch));
    const own = found.find((one) => one.code === code);
    if (own === undefined)
      throw new Error(
        `The example of ${code} says ${found.map((one) => one.message).join('; ') || 'nothing'}.`,
      );
    told.set(code, own);
  }
  return told;
}

async function run(example: Example, scratch: Scratch): Promise<readonly Told[]> {
  const found = await attempt(example, scratch);
  return found.map((one) => ({ ...one, message: scratch.plain(one.message) }));
}

async function attempt(example: Example, scratch: Scratch): Promise<readonly Told[]> {
  switch (example.kind) {
    case 'told':
      return [readTold(example.message)];
    case 'model':
      return caught(() => compileText(example.text, example.times ?? 1, scratch));
    case 'call': {
      await writeTrainer(example.model ?? tiny, scratch);
      return caught(() => runProgram(example.text, scratch));
    }
    case 'command': {
      scratch.write('model.ts', example.model ?? tiny);
      return caught(() => runCommand(example.words, example.files ?? {}, scratch));
    }
  }
}

const readSource = (file: string): string => readFileSync(file, 'utf8');

/** `file: severity[code]: words`, written by hand. */
function readTold(message: string): Told {
  const [, severity = '', code = ''] = /\b(error|warning|unsupported|bug)\[([a-z/-]+)\]/.exec(message) ?? [];
  return { code, severity, message };
}

/** What `body` throws, or the warnings that it gives. */
async function caught(body: () => Promise<readonly Told[]>): Promise<readonly Told[]> {
  try {
    return await body();
  } catch (thrown) {
    return [toldOf(thrown)];
  }
}

function toldOf(thrown: unknown): Told {
  if (thrown instanceof CompileError) {
    const { code, severity } = thrown.diagnostic;
    return { code, severity, message: showDiagnostic(thrown.diagnostic) };
  }
  if (!(thrown instanceof InputError) && !isFailure(thrown)) throw thrown;
  const { code, message, help } = thrown;
  const at = thrown instanceof InputError && thrown.at !== undefined ? `${thrown.at}: ` : '';
  const more = help === undefined ? '' : `\n  ${help}`;
  return { code, severity: 'error', message: `${at}error[${code}]: ${message}${more}` };
}

async function compileText(text: string, times: number, scratch: Scratch): Promise<readonly Told[]> {
  const model = await scratch.load('example.model.ts', text);
  let found: readonly Told[] = [];
  for (let i = 0; i < times; i++) {
    const { warnings } = await compile(model, { readSource });
    found = warnings.map((warning) => ({
      code: warning.code,
      severity: warning.severity,
      message: showDiagnostic(warning),
    }));
  }
  return found;
}

async function writeTrainer(text: string, scratch: Scratch): Promise<void> {
  const model = await scratch.load('tiny.model.ts', text);
  scratch.write('tiny.trainer.ts', (await compile(model, { readSource })).code);
}

/** Imports the program; names of folders in it are those of the scratch folder. */
async function runProgram(text: string, scratch: Scratch): Promise<readonly Told[]> {
  const placed = text.replaceAll("'out/run'", JSON.stringify(join(scratch.folder, 'out/run')));
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    moduleCache: false,
    virtualModules: {
      'chainrule/runtime': runtime,
      'chainrule/checkpoint': checkpoint,
      'chainrule/checkpoint/node': checkpointNode,
    },
  });
  await jiti.import(scratch.write('program.ts', placed));
  return [];
}

/** Runs a command as the command line does, with files where the words name them, and nothing printed. */
async function runCommand(words: string, files: Files, scratch: Scratch): Promise<readonly Told[]> {
  for (const [name, contents] of Object.entries(files))
    scratch.write(name, typeof contents === 'string' ? contents : Uint8Array.from(contents));
  mkdirSync(join(scratch.folder, 'out'), { recursive: true });
  const parsed = parse(commands, wordsOf(words), { version: '' });
  if (parsed.kind !== 'call') throw new Error(`${words} asks for help.`);
  const { command, call } = parsed;
  const named = Object.keys(files).map((name) => name.replace(/\/.*/, ''));
  const names = ['model.ts', 'modle.ts', 'points.csv', 'weights.safetensors', 'out', ...named];
  const place = (word: string): string => {
    const name = names.find((one) => word === one || word.startsWith(`${one}?`) || word.includes(`:${one}`));
    return name === undefined ? word : word.replace(name, join(scratch.folder, name));
  };
  const options = new Map([...call.options].map(([name, value]) => [name, place(value)]));
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try {
    await command.run({ model: place(call.model), options }, { whenPipeCloses: () => undefined });
  } finally {
    process.stdout.write = write;
  }
  return [];
}

/** The words of a line as a shell takes them apart. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
