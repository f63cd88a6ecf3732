/** Names from outside are looked up as own keys: in a Map, or after a question about own properties. */

import { join, relative } from 'node:path';
import { Node, Project, SyntaxKind } from 'ts-morph';
import { expect, it } from 'vitest';
import { repository } from '../cli/run.ts';

const project = new Project({
  compilerOptions: { allowImportingTsExtensions: true, noLib: true, types: [] },
});
project.addSourceFilesAtPaths(
  ['runtime', 'cli', 'data', 'report'].map((folder) => join(repository, 'src', folder, '**/*.ts')),
);
const files = project.getSourceFiles();
const placeOf = (node: Node): string =>
  `${relative(repository, node.getSourceFile().getFilePath())}:${node.getStartLineNumber()}: ${node.getText().slice(0, 80)}`;

it('the files are found', () => {
  expect(files.length).toBeGreaterThan(60);
});

it('`in` asks for members that the code names itself, never for a name that is a variable', () => {
  const found = files
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.BinaryExpression))
    .filter((node) => node.getOperatorToken().getKind() === SyntaxKind.InKeyword)
    .filter((node) => !Node.isStringLiteral(node.getLeft()));
  expect(found.map(placeOf)).toEqual([]);
});

it('`for ... in` is not used: it meets what all objects share', () => {
  expect(files.flatMap((file) => file.getDescendantsOfKind(SyntaxKind.ForInStatement)).map(placeOf)).toEqual(
    [],
  );
});

it('nothing touches a prototype by name, and nothing makes code from text', () => {
  const words = /^(?:__proto__|eval|Function|setPrototypeOf|__defineGetter__|__defineSetter__)$/;
  const found = files
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.Identifier))
    .filter((node) => words.test(node.getText()))
    // An option of a worker is called so: its script is a constant of ours.
    .filter(
      (node) => !Node.isPropertyAssignment(node.getParent()) && !Node.isPropertySignature(node.getParent()),
    );
  expect(found.map(placeOf)).toEqual([]);
});

it('only output.ts writes to a terminal, but for emitted code and exports, pages, the version, and the bar', () => {
  const written = files
    .filter((file) => file.getFilePath().includes('/src/cli/'))
    .flatMap((file) => file.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression))
    .filter((node) => /^(?:process\.std(?:out|err)\.write|console\.\w+)$/.test(node.getText()));
  const places = written.map((node) => {
    const argument = Node.isCallExpression(node.getParent()) ? node.getParentOrThrow().getText() : '';
    return `${node.getSourceFile().getBaseName()}: ${argument}`;
  });
  expect(places.sort()).toEqual([
    'compile.ts: process.stdout.write(compiled.code)',
    'export-onnx.ts: process.stdout.write(bytes)',
    'export-stablehlo.ts: process.stdout.write(text)',
    'inspect.ts: process.stdout.write(page)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a call
    'output.ts: process.stderr.write(`${shown(line)}\\n`)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a call
    'output.ts: process.stdout.write(`${shown(line)}\\n`)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a call
    'parser.ts: console.log(`chainrule ${version}`)',
  ]);
});
