/** The emitted files, each line with what it comes from. */

import type { Value } from '../../ir/value.ts';
import type { Compiled } from '../compile.ts';
import { type Context, computedWith, linked } from './context.ts';
import type { BlockRow, CodeFile, CodeLine } from './inspection.ts';

/** `readable` is the trainer in TypeScript; `rows` are the blocks of the target, whose positions lines are given. */
export function inspectCode(
  readable: Compiled,
  name: string,
  rows: readonly BlockRow[],
  context: Context,
): CodeFile {
  const { program, blocks } = readable.loops;
  const keyOf = context.keysOf(program);
  const stored = new Set(blocks.flatMap(({ roots }) => roots));
  const isStored = (value: Value): boolean => stored.has(value);
  const blockOf = new Map(blocks.flatMap((block) => block.roots.map((root) => [root, block] as const)));
  const rowOf = new Map(rows.flatMap(({ keys }, at) => keys.slice(0, 1).map((key) => [key, at] as const)));
  const inside = new Map<Value, readonly string[]>();
  const keysIn = (value: Value): readonly string[] => {
    const known = inside.get(value);
    if (known !== undefined) return known;
    const roots = blockOf.get(value)?.roots ?? [value];
    const keys = [value, ...roots, ...roots.flatMap((root) => computedWith(root, isStored))].map(keyOf);
    inside.set(value, keys);
    return keys;
  };
  const last = (value: Value): Value => {
    const roots = blockOf.get(value)?.roots ?? [];
    return roots[roots.length - 1] ?? value;
  };
  const lines = (readable.provenance?.() ?? []).map(
    ({ line, value, stores, role, rule, of, site }): CodeLine => ({
      line,
      block: rowOf.get(keyOf(last(value))) ?? -1,
      role,
      stores,
      ...(rule === undefined ? {} : { rule }),
      ...(of === undefined ? {} : { of }),
      ...linked(
        stores ? [value, ...computedWith(value, isStored)].map(keyOf) : keysIn(value),
        context.placeOf(site),
      ),
    }),
  );
  return { name, language: 'ts', text: readable.code, lines };
}
