/** What the schedule chose, and why, as text for people. */

import { describe, knownName, shownName } from '../ir/describe.ts';
import type { LoopBlock, LoopProgram, Phase, Tiling } from '../ir/kernel.ts';
import { isLoopOverLanes } from '../ir/lanes.ts';
import type { Value } from '../ir/value.ts';
import { eachStatement } from '../ir/walk.ts';

const phases: { readonly [P in Phase]: string } = {
  before: 'once, before the tiles',
  each: 'for each tile',
  after: 'once, after the tiles',
};

/** A line on the batch, one on threads if `sharing` says how they share it, then a line for each block: what it computes, when, and in which kind of loops. */
export function explainSchedule({ program, blocks, tiling }: LoopProgram, sharing?: string): string {
  const nameOf = (value: Value): string | undefined => {
    const name = knownName(program.notes, value);
    return name === undefined ? undefined : shownName(name);
  };
  const lines: string[] = decisions(tiling, sharing);
  let phase: Phase | undefined;
  for (const block of blocks) {
    if (block.phase !== undefined && block.phase !== phase) lines.push(phases[block.phase]);
    phase = block.phase;
    if (block.statements.every(({ kind }) => kind === 'fill')) {
      lines.push(
        `  ${block.roots.map((root) => nameOf(root) ?? root.op).join(', ')} = 0, to grow with each tile`,
      );
      continue;
    }
    const last = block.roots[block.roots.length - 1];
    const text = last ? `${nameOf(last) ?? last.op} = ${describe(last, nameOf).text}` : block.name;
    lines.push(`  ${text.length > 72 ? `${text.slice(0, 69)}...` : text}`, `      ${formOf(block)}`);
  }
  return lines.join('\n');
}

/** How the batch is cut, and how threads share it if they do. */
export function decisions(tiling: Tiling | undefined, sharing?: string): string[] {
  const batch =
    tiling === undefined
      ? 'whole batch: this target does not cut it'
      : tiling.rows === undefined
        ? `layer by layer: ${tiling.because}`
        : `tiles of ${tiling.rows} samples: ${tiling.because}`;
  return [batch, ...(sharing === undefined ? [] : [`threads: ${sharing}`])];
}

/** In which kind of loops a block is computed. */
export function formOf({ statements }: LoopBlock): string {
  const all = eachStatement(statements);
  const products = all.filter((statement) => statement.kind === 'contract').length;
  const loops = all.flatMap((statement) => (statement.kind === 'for' ? [statement] : []));
  const inner = loops.filter(({ body }) => !eachStatement(body).some(({ kind }) => kind === 'for'));
  const lanes = inner.filter(isLoopOverLanes).length;
  const parts = [
    ...(products > 0 ? [`${products === 1 ? 'a product' : `${products} products`} in tiles of 4 by 8`] : []),
    ...(lanes > 0 ? [`${lanes} of ${inner.length} inner loops fit four lanes`] : []),
    ...(lanes === 0 && inner.length > 0 ? [`${inner.length} inner loops, element by element`] : []),
    ...(all.some(({ kind }) => kind === 'fill') ? ['cleared first'] : []),
  ];
  return parts.length > 0 ? parts.join('; ') : 'single values';
}
