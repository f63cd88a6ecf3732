/** Strips the types from an emitted module, so that it can be run where only JavaScript can. */

import { ts } from 'ts-morph';

const { forEachChild, isAsExpression, isFunctionLike, isInterfaceDeclaration, isParameter } = ts;
const { isTypeAliasDeclaration, isTypeNode, isVariableDeclaration, isVariableStatement } = ts;

/** What stands in the source from `from` to before `to`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The JavaScript of an emitted module: every type is blanked out, so that all else stays at its line and column. It knows
 * what emitted modules are made of: annotations, interfaces, type aliases and `as`. Parsing alone takes a fraction of the time
 * that the compiler of TypeScript takes to print a module anew.
 */
export function transpile(code: string): string {
  const options = {
    languageVersion: ts.ScriptTarget.ES2022,
    jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
  };
  const source = ts.createSourceFile('trainer.ts', code, options);
  const parts: string[] = [];
  let at = 0;
  for (const { from, to } of typesIn(source)) {
    parts.push(code.slice(at, from), code.slice(from, to).replace(/[^\n]/g, ' '));
    at = to;
  }
  return parts.join('') + code.slice(at);
}

/** The spans of all types, in their order; none lies within another. */
function typesIn(source: ts.SourceFile): readonly Span[] {
  const spans: Span[] = [];
  const stack: ts.Node[] = [source];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const span = typeOf(node, source);
    if (span) spans.push(span);
    if (isOfTypes(node)) continue;
    forEachChild(node, (child) => {
      if (!isTypeNode(child)) stack.push(child);
    });
  }
  return spans.sort((a, b) => a.from - b.from);
}

/** True for statements that are about types alone. */
const isOfTypes = (node: ts.Node): boolean =>
  isInterfaceDeclaration(node) ||
  isTypeAliasDeclaration(node) ||
  (isVariableStatement(node) &&
    (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword));

/** The part of a node that is about types: all of a declaration of one, else its annotation with the colon. */
function typeOf(node: ts.Node, source: ts.SourceFile): Span | undefined {
  if (isOfTypes(node)) return { from: node.getStart(source), to: node.end };
  if (isAsExpression(node)) return { from: node.expression.end, to: node.end };
  const isAnnotated = isParameter(node) || isVariableDeclaration(node) || isFunctionLike(node);
  if (!isAnnotated || !node.type) return undefined;
  const optional = isParameter(node) ? node.questionToken : undefined;
  // The colon is the last character before the type and the space that leads it.
  return { from: optional ? optional.getStart(source) : node.type.pos - 1, to: node.type.end };
}
