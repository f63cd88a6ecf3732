/** Who makes which op: methods of tensors, functions of the library, passes. Read from the sources. */

import { join, posix } from 'node:path';
import { Node, Project, type SourceFile, SyntaxKind } from 'ts-morph';
import { isOpName, type OpName } from '../../ir/ops/index.ts';
import { byText } from './markdown.ts';
import { filesIn, repository } from './sources.ts';

export interface Makers {
  /** What users call: `Tensor.add`, `m.input`, `softmaxCrossEntropy`. */
  readonly users: readonly string[];
  /** Ops whose gradient rules build it. */
  readonly rules: readonly string[];
  /** Files of passes that build it. */
  readonly passes: readonly string[];
}

/** A function: the ops that it makes, and what else it uses by name, each as `file#name`. */
interface Made {
  readonly ops: ReadonlySet<string>;
  readonly uses: readonly string[];
}

export function findMakers(): (op: OpName) => Makers {
  const project = new Project({
    compilerOptions: { allowImportingTsExtensions: true, noLib: true, types: [] },
  });
  const add = (path: string): SourceFile => project.addSourceFileAtPath(join(repository, path));
  const functions = new Map<string, Made>();
  for (const path of ['src/dsl', 'src/nn', 'src/optim'].flatMap(filesIn)) {
    const file = add(path);
    const homes = homesIn(file, path);
    for (const [name, body] of functionsOf(file)) functions.set(`${path}#${name}`, madeIn(body, homes));
  }
  const exported = add('src/index.ts')
    .getExportDeclarations()
    .flatMap((one) => one.getNamedExports().map((name) => name.getName()));
  const isPublic = (name: string): boolean => /^(Tensor|m)\./.test(name) || exported.includes(name);
  const made = (folder: string) => filesIn(folder).map((path) => [path, opsIn(add(path))] as const);
  const [rules, passes] = [made('ir/ops'), made('passes')];
  return (op) => ({
    users: [...functions.keys()]
      .filter((key) => isPublic(nameOf(key)) && reaches(functions, key, op))
      .map(nameOf)
      .sort(byText),
    rules: rules.flatMap(([path, ops]) => (ops.has(op) ? opsOf(path) : [])),
    passes: passes.flatMap(([path, ops]) => (ops.has(op) ? [path] : [])),
  });
}

/** The ops that a file of `ir/ops` defines: one, or the two extremes. */
function opsOf(path: string): readonly string[] {
  const name = posix.basename(path, '.ts').replace(/-[a-z]/g, (letter) => letter.slice(1).toUpperCase());
  return name === 'extremum' ? ['maximum', 'minimum'] : [name];
}

const nameOf = (key: string): string => key.slice(key.indexOf('#') + 1);

/** Where each name that a file has at its top comes from. */
function homesIn(file: SourceFile, path: string): ReadonlyMap<string, string> {
  const imported = file.getImportDeclarations().flatMap((one) => {
    const from = posix.join(posix.dirname(path), one.getModuleSpecifierValue());
    return one.getNamedImports().map((name) => [name.getName(), from] as const);
  });
  return new Map([...functionsOf(file).map(([name]) => [name, path] as const), ...imported]);
}

/** Functions at the top of a file, methods of Tensor, and what a model function is given as `m`. */
function functionsOf(file: SourceFile): readonly (readonly [string, Node])[] {
  const declared = file
    .getFunctions()
    .flatMap((one) =>
      one.getName() === 'createContext'
        ? one.getFunctions().map((inner) => [`m.${inner.getName()}`, inner] as const)
        : [[one.getName() ?? '', one] as const],
    );
  const methods = file
    .getClasses()
    .flatMap((one) =>
      one.getMethods().map((method) => [`${one.getName()}.${method.getName()}`, method] as const),
    );
  const constants = file.getVariableDeclarations().map((one) => [one.getName(), one] as const);
  return [...declared, ...methods, ...constants];
}

const madeIn = (node: Node, homes: ReadonlyMap<string, string>): Made => ({
  ops: opsIn(node),
  uses: node.getDescendantsOfKind(SyntaxKind.Identifier).flatMap((identifier) => {
    const parent = identifier.getParent();
    const isMember = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier;
    const home = isMember ? undefined : homes.get(identifier.getText());
    return home === undefined ? [] : [`${home}#${identifier.getText()}`];
  }),
});

/** The ops that a builder called `o` is asked for. */
const opsIn = (node: Node): ReadonlySet<string> =>
  new Set(
    node.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression).flatMap((access) => {
      const isCalled = access.getParentIfKind(SyntaxKind.CallExpression)?.getExpression() === access;
      const isBuilder = /(^|\.)o$/.test(access.getExpression().getText());
      return isCalled && isBuilder && isOpName(access.getName()) ? [access.getName()] : [];
    }),
  );

function reaches(functions: ReadonlyMap<string, Made>, start: string, op: OpName): boolean {
  const seen = new Set<string>();
  for (const stack = [start]; stack.length > 0; ) {
    const key = stack.pop() ?? '';
    const made = functions.get(key);
    if (made === undefined || seen.has(key)) continue;
    seen.add(key);
    if (made.ops.has(op)) return true;
    stack.push(...made.uses);
  }
  return false;
}
