/** Walks over statements and expressions: every statement, every part of every expression. */

import type { Statement } from './kernel.ts';
import { type Scalar, scalarInputs } from './scalar.ts';

export type Load = Extract<Scalar, { kind: 'load' }>;

/** The statements inside a statement. */
export const bodyOf = (statement: Statement): readonly Statement[] =>
  statement.kind === 'for' || statement.kind === 'if' ? statement.body : [];

/** The expressions that a statement evaluates itself, without those of the statements inside it. */
export function expressionsOf(statement: Statement): readonly Scalar[] {
  if (statement.kind === 'for' || statement.kind === 'fill') return [];
  return [statement.kind === 'if' ? statement.condition : statement.value];
}

/** Every statement, outer ones before those inside them. */
export const eachStatement = (statements: readonly Statement[]): Statement[] =>
  statements.flatMap((statement) => [statement, ...eachStatement(bodyOf(statement))]);

/** Every part of some expressions, each once: expressions share parts. */
export function partsOf(expressions: readonly Scalar[]): Scalar[] {
  const parts = new Set(expressions);
  for (const part of parts) for (const input of scalarInputs(part)) parts.add(input);
  return [...parts];
}

const isLoad = (scalar: Scalar): scalar is Load => scalar.kind === 'load';

/** Every read of memory in some expressions. */
export const loadsOf = (expressions: readonly Scalar[]): Load[] => partsOf(expressions).filter(isLoad);

/** Every read of memory in some statements. */
export const loadsIn = (statements: readonly Statement[]): Load[] =>
  loadsOf(eachStatement(statements).flatMap(expressionsOf));
