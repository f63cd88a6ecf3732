/** The arena of a compiled model: who lives where, and from when to when. */

import { valuesOf } from '../../ir/program.ts';
import { showType } from '../../ir/types.ts';
import { lifetimes } from '../../passes/plan-memory.ts';
import type { Compiled } from '../compile.ts';
import { type Context, linked, namesOf } from './context.ts';
import type { BufferRow, Memory } from './inspection.ts';

export function inspectMemory({ loops }: Compiled, context: Context): Memory {
  const { program, states, buffers, blocks, arenaBytes } = loops;
  const keyOf = context.keysOf(program);
  const nameOf = namesOf(program);
  const leaves = new Map(
    valuesOf(program).flatMap((value) =>
      value.op === 'state' ? [[String(value.attrs.name), value] as const] : [],
    ),
  );
  const siteOf = (state: string) => {
    const leaf = leaves.get(state);
    return leaf && context.placeOf(program.notes.get(leaf)?.site);
  };
  const held = program.states.flatMap((state): readonly BufferRow[] => {
    const place = states.get(state.name);
    if (place === undefined) return [];
    return [
      {
        name: state.name,
        kind: 'state',
        role: 'forward',
        type: showType(state),
        ...place,
        from: 0,
        to: blocks.length,
        ...linked([state.name], siteOf(state.name)),
      },
    ];
  });
  const offsets = new Set([...states.values()].map(({ offset, bytes }) => `${offset} ${bytes}`));
  const lives = lifetimes(loops);
  const computed = [...buffers].flatMap(([value, place]): readonly BufferRow[] => {
    const life = lives.get(value);
    // What is computed over its state has that place already.
    const isUpdate = offsets.has(`${place.offset} ${place.bytes}`);
    if (life === undefined || isUpdate) return [];
    const note = program.notes.get(value);
    return [
      {
        name: nameOf(value) ?? value.op,
        kind: 'value',
        role: note?.role ?? 'forward',
        type: showType(value),
        ...place,
        from: life.start,
        to: life.end,
        ...linked([keyOf(value)], context.placeOf(note?.site)),
      },
    ];
  });
  return { arenaBytes, buffers: [...held, ...computed] };
}
