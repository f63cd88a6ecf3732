/** The form of emitted TypeScript, without its names: the kinds of the nodes of its syntax tree, in their order. */

import ts from 'typescript';

const { SyntaxKind } = ts;

/**
 * A name may be written bare or quoted, in brackets, or for its value as well: that is one form. A long name makes a long
 * line, which gets braces or is cut into parts: that is one form as well. Everything else counts: one more statement,
 * argument or operator, and the sequence differs.
 */
export function formOf(code: string): string {
  const kinds: string[] = [];
  const source = sourceOf(code);
  const uses = usesIn(source);
  let parts: Parts = new Map();
  const visitAll = (nodes: Iterable<ts.Node>): void => {
    for (const node of nodes) visit(node);
  };
  const visit = (node: ts.Node): void => {
    const part = ts.isIdentifier(node) ? parts.get(node.text) : undefined;
    if (ts.isFunctionDeclaration(node)) parts = partsOf(node);
    if (part !== undefined) visit(part);
    else if (isPart(node) || isUnread(node, uses)) return;
    else if (ts.isParenthesizedExpression(node)) visit(node.expression);
    else if (ts.isBlock(node) && isBody(node)) visitAll(node.statements);
    else if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
      kinds.push('Access');
      visit(node.expression);
      kinds.push('Name');
    } else {
      const kind = kindOf(node);
      kinds.push(kind);
      if (!leaves.has(kind)) visitAll(childrenOf(node));
    }
  };
  visit(source);
  return kinds.join(' ');
}

function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

const leaves: ReadonlySet<string> = new Set(['Name', 'Binding', 'Named']);

function kindOf(node: ts.Node): string {
  if (ts.isShorthandPropertyAssignment(node)) return 'Named';
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.initializer)) return 'Named';
  if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) return 'Binding';
  if (isNameOfProperty(node)) return 'Name';
  return ts.isPropertyAccessExpression(node) ? 'Access' : (SyntaxKind[node.kind] ?? '?');
}

/** Parts of long expressions, by the variables that hold them. */
type Parts = ReadonlyMap<string, ts.Expression>;

function partsOf(fn: ts.FunctionDeclaration): Parts {
  const parts = new Map<string, ts.Expression>();
  const visit = (node: ts.Node): void => {
    if (isPart(node))
      for (const { name, initializer } of node.declarationList.declarations)
        if (ts.isIdentifier(name) && initializer) parts.set(name.text, initializer);
    ts.forEachChild(node, visit);
  };
  visit(fn);
  return parts;
}

const isPart = (node: ts.Node): node is ts.VariableStatement =>
  ts.isVariableStatement(node) &&
  ts.isBlock(node.parent) &&
  !ts.isFunctionDeclaration(node.parent.parent) &&
  node.declarationList.declarations.every(({ name }) => ts.isIdentifier(name) && /^u\d+$/.test(name.text));

/** How often each variable stands in a module. */
function usesIn(source: ts.SourceFile): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isNameOfProperty(node)) uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return uses;
}

/** An array that nobody reads: the target leaves these out unless the variable's name stands in another name. */
const isUnread = (node: ts.Node, uses: ReadonlyMap<string, number>): boolean =>
  ts.isVariableStatement(node) &&
  node.declarationList.declarations.every(
    ({ name, initializer }) =>
      ts.isIdentifier(name) &&
      uses.get(name.text) === 1 &&
      initializer !== undefined &&
      ts.isNewExpression(initializer),
  );

/** The one statement of a loop or of a condition, in braces. */
const isBody = (node: ts.Block): boolean =>
  node.statements.filter((statement) => !isPart(statement)).length === 1 &&
  (ts.isForStatement(node.parent) || ts.isIfStatement(node.parent));

const sourceOf = (code: string): ts.SourceFile =>
  ts.createSourceFile('emitted.ts', code, ts.ScriptTarget.ES2022, true);

/** The name in `{ name: value }`, in an interface or a type, and after a dot. */
function isNameOfProperty(node: ts.Node): boolean {
  if (ts.isSourceFile(node)) return false;
  const { parent } = node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyAccessExpression(parent);
  if (!named || parent.name !== node) return false;
  return !ts.isComputedPropertyName(node) || ts.isStringLiteral(node.expression);
}

/** What the parser says is wrong with a module. */
export function syntaxErrors(code: string): readonly string[] {
  const source = sourceOf(code);
  const found: unknown = 'parseDiagnostics' in source ? source.parseDiagnostics : undefined;
  if (!Array.isArray(found)) throw new Error('The parser does not tell its findings.');
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** The texts that a module imports from, as the language reads them. */
export const importsOf = (code: string): readonly string[] =>
  sourceOf(code).statements.flatMap((statement) =>
    ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)
      ? [statement.moduleSpecifier.text]
      : [],
  );

/** The first of some characters that are not printable ASCII or line breaks, with what stands around it. */
export function beyondAscii(code: string): string | undefined {
  const at = code.search(/[^\n\x20-\x7e]/);
  return at < 0 ? undefined : code.slice(Math.max(0, at - 40), at + 40);
}

/** Where two texts begin to differ, with what stands there; undefined where they are equal. */
export function difference(found: string, expected: string): string | undefined {
  if (found === expected) return undefined;
  let at = 0;
  while (found[at] === expected[at]) at++;
  return [found, expected].map((text) => text.slice(Math.max(0, at - 100), at + 60)).join('\n  instead of\n');
}
