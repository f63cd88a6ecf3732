/** The titles of suites and tests as they are written in a file. */

import ts from 'typescript';

/** A pattern for each title: what is filled in when tests are collected fits anything. */
export function titlesIn(text: string): readonly RegExp[] {
  const titles: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    const [title] = ts.isCallExpression(node) && isTest(node.expression) ? node.arguments : [];
    const pattern = title && patternIn(title);
    if (pattern !== undefined) titles.push(new RegExp(`^${pattern}$`, 's'));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('test.ts', text, ts.ScriptTarget.ES2022, true));
  return titles;
}

/** `it`, `test` or `describe`, and what they are called through: `.each(...)`, `.skipIf(...)`, `.concurrent`. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['it', 'test', 'describe'].includes(callee.text);
  const isPart = ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee);
  return (isPart || ts.isTaggedTemplateExpression(callee)) && isTest(partOf(callee));
}

const partOf = (
  callee: ts.PropertyAccessExpression | ts.CallExpression | ts.TaggedTemplateExpression,
): ts.Expression => (ts.isTaggedTemplateExpression(callee) ? callee.tag : callee.expression);

function patternIn(title: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(title)) return filled(title.text);
  if (!ts.isTemplateExpression(title)) return undefined;
  return [title.head, ...title.templateSpans.map(({ literal }) => literal)]
    .map(({ text }) => filled(text))
    .join('.*');
}

const filled = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/%[sdifjoOc#]/g, '.*');
