/** A program between two passes as a drawing, and what is new in it. */

import { describe } from '../../ir/describe.ts';
import type { Block } from '../../ir/kernel.ts';
import { nth } from '../../ir/op.ts';
import { type Program, valuesOf } from '../../ir/program.ts';
import { showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { type Context, computedWith, cut, isLeaf, linked, namesOf } from './context.ts';
import { type Graph, type GraphNode, type Key, longestLabel } from './inspection.ts';
import { type KeyOf, signatureOf } from './keys.ts';
import type { Arrow, Box } from './layout.ts';

/** A graph, and what its keys stood for, with which the next stage is compared. */
export interface DrawnStage {
  readonly graph: Graph;
  readonly signatures: ReadonlyMap<Key, string>;
}

type Unplaced = Omit<GraphNode, 'x' | 'y' | 'width' | 'height'>;

/** Numbers, and what only repeats an array along an axis, are written into what reads them. */
function isHidden(value: Value, { notes }: Program): boolean {
  if (value.op === 'constant') return true;
  return value.op === 'broadcast' && notes.get(value)?.name === undefined;
}

/** The graph of all functions of a program. */
export function drawProgram(
  program: Program,
  context: Context,
  before: DrawnStage['signatures'] | undefined,
): DrawnStage {
  const keyOf = context.keysOf(program);
  const shown = valuesOf(program).filter((value) => !isHidden(value, program));
  const position = new Map(shown.map((value, at) => [value, at]));
  const arrows: Arrow[] = [];
  const hidden = shown.map((value, to) => {
    const behind: Value[] = [];
    const sources = new Set<number>();
    for (const stack = [...value.inputs].reverse(); stack.length > 0; ) {
      const input = stack.pop();
      if (input === undefined) continue;
      const from = position.get(input);
      if (from === undefined) {
        behind.push(input);
        stack.push(...input.inputs);
      } else sources.add(from);
    }
    for (const from of sources) arrows.push({ from, to });
    return behind;
  });
  const signatures = new Map(shown.map((value) => [keyOf(value), signatureOf(value, keyOf)]));
  const nodes = shown.map((value, at) => {
    const key = keyOf(value);
    const change = changeOf(before?.get(key), signatures.get(key), before !== undefined);
    return { ...nodeOf(value, hidden[at] ?? [], program, context, keyOf), ...change };
  });
  return { graph: placed(nodes, arrows, context), signatures };
}

function changeOf(was: string | undefined, is: string | undefined, compared: boolean) {
  if (!compared || was === is) return {};
  return { change: was === undefined ? 'added' : 'changed' } as const;
}

function nodeOf(
  value: Value,
  hidden: readonly Value[],
  program: Program,
  { placeOf }: Context,
  keyOf: KeyOf,
): Unplaced {
  const { notes } = program;
  const note = notes.get(value);
  const nameOf = namesOf(program);
  const name = nameOf(value);
  const label = describe(value, (input) =>
    isHidden(input, program) ? namedNumber(input, nameOf) : '∘',
  ).text;
  return {
    kind: value.op === 'input' ? 'input' : value.op === 'state' ? 'state' : 'value',
    ...(name === undefined ? {} : { name }),
    // What only changes the form of an array is not seen in a formula.
    label: isLeaf(value) ? showType(value) : label === '∘' ? value.op : cut(label),
    formula: isLeaf(value) ? value.op : cut(describe(value, nameOf).text),
    type: showType(value),
    role: note?.role ?? 'forward',
    ...(note?.rule === undefined ? {} : { rule: note.rule }),
    ...(note?.of === undefined ? {} : { of: note.of() }),
    ...linked([value, ...hidden.filter(({ op }) => op !== 'constant')].map(keyOf), placeOf(note?.site)),
  };
}

const namedNumber = (value: Value, nameOf: (value: Value) => string | undefined): string | undefined =>
  value.op === 'constant' ? nameOf(value) : undefined;

/** The graph of blocks: an arrow where one reads what another has stored. */
export function drawBlocks(
  program: Program,
  blocks: readonly (Pick<Block, 'name' | 'role'> & { readonly roots: readonly Value[] })[],
  context: Context,
): DrawnStage {
  const keyOf = context.keysOf(program);
  const storedBy = new Map(blocks.flatMap(({ roots }, at) => roots.map((root) => [root, at] as const)));
  const isStored = (value: Value): boolean => storedBy.has(value);
  const arrows = new Map<string, Arrow>();
  const leaves = valuesOf(program).filter(({ op }) => op === 'input' || op === 'state');
  const leafAt = new Map(leaves.map((leaf, at) => [leaf, at]));
  const nodes: Unplaced[] = leaves.map((leaf) => nodeOf(leaf, [], program, context, keyOf));
  blocks.forEach(({ roots, name, role }, at) => {
    const inside = roots.flatMap((root) => [root, ...computedWith(root, isStored)]);
    const last = nth(roots, roots.length - 1);
    const to = leaves.length + at;
    for (const input of inside.flatMap(({ inputs }) => inputs)) {
      const block = storedBy.get(input);
      const from = leafAt.get(input) ?? (block === undefined ? undefined : leaves.length + block);
      if (from !== undefined && from !== to && from < to) arrows.set(`${from} ${to}`, { from, to });
    }
    nodes.push({
      ...nodeOf(last, [], program, context, keyOf),
      kind: 'block',
      name,
      role,
      label: cut(describe(last, namesOf(program)).text),
      ...linked([last, ...inside].map(keyOf), context.placeOf(program.notes.get(last)?.site)),
    });
  });
  return { graph: placed(nodes, [...arrows.values()], context), signatures: new Map() };
}

function placed(nodes: readonly Unplaced[], arrows: readonly Arrow[], context: Context): Graph {
  const boxes = nodes.map(boxOf);
  const { width, height, middles, paths, far } = context.draw(boxes, arrows);
  return {
    width,
    height,
    nodes: nodes.map((node, at) => {
      const [x, y] = middles[at] ?? [0, 0];
      return { ...node, ...(boxes[at] ?? { width: 0, height: 0 }), x, y };
    }),
    edges: arrows.map(({ from, to }, at) => ({
      from,
      to,
      points: paths[at] ?? [],
      ...(far.has(at) ? { far: true } : {}),
    })),
  };
}

/** A line for the name, if there is one, and one for what is computed, in a font whose letters are as wide as this. */
const letter = 7.3;

function boxOf({ name, label }: Pick<Unplaced, 'name' | 'label'>): Box {
  const letters = Math.max(name?.length ?? 0, Math.min(label.length, longestLabel));
  return { width: Math.ceil(letters * letter + 36), height: name === undefined ? 28 : 44 };
}
