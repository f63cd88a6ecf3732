/** The pages of the public interface: one for each entry of the package. */

import { join, posix, relative } from 'node:path';
import { type Node, Project } from 'ts-morph';
import { docOf, kindOf, signatureOf } from './api-declarations.ts';
import { anchorOf, byText, code, fence, link, type Page, page, prose, section, table } from './markdown.ts';
import { purposeOf, read, repository } from './sources.ts';

/** An entry of `exports` in package.json, and the source it is built from. */
interface Entry {
  readonly name: string;
  readonly source: string;
}

export interface Exported {
  readonly entry: string;
  readonly name: string;
  readonly kind: string;
  readonly doc: string;
  readonly signature: string;
  /** Where it is declared. */
  readonly source: string;
}

export function entriesOfPackage(): readonly Entry[] {
  const { name, exports: all }: { name: string; exports: Record<string, string | { types: string }> } =
    JSON.parse(read('package.json'));
  return Object.entries(all).flatMap(([path, target]) => {
    if (typeof target === 'string') return [];
    const source = target.types.replace(/^\.\/dist\//, '').replace(/\.d\.ts$/, '.ts');
    return [{ name: posix.join(name, path), source }];
  });
}

/** What each entry exports, by name. */
export function exportsOf(entries: readonly Entry[]): readonly Exported[] {
  const project = new Project({
    compilerOptions: { allowImportingTsExtensions: true, noLib: true, types: [] },
  });
  return entries.flatMap(({ name: entry, source }) => {
    const file = project.addSourceFileAtPath(join(repository, source));
    project.resolveSourceFileDependencies();
    return [...file.getExportedDeclarations()]
      .sort(([a], [b]) => byText(a, b))
      .flatMap(([name, declarations]) => {
        const [first] = declarations;
        return first === undefined ? [] : [exportedOf(entry, name, first)];
      });
  });
}

function exportedOf(entry: string, name: string, node: Node): Exported {
  const source = relative(repository, node.getSourceFile().getFilePath()).replaceAll('\\', '/');
  return { entry, name, kind: kindOf(node), doc: docOf(node), signature: signatureOf(name, node), source };
}

const pathOf = (entry: string): string => `docs/api/${entry.replaceAll('/', '-')}.md`;

export function apiPages(): readonly Page[] {
  const entries = entriesOfPackage();
  const all = exportsOf(entries);
  return [
    indexPage(entries, all),
    ...entries.map((entry) =>
      entryPage(
        entry,
        all.filter((one) => one.entry === entry.name),
      ),
    ),
  ];
}

function indexPage(entries: readonly Entry[], all: readonly Exported[]): Page {
  const rows = entries.map(({ name, source }) => {
    const own = all.filter(({ entry }) => entry === name);
    return [
      link(code(name), posix.basename(pathOf(name))),
      firstSentence(purposeOf(source)),
      own.length === 0 ? 'types of imports' : String(own.length),
    ];
  });
  return page(
    'docs/api/README.md',
    'The public interface',
    'One page for each entry of the package, from the comments in the sources. What is not exported by one of them is no part of the interface, and may change. Every name:',
    table(['entry', 'what it is', 'exports'], rows),
    ...entries.map(({ name }) => {
      const own = all.filter(({ entry }) => entry === name);
      const links = own.map((one) =>
        link(code(one.name), `${posix.basename(pathOf(name))}#${anchorOf(headingOf(one))}`),
      );
      return own.length === 0 ? '' : section(2, code(name), links.join(' '));
    }),
  );
}

const firstSentence = (text: string): string => text.replace(/\s+/g, ' ').replace(/([^:])\. .*$/, '$1.');

/** How each entry is imported, in a line. */
const imports: Readonly<Record<string, string>> = {
  chainrule: "import { dense, model } from 'chainrule';",
  'chainrule/runtime': "import { createTrainer } from 'chainrule/runtime';",
  'chainrule/worker': "import { connect } from 'chainrule/worker';",
  'chainrule/threads': "import { withThreads } from 'chainrule/threads';",
  'chainrule/checkpoint': "import { fitWithCheckpoints, openDatabase } from 'chainrule/checkpoint';",
  'chainrule/checkpoint/node': "import { fitWithCheckpoints, openFolder } from 'chainrule/checkpoint/node';",
  'chainrule/testing': "import { checkTrainer, gradcheck } from 'chainrule/testing';",
  'chainrule/vite': "import { chainrule } from 'chainrule/vite';",
  'chainrule/vite/client': '/// <reference types="chainrule/vite/client" />',
};

function entryPage({ name, source }: Entry, own: readonly Exported[]): Page {
  const files = [...new Set(own.map((one) => one.source))].sort(byText);
  const line = imports[name] ?? `import {} from '${name}';`;
  return page(
    pathOf(name),
    name,
    prose(purposeOf(source)),
    fence('ts', line),
    own.length === 0
      ? fence('ts', read(source))
      : table(
          ['', 'exports'],
          files.map((file) => [
            titleOf(file),
            own
              .filter((one) => one.source === file)
              .map((one) => link(code(one.name), `#${anchorOf(headingOf(one))}`))
              .join(', '),
          ]),
        ),
    ...files.map((file) =>
      section(
        2,
        titleOf(file),
        `${prose(purposeOf(file))} (${link(code(file), `../../${file}`)})`,
        ...own.filter((one) => one.source === file).map(exportText),
      ),
    ),
  );
}

/** `src/nn/batch-norm.ts` is about batch norm. */
function titleOf(file: string): string {
  const words = posix.basename(file, '.ts').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const headingOf = ({ kind, name }: Exported): string => `${kind} ${code(name)}`;

const exportText = (one: Exported): string =>
  section(3, headingOf(one), fence('ts', one.signature), prose(one.doc));
