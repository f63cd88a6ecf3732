/** The rules of the house: who may import whom, what nobody writes, and how long files and functions get. */

import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { cyclesOf, type Edge } from '../ir/digraph.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = new Project({
  compilerOptions: { allowImportingTsExtensions: true, noLib: true, types: [] },
});
project.addSourceFilesAtPaths(
  ['ir', 'passes', 'codegen', 'src'].map((folder) => join(root, folder, '**/*.{ts,tsx}')),
);

const pathOf = (file: SourceFile): string => relative(root, file.getFilePath()).replaceAll('\\', '/');
const files = project.getSourceFiles().sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));

interface Import {
  readonly from: string;
  /** A path from the root for a file of ours, the name of the package for all others. */
  readonly to: string;
  readonly line: number;
  readonly typeOnly: boolean;
  readonly ours: boolean;
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Imports and re-exports, and `import('...')` as an expression. */
function importsOf(file: SourceFile): Import[] {
  const from = pathOf(file);
  const described = (specifier: string, line: number, typeOnly: boolean): Import => {
    const ours = specifier.startsWith('.');
    const to = ours ? join(dirname(from), specifier).replaceAll('\\', '/') : packageOf(specifier);
    return { from, to, line, typeOnly, ours };
  };
  const declared = [...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((node) => {
    const specifier = node.getModuleSpecifierValue();
    return specifier === undefined ? [] : [described(specifier, node.getStartLineNumber(), isTypeOnly(node))];
  });
  const dynamic = file.getDescendantsOfKind(SyntaxKind.CallExpression).flatMap((call) => {
    const [argument] = call.getArguments();
    return call.getExpression().getKind() === SyntaxKind.ImportKeyword && Node.isStringLiteral(argument)
      ? [described(argument.getLiteralValue(), call.getStartLineNumber(), false)]
      : [];
  });
  return [...declared, ...dynamic];
}

function isTypeOnly(node: Node): boolean {
  if (Node.isImportDeclaration(node)) {
    const named = node.getNamedImports();
    const nothingElse = node.getDefaultImport() === undefined && node.getNamespaceImport() === undefined;
    return node.isTypeOnly() || (nothingElse && named.length > 0 && named.every((name) => name.isTypeOnly()));
  }
  if (!Node.isExportDeclaration(node)) return false;
  const named = node.getNamedExports();
  return node.isTypeOnly() || (named.length > 0 && named.every((name) => name.isTypeOnly()));
}

const imports = files.flatMap(importsOf);
const show = ({ from, line, to }: Import): string => `${from}:${line} imports ${to}`;

/** Which folders and packages the files of a folder may import, themselves aside. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'ir/': ['@dagrejs/graphlib'],
  'passes/': ['ir/'],
  'codegen/': ['ir/', 'ts-morph', '@bufbuild/protobuf'],
  'src/runtime/': [],
  'src/dsl/': ['ir/', 'src/nn/', 'src/optim/'],
  'src/nn/': ['ir/', 'src/dsl/', 'src/optim/'],
  'src/optim/': ['ir/', 'src/dsl/', 'src/nn/'],
  'src/derivation/': [
    'ir/',
    'passes/',
    'src/dsl/',
    'src/pipeline.ts',
    'src/report/',
    'src/runtime/',
    'katex',
    'node:path',
  ],
  'src/inspection/': [
    'codegen/',
    'ir/',
    'passes/',
    'src/compile.ts',
    'src/derivation/',
    'src/dsl/',
    'src/explain-schedule.ts',
    'src/pipeline.ts',
    'src/report/',
    '@dagrejs/dagre',
  ],
  'src/inspector/': [
    'src/inspection/inspection.ts',
    '@lezer/common',
    '@lezer/highlight',
    '@lezer/javascript',
    '@preact/signals',
    'preact',
    'vite',
    'node:path',
    'node:url',
  ],
  'src/report/': [
    'src/bind.ts',
    'src/data/',
    'src/runtime/',
    '@observablehq/plot',
    'linkedom',
    'node:crypto',
    'node:zlib',
    'simple-ascii-chart',
  ],
};

/** Packages that draw, each with the one file that knows it: another one could take their place there. */
const drawing: Readonly<Record<string, string>> = {
  '@observablehq/plot': 'src/report/plot.ts',
  linkedom: 'src/report/plot.ts',
  'simple-ascii-chart': 'src/report/terminal.ts',
};

/** What the pages are written in: the inspector and the studio, which has the inspector in it. */
const pagesAre = new Set(['preact', '@preact/signals', '@lezer/highlight', '@lezer/javascript', 'vite']);

describe('imports', () => {
  it('are found, of every kind', () => {
    const find = (from: string, to: string) => imports.find((one) => one.from === from && one.to === to);
    expect(find('src/dsl/model.ts', 'ir/errors.ts')).toMatchObject({ typeOnly: false, ours: true });
    expect(find('src/dsl/model.ts', 'src/optim/optimizer.ts')).toMatchObject({ typeOnly: true });
    expect(find('src/instantiate.ts', 'codegen/ts/transpile.ts')).toMatchObject({ typeOnly: false });
    expect(find('ir/digraph.ts', '@dagrejs/graphlib')).toMatchObject({ ours: false });
    expect(find('src/index.ts', 'src/compile.ts')).toBeDefined();
  });

  it.each(Object.entries(allowed))('of %s stay within %j', (folder, others) => {
    const own = imports.filter(({ from }) => from.startsWith(folder));
    expect(own.length).toBeGreaterThan(0);
    const fits = ({ to, ours }: Import): boolean =>
      ours ? [folder, ...others].some((prefix) => to.startsWith(prefix)) : others.includes(to);
    expect(own.filter((one) => !fits(one)).map(show)).toEqual([]);
  });

  it('lead to files that exist', () => {
    const known = new Set(files.map(pathOf));
    // The bundler has suffixes of its own, for what is imported as text or as a worker.
    const bundled = (to: string): string => to.replace(/\?(raw|worker|url|worker&url)$/, '');
    const missing = imports.filter(({ ours, to }) => ours && !to.endsWith('.css') && !known.has(bundled(to)));
    expect(missing.map(show)).toEqual([]);
  });

  it('of a package come from one folder alone', () => {
    const folders = new Map<string, Set<string>>();
    for (const { from, to, ours } of imports) {
      if (ours || to.startsWith('node:')) continue;
      folders.set(to, (folders.get(to) ?? new Set()).add(importingFolder(from)));
    }
    expect([...folders.keys()]).toEqual(expect.arrayContaining(['@dagrejs/graphlib', 'ts-morph']));
    const spread = [...folders].filter(([name, from]) => from.size > 1 && !pagesAre.has(name));
    expect(spread.map(([name, from]) => `${name} in ${[...from].join(' and ')}`)).toEqual([]);
  });

  it.each(Object.entries(drawing))(
    'of %s are made by %s alone, when there is something to draw',
    (name, file) => {
      const own = imports.filter(({ to }) => to === name);
      expect([...new Set(own.map(({ from }) => from))]).toEqual([file]);
      const atStart = files
        .filter((one) => pathOf(one) === file)
        .flatMap((one) => one.getImportDeclarations())
        .filter((node) => node.getModuleSpecifierValue() === name && !isTypeOnly(node));
      expect(atStart.map(place)).toEqual([]);
    },
  );

  it('of reports are made by the command line and by other pages alone', () => {
    const others = imports.filter(
      ({ from, to }) =>
        to.startsWith('src/report/') &&
        !/^src\/(?:report\/|cli\/|studio\/|derivation\/(?:page|markup)\.ts|inspection\/page\.ts)/.test(from),
    );
    expect(others.map(show)).toEqual([]);
  });

  it('of values have no cycles', () => {
    const edges: Edge[] = imports
      .filter(({ ours, typeOnly }) => ours && !typeOnly)
      .map(({ from, to }) => ({ from, to }));
    const [first] = edges;
    if (first === undefined) throw new Error('No imports were found.');
    expect(cyclesOf(files.map(pathOf), edges)).toEqual([]);
    expect(cyclesOf(files.map(pathOf), [...edges, { from: first.to, to: first.from }])).not.toEqual([]);
  });
});

/** `ir`, `passes`, `codegen`, and each folder of `src`; the files of `src` itself are a folder too. */
function importingFolder(path: string): string {
  const [top = '', second = ''] = path.split('/');
  return top === 'src' && !second.endsWith('.ts') ? `src/${second}` : top;
}

const place = (node: Node): string => `${pathOf(node.getSourceFile())}:${node.getStartLineNumber()}`;
const placesOf = (kind: SyntaxKind): string[] =>
  files.flatMap((file) => file.getDescendantsOfKind(kind)).map(place);

describe('nobody writes', () => {
  it('any', () => expect(placesOf(SyntaxKind.AnyKeyword)).toEqual([]));
  it('a non-null assertion', () => expect(placesOf(SyntaxKind.NonNullExpression)).toEqual([]));
  it('an enum', () => expect(placesOf(SyntaxKind.EnumDeclaration)).toEqual([]));

  it('an assertion by way of unknown', () => {
    const doubled = files
      .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.AsExpression))
      .filter((node) => Node.isAsExpression(node.getExpression()))
      .map(place);
    expect(doubled).toEqual([]);
  });

  it('a comment that silences the compiler or the linter', () => {
    const silent = files.filter((file) =>
      /@ts-(ignore|expect-error|nocheck)|biome-ignore/.test(file.getText()),
    );
    expect(silent.map(pathOf)).toEqual([]);
  });

  it('code that makes code', () => {
    const made = files
      .flatMap((file) => [
        ...file.getDescendantsOfKind(SyntaxKind.CallExpression),
        ...file.getDescendantsOfKind(SyntaxKind.NewExpression),
      ])
      .filter((node) => /^(eval|Function)$/.test(node.getExpression().getText()))
      .map(place);
    expect(made).toEqual([]);
  });
});

/** What a compilation must not depend on: the clock, chance, the place and the language of the machine. */
const impure =
  /^(Date\.now|Math\.random|performance\.now|new Date|process\.(env|cwd|hrtime)|crypto\.\w+|Intl\.\w+)$/;
const localeDependent = /\.(localeCompare|toLocale\w*)$/;

describe('what decides the emitted bytes', () => {
  const pure = ['ir/', 'passes/', 'codegen/', 'src/dsl/', 'src/nn/', 'src/optim/'];
  const deciding = files.filter((file) => pure.some((folder) => pathOf(file).startsWith(folder)));
  const textsOf = (file: SourceFile) => [
    ...file.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression).map((n) => [n, n.getText()] as const),
    ...file
      .getDescendantsOfKind(SyntaxKind.NewExpression)
      .map((n) => [n, `new ${n.getExpression().getText()}`] as const),
  ];

  it('asks neither the clock nor chance, nor where and in what language it runs', () => {
    expect(deciding.length).toBeGreaterThan(50);
    const found = deciding
      .flatMap(textsOf)
      .filter(([, text]) => impure.test(text) || localeDependent.test(text));
    expect(found.map(([node, text]) => `${place(node)} ${text}`)).toEqual([]);
  });

  it('would be found to: the pipeline measures its passes', () => {
    const timed = files.filter((file) => textsOf(file).some(([, text]) => impure.test(text)));
    expect(timed.map(pathOf)).toContain('src/pipeline.ts');
  });
});

const lines = (node: Node): number => node.getEndLineNumber() - node.getStartLineNumber() + 1;

describe('sizes', () => {
  it('no file is longer than 300 lines', () => {
    const long = files.map((file) => [pathOf(file), file.getEndLineNumber() - 1] as const);
    expect(long.filter(([, count]) => count > 300)).toEqual([]);
  });

  it('no function is longer than 60 lines', () => {
    const kinds = [
      SyntaxKind.FunctionDeclaration,
      SyntaxKind.ArrowFunction,
      SyntaxKind.FunctionExpression,
      SyntaxKind.MethodDeclaration,
    ];
    const functions: readonly Node[] = files.flatMap((file) =>
      kinds.flatMap((kind): readonly Node[] => file.getDescendantsOfKind(kind)),
    );
    expect(functions.length).toBeGreaterThan(500);
    const long = functions.filter((node) => lines(node) > 60);
    expect(long.map((node) => `${place(node)}: ${lines(node)} lines`)).toEqual([]);
  });

  it('every file opens with its purpose', () => {
    const silent = files.filter((file) => !/^\/\*\*[\s*]+[\w`'-][^@]*?\.\s*\*\//.test(file.getFullText()));
    expect(silent.map(pathOf)).toEqual([]);
  });

  it('no file is a bag of odds and ends', () => {
    const bags = files.filter((file) => /^(utils?|misc|common)\.tsx?$/.test(basename(pathOf(file))));
    expect(bags.map(pathOf)).toEqual([]);
  });
});
