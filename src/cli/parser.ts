/** The commands as the argument parser knows them: it prints the help and tells values from file names. */

import { type CAC, cac } from 'cac';
import { asksForHelp, findCommand, normalized } from './arguments.ts';
import type { Call, CommandSpec, OptionSpec } from './command.ts';
import { usageError } from './failure.ts';

export type Parsed =
  | { readonly kind: 'shown' }
  | { readonly kind: 'call'; readonly command: CommandSpec; readonly call: Call };

/** The command that `words` call; `shown` when they asked for help or the version, which is then printed. */
export function parse(
  commands: readonly CommandSpec[],
  words: readonly string[],
  { version }: { readonly version: string },
): Parsed {
  const [name, ...rest] = words;
  if (name === '--version' || name === '-v') {
    console.log(`chainrule ${version}`);
    return { kind: 'shown' };
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const [topic] = rest;
    const command = topic === undefined || topic.startsWith('-') ? undefined : findCommand(commands, topic);
    showHelp(commands, command);
    return { kind: 'shown' };
  }
  const command = findCommand(commands, name);
  if (asksForHelp(rest)) {
    showHelp(commands, command);
    return { kind: 'shown' };
  }
  const cli = createParser([command], command);
  const { args, options } = cli.parse(['', '', name, ...normalized(command, rest)], { run: false });
  const files = [...args, ...(Array.isArray(options['--']) ? options['--'] : [])].map(String);
  return {
    kind: 'call',
    command,
    call: { model: modelOf(command, files), options: valuesOf(command, options) },
  };
}

function modelOf(command: CommandSpec, files: readonly string[]): string {
  const usage = `Write: chainrule ${usageOf(command)}`;
  const [model, extra] = command.takesModel ? files : ['', ...files];
  if (model === undefined) {
    const what = command.file === undefined ? 'a model file' : `the argument ${command.file}`;
    throw usageError(`${command.name} needs ${what}.`, usage);
  }
  if (extra !== undefined) throw usageError(`unexpected argument "${extra}".`, usage);
  return model;
}

/** Values as they were written: the parser leaves text that begins with `=` alone. */
function valuesOf(
  { options }: CommandSpec,
  parsed: { readonly [name: string]: unknown },
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { name, value } of options) {
    const found = parsed[camelCase(name.replace(/^no-/, ''))];
    if (value !== undefined && found !== undefined) values.set(name, String(found).slice(1));
    if (value === undefined && found === !name.startsWith('no-')) values.set(name, '');
  }
  return values;
}

const camelCase = (name: string): string =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

const usageOf = ({ name, takesModel, file = 'MODEL.ts', options }: CommandSpec): string =>
  [name, ...(takesModel ? [file] : []), ...(options.length > 0 ? ['[options]'] : [])].join(' ');

function showHelp(commands: readonly CommandSpec[], command: CommandSpec | undefined): void {
  const cli = createParser(
    commands.filter(({ hidden, name }) => !hidden || name === command?.name),
    command,
  );
  cli.parse(['', '', ...(command === undefined ? [] : [command.name]), '--help'], { run: false });
}

function createParser(commands: readonly CommandSpec[], shown: CommandSpec | undefined): CAC {
  const cli = cac('chainrule');
  for (const command of commands) {
    const { name, about, takesModel, file = 'MODEL.ts' } = command;
    const declared = cli.command(`${name}${takesModel ? ` <${file}>` : ''}`, about);
    declared.usage(usageOf(command));
    for (const option of command.options) declared.option(flagsOf(option), option.about);
    for (const example of command.examples) declared.example((bin) => `  $ ${bin} ${example}`);
  }
  cli.help((sections) => {
    const [, ...rest] = sections;
    const title =
      shown?.about ?? 'compiles a neural network, written in TypeScript, to a trainer you can read';
    const notes = shown?.notes ? [{ body: shown.notes.join('\n') }] : [];
    // The parser's own list of "--help" calls says less than the examples do.
    const kept = rest.filter((section) => !section.title?.startsWith('For more info'));
    const at = kept.findIndex((section) => section.title === 'Examples');
    const tidy = kept.map((section) => ({
      ...section,
      body: section.body.replace(/ \(default: true\)| +$/gm, ''),
    }));
    const end = at < 0 ? tidy.length : at;
    return [
      { body: `chainrule${shown ? ` ${shown.name}` : ''}: ${title}` },
      ...tidy.slice(0, end),
      ...notes,
      ...tidy.slice(end),
    ];
  });
  if (shown === undefined) cli.option('-v, --version', 'Display the version');
  cli.usage('COMMAND ...');
  cli.example((bin) => `  $ ${bin} train examples/digits/model.ts`);
  cli.example((bin) => `  $ ${bin} train --help`);
  return cli;
}

const flagsOf = ({ name, short, value }: OptionSpec): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` <${value}>`}`;
