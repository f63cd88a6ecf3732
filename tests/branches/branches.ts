/**
 * Branches of a source file that tests did not take, and which of them no test can take. The type checker says of every
 * indexed read and every lookup that it may give nothing, also where the program knows that it gives something. What is
 * written for that case alone is a *type fallback*: the right side of `xs[i] ?? 0`, the `throw` of `if (!x) throw ...`
 * and the other way of `if (x) ...`, where `x` was read so, and the default of an element in a pattern for a list.
 * All else is a branch that a test must take.
 */

import ts from 'typescript';

interface Position {
  readonly line: number;
  readonly column: number | null;
}

interface Place {
  readonly start: Position;
}

interface Branch {
  readonly loc: Place;
  /** A way without code, such as the other way of an `if`, has no place of its own. */
  readonly locations: readonly (Place | { readonly start: Partial<Position> })[];
}

/** A file in the data that istanbul and v8 share. */
export interface FileCoverage {
  readonly path: string;
  readonly branchMap: Readonly<Record<string, Branch>>;
  /** How often each way of a branch was taken. */
  readonly b: Readonly<Record<string, readonly number[]>>;
}

export interface FileBranches {
  readonly path: string;
  readonly taken: number;
  /** Lines of ways not taken, with their text. */
  readonly missed: readonly string[];
  /** Lines of type fallbacks that were not taken. */
  readonly fallbacks: readonly string[];
}

/** Sorts the ways of all branches in a file with the text `code`. */
export function branchesOf({ path, branchMap, b }: FileCoverage, code: string): FileBranches {
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.ES2022, true);
  const fallbacks = fallbackStarts(source);
  const ways = Object.entries(branchMap).flatMap(([id, { loc, locations }]) =>
    locations.map((place, i): Way => {
      const hasCode = hasPlace(place);
      return { start: (hasCode ? place : loc).start, hasCode, taken: (b[id]?.[i] ?? 0) > 0 };
    }),
  );
  const said = ({ start, hasCode }: Way): string =>
    `${path}:${start.line}: ${hasCode ? '' : 'other than '}${textAt(source, start)}`;
  const isFallback = ({ start, hasCode }: Way): boolean =>
    (hasCode ? fallbacks.code : fallbacks.noCode).has(offsetOf(source, start));
  const untaken = ways.filter(({ taken }) => !taken);
  return {
    path,
    taken: ways.length - untaken.length,
    missed: untaken.filter((way) => !isFallback(way)).map(said),
    fallbacks: untaken.filter(isFallback).map(said),
  };
}

interface Way extends Place {
  readonly hasCode: boolean;
  readonly taken: boolean;
}

const hasPlace = (place: Branch['locations'][number]): place is Place => place.start.line !== undefined;

const offsetOf = (source: ts.SourceFile, { line, column }: Position): number =>
  source.getPositionOfLineAndCharacter(line - 1, column ?? 0);

/** The first line of what stands at a position. */
const textAt = (source: ts.SourceFile, start: Position): string =>
  (source.text.slice(offsetOf(source, start)).split('\n')[0] ?? '').slice(0, 60);

/** Where the ways begin that are taken only when a read gives nothing; of an `if` without code for it, the `if`. */
function fallbackStarts(source: ts.SourceFile): { readonly code: Set<number>; readonly noCode: Set<number> } {
  const code = new Set<number>();
  const noCode = new Set<number>();
  const visit = (node: ts.Node): void => {
    const right = fallbackIn(node);
    if (right) code.add(right.getStart(source));
    if (ts.isIfStatement(node)) {
      if (isThrow(node.thenStatement) && operandsOf(node.expression).every(saysNothing))
        code.add(node.getStart(source));
      if (!node.elseStatement && isRead(node.expression)) noCode.add(node.getStart(source));
    }
    node.forEachChild(visit);
  };
  visit(source);
  return { code, noCode };
}

/** What stands for a read that gave nothing. */
function fallbackIn(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return isRead(node.left) && isPlain(node.right) ? node.right : undefined;
  if (!ts.isBindingElement(node) || !ts.isArrayBindingPattern(node.parent) || !node.initializer)
    return undefined;
  return isPlain(node.initializer) ? node.initializer : undefined;
}

function isThrow(node: ts.Statement): boolean {
  if (ts.isBlock(node)) return node.statements.length === 1 && node.statements.every(isThrow);
  return ts.isThrowStatement(node);
}

/** The operands of `a || b || c`. */
function operandsOf(node: ts.Expression): readonly ts.Expression[] {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarBarToken
    ? [...operandsOf(node.left), ...operandsOf(node.right)]
    : [node];
}

/** `!x` and `x === undefined` of something that was read. */
function saysNothing(node: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(node)) return isRead(node.operand);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsEqualsEqualsToken)
    return false;
  return isRead(node.left) && node.right.getText() === 'undefined';
}

const lookups: ReadonlySet<string> = new Set(['get', 'at', 'find']);

/** `xs[i]`, `map.get(x)`, `xs.find(f)`, what one of these was named, and what is read of one by `?.`. */
function isRead(node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isRead(node.expression);
  if (ts.isConditionalExpression(node)) return isRead(node.whenTrue) && isRead(node.whenFalse);
  if (ts.isBinaryExpression(node))
    return node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken && isRead(node.right);
  if (ts.isElementAccessExpression(node)) return true;
  if (ts.isIdentifier(node)) return namesRead(node.text, node);
  if (ts.isPropertyAccessExpression(node)) return ts.isOptionalChain(node) && isRead(node.expression);
  return ts.isCallExpression(node) && isReadByCall(node);
}

/** `xs.get(x)`, and `xs[i]?.(x)` or `xs[i]?.f(x)`. */
function isReadByCall(node: ts.CallExpression): boolean {
  if (ts.isOptionalChain(node) && isRead(node.expression)) return true;
  return ts.isPropertyAccessExpression(node.expression) && lookups.has(node.expression.name.text);
}

/** Whether the nearest declaration of a name makes it an element of a list, or what was read. */
function namesRead(name: string, from: ts.Node): boolean {
  for (let scope = from.parent; scope; scope = scope.parent) {
    const declared = declarationsIn(scope).find((one) => one.name.getText() === name);
    if (declared && ts.isBindingElement(declared)) return ts.isArrayBindingPattern(declared.parent);
    if (declared)
      return ts.isVariableDeclaration(declared) && !!declared.initializer && isRead(declared.initializer);
  }
  return false;
}

type Declaration = ts.VariableDeclaration | ts.ParameterDeclaration | ts.BindingElement;

/** What a function's parameters or a block's statements declare. */
function declarationsIn(scope: ts.Node): readonly Declaration[] {
  const own: readonly (ts.VariableDeclaration | ts.ParameterDeclaration)[] = ts.isFunctionLike(scope)
    ? [...scope.parameters]
    : ts.isBlock(scope) || ts.isSourceFile(scope)
      ? scope.statements
          .filter(ts.isVariableStatement)
          .flatMap(({ declarationList }) => [...declarationList.declarations])
      : [];
  const parts = (one: Declaration): readonly Declaration[] =>
    ts.isIdentifier(one.name)
      ? [one]
      : one.name.elements.flatMap((element) => (ts.isBindingElement(element) ? parts(element) : []));
  return own.flatMap(parts);
}

/** A number, a text, a name, or a list or object of such; a new collection. */
function isPlain(node: ts.Expression): boolean {
  if (ts.isPrefixUnaryExpression(node)) return isPlain(node.operand);
  if (ts.isArrayLiteralExpression(node)) return node.elements.every(isPlain);
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every((one) => ts.isPropertyAssignment(one) && isPlain(one.initializer));
  if (ts.isNewExpression(node)) return (node.arguments ?? []).length === 0;
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return true;
  return (
    ts.isIdentifier(node) ||
    ts.isNumericLiteral(node) ||
    ts.isStringLiteralLike(node) ||
    node.getText() === 'Number.NaN'
  );
}
