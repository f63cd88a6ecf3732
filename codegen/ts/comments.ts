/** What stands above each emitted function: the equation, and where it comes from. */

import { describe } from '../../ir/describe.ts';
import type { LoopBlock, PlannedProgram } from '../../ir/kernel.ts';
import { nth } from '../../ir/op.ts';
import { showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { commentText } from './literal.ts';
import type { ModuleNames } from './names.ts';

const longest = 120;

/** Lines of the comment, the equation last to first cause. */
export function blockComment(block: LoopBlock, planned: PlannedProgram, names: ModuleNames): string[] {
  const last = nth(block.roots, block.roots.length - 1);
  const nameOf = (value: Value): string | undefined => {
    if (value.op === 'constant') return planned.program.notes.get(value)?.name;
    return names.arrays.get(value); // stored values and leaves have arrays, all others are spelled out
  };
  const equations = block.roots.map(
    (root) => `${names.arrays.get(root)} = ${cut(describe(root, nameOf).text)}  : ${showType(root)}`,
  );
  const { place, rule } = origin(last, planned);
  const final = `${equations[equations.length - 1]}${place}`;
  const [because] = rule;
  const oneLine = because === undefined ? final : `${final}  by the ${because}`;
  const lines =
    oneLine.length <= longest || because === undefined ? [oneLine] : [final, `  by the ${because}`];
  return [...equations.slice(0, -1), ...lines].map(commentText);
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 3)}...` : text);

/** The user's line, and for a backward value the rule and the forward line it was applied to. */
function origin(value: Value, { program }: PlannedProgram): { place: string; rule: readonly string[] } {
  const note = program.notes.get(value);
  const file = note?.site?.file.split(/[\\/]/).pop();
  const place = note?.site && file !== undefined ? `  (${file}:${note.site.line})` : '';
  if (note?.role !== 'backward' || note.of === undefined)
    return { place: note?.role === 'update' ? '' : place, rule: [] };
  return { place: '', rule: [`rule of ${note.rule ?? 'its op'} in  ${cut(note.of())}${place}`] };
}
