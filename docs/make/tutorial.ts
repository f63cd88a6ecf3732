/**
 * The tutorial: what is said by hand in `chapters/NN.md`, with models, mathematics and code put in from the sources.
 *
 * A line `<!-- what argument ... -->` of a chapter is replaced: `model`, `excerpt`, `forward`, `simplified`, `backward`,
 * `result`, `update`, `block`, `state`. An example is named by its path without its ending: `05-initialization/zeros.model`.
 */

import { blocks, fence, link, list, origin, type Page } from './markdown.ts';
import { type Section, type Told, tell } from './parts.ts';
import { filesIn, read } from './sources.ts';
import { blockOf, stateLines } from './trainer-blocks.ts';

interface Chapter {
  /** `03-neural-network`: the folder of the examples, and the name of the page. */
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/** The chapters, in the order of the folders of examples. */
function chapters(): readonly Chapter[] {
  const folders = new Set(filesIn('examples').map((path) => path.split('/')[1] ?? ''));
  return [...folders]
    .filter((name) => /^\d\d-/.test(name))
    .sort()
    .map((name) => {
      const text = read(`docs/make/chapters/${name.slice(0, 2)}.md`);
      const [, title = name] = /^# (.*)$/m.exec(text) ?? [];
      return { name, title, text: text.replace(/^# .*\n+/, '').trimEnd() };
    });
}

export async function tutorialPages(): Promise<readonly Page[]> {
  const all = chapters();
  const pages: Page[] = [];
  for (const [i, chapter] of all.entries()) {
    const text = await filledIn(chapter.text);
    const number = `${Number(chapter.name.slice(0, 2))}. `;
    const way = wayOf(all[i - 1], all[i + 1]);
    pages.push({
      path: `docs/tutorial/${chapter.name}.md`,
      text: `${blocks(`# ${number}${chapter.title}`, origin, way, text, sourcesOf(chapter.name), '---', way)}\n`,
    });
  }
  return [contentsPage(all), ...pages];
}

function contentsPage(all: readonly Chapter[]): Page {
  const text = read('docs/make/chapters/README.md').trimEnd();
  const items = all.map(({ name, title }) => `${Number(name.slice(0, 2))}. ${link(title, `${name}.md`)}`);
  const filled = text
    .replace('<!-- chapters -->', () => items.join('\n'))
    .replace(/^(# .*)$/m, (title) => blocks(title, origin));
  return { path: 'docs/tutorial/README.md', text: `${filled}\n` };
}

/** Links back, up and forward. */
const wayOf = (before: Chapter | undefined, after: Chapter | undefined): string =>
  [
    ...(before === undefined ? [] : [link(`← ${before.title}`, `${before.name}.md`)]),
    link('contents', 'README.md'),
    ...(after === undefined ? [] : [link(`${after.title} →`, `${after.name}.md`)]),
  ].join(' · ');

const sourcesOf = (name: string): string =>
  list([
    `Everything of this chapter: ${link(`\`examples/${name}\``, `../../examples/${name}`)}, with what each model reaches on MNIST.`,
  ]);

/** Each directive with what it asks for. */
async function filledIn(text: string): Promise<string> {
  const told = new Map<string, Told>();
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    const [, what, rest = ''] = /^<!-- (\w+) (.*) -->$/.exec(line) ?? [];
    if (what === undefined) {
      lines.push(line);
      continue;
    }
    const [example = '', ...names] = rest.split(' ');
    const known = told.get(example) ?? (isDerived(what) ? await tell(pathOf(example)) : undefined);
    if (known !== undefined) told.set(example, known);
    lines.push(isDerived(what) ? (known?.(what, names) ?? '') : insertion(what, example, rest));
  }
  return lines.join('\n');
}

const sections: readonly string[] = ['forward', 'simplified', 'backward', 'result', 'update'];
const isDerived = (what: string): what is Section => sections.includes(what);

const pathOf = (example: string): string => `examples/${example}.ts`;
const trainerOf = (example: string): string => `examples/${example.replace(/\.model$/, '')}.trainer.ts`;

function insertion(what: string, example: string, rest: string): string {
  const names = rest.split(' ').slice(1);
  switch (what) {
    case 'model':
      return fence('ts', read(pathOf(example)));
    case 'excerpt':
      return fence('ts', excerptOf(pathOf(example), rest.slice(example.length + 1)));
    case 'block':
      return fence('ts', names.map((name) => blockOf(trainerOf(example), name)).join('\n\n'));
    case 'state':
      return fence('ts', stateLines(trainerOf(example), names));
    default:
      throw new Error(`A chapter asks for ${what}, which there is not.`);
  }
}

/** From the line that has the first text in it to the one that has the second: `"a" "b"`; `"^a"` is a line that is `a`. */
function excerptOf(path: string, rest: string): string {
  const [first = '', last = first] = [...rest.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
  const lines = read(path).split('\n');
  const has = (line: string, text: string): boolean =>
    text.startsWith('^') ? line === text.slice(1) : line.includes(text);
  const from = lines.findIndex((line) => has(line, first));
  const to = lines.findIndex((line, i) => i >= from && has(line, last));
  if (from < 0 || to < 0) throw new Error(`${path} has no lines from ${first} to ${last}.`);
  const chosen = lines.slice(from, to + 1);
  const indent = Math.min(...chosen.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return chosen.map((line) => line.slice(indent)).join('\n');
}
