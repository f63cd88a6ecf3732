/** The blocks of a compiled model: what each computes, in which loops, with how much work. */

import { describe } from '../../ir/describe.ts';
import { nth } from '../../ir/op.ts';
import { printBlock } from '../../ir/print-loops.ts';
import { showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import type { Compiled } from '../compile.ts';
import { decisions, formOf } from '../explain-schedule.ts';
import { type Context, computedWith, cut, linked, namesOf } from './context.ts';
import { costOf } from './cost.ts';
import type { BlockRow, Schedule } from './inspection.ts';

export function inspectSchedule(
  { loops, tiling, sharing }: Compiled,
  samples: number,
  context: Context,
): Schedule {
  return { decision: decisions(tiling, sharing), blocks: rowsOf(loops, samples, context) };
}

function rowsOf(
  { program, blocks }: Compiled['loops'],
  samples: number,
  context: Context,
): readonly BlockRow[] {
  const keyOf = context.keysOf(program);
  const nameOf = namesOf(program);
  const stored = new Set(blocks.flatMap(({ roots }) => roots));
  const isStored = (value: Value): boolean => stored.has(value);
  return blocks.map((block) => {
    const last = nth(block.roots, block.roots.length - 1);
    const inside = block.roots.flatMap((root) => [root, ...computedWith(root, isStored)]);
    return {
      name: nameOf(last) ?? block.name,
      role: block.role,
      functions: [...block.usedBy],
      ...(block.phase === undefined ? {} : { phase: block.phase }),
      formula: cut(`${nameOf(last) ?? last.op} = ${describe(last, nameOf).text}`),
      type: showType(last),
      decision: formOf(block),
      loops: printBlock(block, program),
      ...costOf(block, samples),
      ...linked([last, ...inside].map(keyOf), context.placeOf(program.notes.get(last)?.site)),
    };
  });
}
