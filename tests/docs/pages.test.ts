/** The pages of docs/ are what the generator writes, lead where they say, and show what works. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import katex from 'katex';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entriesOfPackage, exportsOf } from '../../docs/make/api.ts';
import { wordsOf } from '../../docs/make/error-examples.ts';
import { errorGroups } from '../../docs/make/error-texts/index.ts';
import { codesInSources } from '../../docs/make/errors.ts';
import { makePages } from '../../docs/make/pages.ts';
import { withScratch } from '../../docs/make/scratch.ts';
import { filesIn, read } from '../../docs/make/sources.ts';
import { opNames } from '../../ir/ops/index.ts';
import { simplifyEquations, simplifyRules } from '../../passes/equations/index.ts';
import { stability } from '../../passes/equations/stability.ts';
import { commands } from '../../src/cli/commands.ts';
import { parse } from '../../src/cli/parser.ts';
import { compile } from '../../src/compile.ts';
import { parseDataSpec } from '../../src/data/spec.ts';
import { derive } from '../../src/derivation/derive.ts';
import { loadModel } from '../../src/load-model.ts';
import { passNames } from '../../src/pipeline.ts';
import { expectGolden, repository } from '../golden/modules.ts';
import { anchorsIn, codeIn, fencesIn, formulasIn, linksIn } from './reading.ts';

const pages = await makePages();
const texts = new Map(pages.map(({ path, text }) => [path, text]));
const paths = [...texts.keys()];
const textOf = (path: string): string => texts.get(path) ?? '';
const readSource = (file: string): string => readFileSync(file, 'utf8');

/** A piece of code is a program, or what stands in an object or in a list. */
const forms = [
  (text: string) => text,
  (text: string) => `({ ${text} })`,
  (text: string) => `[${text}]`,
] as const;

function parses(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(text, { reportDiagnostics: true });
  return diagnostics.length === 0;
}

describe.each(paths)('%s', (path) => {
  it('is what the generator writes', () => {
    if (process.env.UPDATE_GOLDEN === '1') mkdirSync(dirname(join(repository, path)), { recursive: true });
    expectGolden(textOf(path), path);
  });

  it('has links that lead to files and headings that exist', () => {
    for (const link of linksIn(textOf(path))) {
      if (/^https?:/.test(link)) continue;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), file));
      expect(texts.has(target) || existsSync(join(repository, target)), link).toBe(true);
      if (anchor === undefined) continue;
      // A heading that there is twice has an anchor with a number, which nobody would see to.
      expect(anchorsIn(texts.get(target) ?? read(target)).get(anchor), link).toBe(1);
    }
  });

  it('has formulas that can be set', () => {
    for (const tex of formulasIn(textOf(path)))
      expect(() => katex.renderToString(tex, { strict: false, output: 'mathml' }), tex).not.toThrow();
  });

  it('has TypeScript that can be parsed, but for the example of what cannot', () => {
    const shown = fencesIn(textOf(path)).filter(({ language }) => language === 'ts');
    const wrong = shown.filter(({ text }) => !forms.some((form) => parses(form(text))));
    expect(wrong.length, wrong[0]?.text).toBe(path === 'docs/errors.md' ? 1 : 0);
  });

  it('says nothing of the machine that it was made on', () => {
    for (const place of [repository, tmpdir()]) expect(textOf(path)).not.toContain(place);
  });
});

it('no page is left of something that is gone', () => {
  for (const folder of ['docs/api', 'docs/tutorial'])
    expect(
      readdirSync(join(repository, folder))
        .map((name) => `${folder}/${name}`)
        .sort(),
    ).toEqual(paths.filter((path) => path.startsWith(`${folder}/`)).sort());
});

/** Every command of the pages that is to work, with the page that it stands on. */
const shownCommands = paths
  .filter((path) => path !== 'docs/errors.md')
  .flatMap((path) => {
    const lines = fencesIn(textOf(path)).flatMap(({ language, text }) =>
      language === 'sh' ? text.split('\n') : [],
    );
    return [...lines, ...codeIn(textOf(path))]
      .filter((line) => line.startsWith('npx chainrule '))
      .map((line) => [line.replace(/^npx chainrule /, ''), path] as const);
  });

describe('commands', () => {
  it('are there, those of the tutorial among them', () => {
    expect(shownCommands.length).toBeGreaterThan(40);
  });

  it.each(shownCommands)('%s (%s) is one that exists, of a model that exists', async (line) => {
    const parsed = parse(commands, wordsOf(line), { version: '' });
    if (parsed.kind !== 'call') throw new Error(`${line} is no call.`);
    const { model, options } = parsed.call;
    if (/^[A-Z]/.test(model)) return;
    expect(existsSync(join(repository, model)), model).toBe(true);
    const data = options.get('data');
    if (data !== undefined) expect(() => parseDataSpec(data)).not.toThrow();
    expect(passNames).toContain(options.get('print-after') ?? passNames[0]);
    const only = options.get('for');
    if (only === undefined) return;
    const loaded = await loadModel(join(repository, model));
    expect(derive(loaded, readSource, only).gradients.length).toBeGreaterThan(0);
  });
});

const models = paths
  .filter((path) => path !== 'docs/errors.md')
  .flatMap((path) => fencesIn(textOf(path)).map(({ text }) => [path, text] as const))
  .filter(([, text]) => text.includes('export default model('));

it.each(models)('a model on %s compiles', async (_path, text) => {
  const { code } = await withScratch(async ({ load }) =>
    compile(await load('shown.model.ts', text), { verify: true }),
  );
  expect(code).toContain('export function create');
});

it('there are models on the pages', () => {
  expect(models.length).toBeGreaterThan(4);
});

describe('errors.md', () => {
  const described = errorGroups.flatMap(({ errors }) => errors);

  it('has every code that is in the sources, once, and no other', () => {
    expect(described.map(({ code }) => code).sort()).toEqual(codesInSources());
  });

  it('finds codes of the compiler, of data, of checkpoints and of the command line', () => {
    expect(codesInSources()).toEqual(
      expect.arrayContaining([
        'shape/matmul',
        'model/syntax',
        'data/csv',
        'checkpoint/locked',
        'usage',
        'internal',
      ]),
    );
  });

  it('quotes what it does not run from messages that are in the sources', () => {
    const sources = ['ir', 'src', 'codegen'].flatMap(filesIn).map(read).join('\n') + read('src/cli/bin.mjs');
    for (const { code, example } of described) {
      if (example.kind !== 'told') continue;
      const [, words = ''] = /\]: (.*)/.exec(example.message) ?? [];
      const pieces = words.split(' ');
      const longest = pieces.flatMap((_, from) =>
        pieces.slice(from).map((__, length) => pieces.slice(from, from + length + 1).join(' ')),
      );
      const found = longest.filter(
        (piece) => /\S \S/.test(piece) && piece.length >= 10 && sources.includes(piece),
      );
      expect(found.length, code).toBeGreaterThan(0);
    }
  });
});

it('every op, pass and equation has its place', () => {
  for (const op of opNames) expect(anchorsIn(textOf('docs/ops.md')).get(op.toLowerCase()), op).toBe(1);
  for (const pass of passNames) expect(anchorsIn(textOf('docs/passes.md')).get(pass), pass).toBe(1);
  for (const { name } of [...simplifyRules, ...simplifyEquations, ...stability])
    expect(textOf('docs/equations.md')).toContain(`\`${name}\``);
});

it('every public export has a comment', () => {
  const all = exportsOf(entriesOfPackage());
  expect(all.length).toBeGreaterThan(150);
  expect(all.filter(({ doc }) => doc === '').map(({ entry, name }) => `${entry}: ${name}`)).toEqual([]);
});

it('every folder of examples has a chapter', () => {
  const folders = readdirSync(join(repository, 'examples')).filter((name) => /^\d\d-/.test(name));
  expect(folders.length).toBe(10);
  for (const folder of folders) expect(paths).toContain(`docs/tutorial/${folder}.md`);
});
