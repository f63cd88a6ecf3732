/** The page of errors: every code with what it means, why it is refused, how to mend it, and an example. */

import { runExamples, type Told } from './error-examples.ts';
import { type ErrorGroup, errorGroups } from './error-texts/index.ts';
import { type ErrorText, type Example, tiny } from './error-texts/text.ts';
import { anchorOf, blocks, code, details, fence, link, type Page, page, section, table } from './markdown.ts';
import { filesIn, read } from './sources.ts';

const introduction = blocks(
  'Every error has a code that stays the same, a message that says what was expected and what came, and what to do next. This page has all of them: what each means, why it is refused, how to mend it, and an example with the words that it gives. The words were made by running the examples; what would take another process, a network or a fault of ours is quoted.',
  'What is thrown: `CompileError` of `chainrule` for models, with the code in `diagnostic.code` and the line in `diagnostic.site`; `InputError` of `chainrule/runtime` for data, files, options and trainings, with the code in `code`. The command line prints the same, and ends with an exit code that is not 0. Warnings end nothing. A `bug` is a fault of chainrule, and worth a report.',
);

/** Codes that the sources have: the letters, a slash, the letters, in quotes; and those of the command line alone. */
export function codesInSources(): readonly string[] {
  const files = ['ir', 'passes', 'codegen', 'src']
    .flatMap(filesIn)
    .filter((path) => !/^src\/(studio|inspector)\//.test(path));
  const quoted = files.flatMap(
    (path) => withoutImports(read(path)).match(/(?<=')[a-z]+\/[a-z-]+(?=')/g) ?? [],
  );
  const own = [...read('src/cli/failure.ts').matchAll(/failure\(\s*'([a-z/-]+)'/g)].map(
    ([, name = '']) => name,
  );
  const printed = ['src/cli/output.ts', 'src/cli/bin.mjs'].flatMap((path) =>
    [...read(path).matchAll(/error\[([a-z/-]+)\]|located\(undefined, '([a-z/-]+)'/g)].map(
      ([, a, b]) => a ?? b ?? '',
    ),
  );
  return [...new Set([...quoted, ...own, ...printed])].filter((name) => !isNoCode(name)).sort();
}

/** Names of modules and of kinds of content, which have a slash as well. */
const isNoCode = (name: string): boolean => /^(chainrule|text|application|preact)\//.test(name);

const withoutImports = (text: string): string => text.replace(/^(import|export)[^;]*? from '[^']*';$/gm, '');

export async function errorsPage(): Promise<Page> {
  const texts = errorGroups.flatMap(({ errors }) => errors);
  const told = await runExamples(texts);
  return page(
    'docs/errors.md',
    'Errors',
    introduction,
    section(
      2,
      'The model of the calls',
      'Calls and commands below use this model, as `model.ts`, and its trainer, as `tiny.trainer.ts`, unless they show another one:',
      fence('ts', tiny),
    ),
    table(
      ['code', 'severity', 'means'],
      texts.map(({ code: name, means }) => [
        link(code(name), `#${anchorOf(name)}`),
        told.get(name)?.severity ?? '',
        means,
      ]),
    ),
    ...errorGroups.map((group) => groupSection(group, told)),
  );
}

const groupSection = ({ title, about, errors }: ErrorGroup, told: ReadonlyMap<string, Told>): string =>
  section(2, title, about, ...errors.map((error) => entry(error, told.get(error.code))));

function entry({ code: name, means, why, mend, example }: ErrorText, told: Told | undefined): string {
  if (told === undefined) return '';
  return section(
    3,
    code(name),
    `**${told.severity}.** ${means}`,
    `**Why:** ${why}`,
    `**What to do:** ${mend}`,
    exampleText(example),
    fence('text', wrapped(told.message)),
  );
}

function exampleText(example: Example): string {
  switch (example.kind) {
    case 'told':
      return 'Quoted:';
    case 'model':
      return blocks(
        fence('ts', example.text),
        example.times === undefined ? '' : `Compiled ${example.times} times:`,
      );
    case 'call':
      return blocks(
        example.model === undefined ? '' : details('The model', fence('ts', example.model)),
        fence('ts', example.text),
      );
    case 'command':
      return blocks(
        example.model === undefined ? '' : details('The model', fence('ts', example.model)),
        ...Object.entries(example.files ?? {}).map(([name, contents]) =>
          typeof contents === 'string' && contents !== ''
            ? blocks(`With ${code(name)}:`, fence('text', contents))
            : '',
        ),
        fence('sh', `npx chainrule ${example.words}`),
      );
  }
}

/** Long lines are broken where there is a space, so that nobody has to scroll. */
const wrapped = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      const lines: string[] = [];
      let current = '';
      for (const word of line.trim().split(' ')) {
        if (current !== '' && current.length + word.length + 1 > 110) {
          lines.push(current);
          current = `${indent}    ${word}`;
        } else current = current === '' ? `${indent}${word}` : `${current} ${word}`;
      }
      return [...lines, current];
    })
    .join('\n');
