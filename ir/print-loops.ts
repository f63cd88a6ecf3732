/** Blocks and loops as text, for people: one line per statement. */

import { describe, knownName, shownName } from './describe.ts';
import { showIndex } from './index-expr.ts';
import type { Bound, LoopBlock, LoopProgram, PlannedProgram, Statement } from './kernel.ts';
import type { Program } from './program.ts';
import { showScalar } from './scalar.ts';
import { showType } from './types.ts';
import type { Value } from './value.ts';

/** Each block with what it computes, its loops and, once memory is planned, its place in the arena. */
export function printLoops(loops: LoopProgram | PlannedProgram): string {
  const { program, blocks } = loops;
  const stored = new Set(blocks.flatMap((block) => block.roots));
  const nameOf = namesIn(program);
  const known = (value: Value): string | undefined =>
    stored.has(value) || value.op === 'input' || value.op === 'state' ? nameOf(value) : undefined;
  const place = (value: Value): string => {
    const buffer = 'buffers' in loops ? loops.buffers.get(value) : undefined;
    return buffer ? ` @ ${buffer.offset}..${buffer.offset + buffer.bytes}` : '';
  };
  const lines = blocks.flatMap((block) => [
    `block ${shownName(block.name)} (${block.role}; ${[...block.usedBy].join(', ')})`,
    ...block.roots.map(
      (root) => `  ${nameOf(root)}: ${showType(root)} = ${describe(root, known).text}${place(root)}`,
    ),
    ...block.statements.flatMap((statement) => showStatement(statement, nameOf, '    ')),
  ]);
  const size = 'arenaBytes' in loops ? [`arena ${loops.arenaBytes} bytes`] : [];
  return `${[...size, ...lines].join('\n')}\n`;
}

/** What values are called in listings: by a number where they have no name. */
const namesIn =
  ({ notes }: Program) =>
  (value: Value): string => {
    const name = knownName(notes, value);
    return name === undefined ? `%${value.id}` : shownName(name);
  };

/** The loops of one block, a line per statement. */
export const printBlock = (block: LoopBlock, program: Program): string =>
  block.statements.flatMap((statement) => showStatement(statement, namesIn(program), '')).join('\n');

const showBound = ({ extent, times, multipleOf }: Bound): string =>
  `${extent === 'batch' ? 'n' : extent}${times === undefined ? '' : ` * ${times}`}${multipleOf === undefined ? '' : ` / ${multipleOf} * ${multipleOf}`}`;

function showStatement(statement: Statement, nameOf: (value: Value) => string, indent: string): string[] {
  const inner = (body: readonly Statement[]): string[] =>
    body.flatMap((s) => showStatement(s, nameOf, `${indent}  `));
  switch (statement.kind) {
    case 'for': {
      const { variable, from, to, step, body } = statement;
      return [`${indent}for ${variable} in ${showBound(from)}..${showBound(to)} by ${step}`, ...inner(body)];
    }
    case 'if':
      return [`${indent}if ${showScalar(statement.condition, nameOf)}`, ...inner(statement.body)];
    case 'let':
      return [
        `${indent}${statement.mutable ? 'var' : 'let'} ${statement.name} = ${showScalar(statement.value, nameOf)}`,
      ];
    case 'set':
      return [`${indent}${statement.name} = ${showScalar(statement.value, nameOf)}`];
    case 'fill':
      return [
        `${indent}${nameOf(statement.to)}[${statement.at.map(showIndex).join(', ')}, ..] = ${statement.value}`,
      ];
    case 'contract': {
      const place = statement.index.map(showIndex).join(', ');
      const sign = statement.accumulate ? '+=' : '=';
      return [
        `${indent}tiles ${nameOf(statement.to)}[${place}] ${sign} ${showScalar(statement.value, nameOf)}`,
      ];
    }
    case 'store': {
      const place = statement.index.map(showIndex).join(', ');
      return [`${indent}${nameOf(statement.to)}[${place}] = ${showScalar(statement.value, nameOf)}`];
    }
  }
}
