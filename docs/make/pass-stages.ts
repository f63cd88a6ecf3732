/** A pass over the graph on the page of passes: what changed, and the equations that fired. */

import { describe, knownName } from '../../ir/describe.ts';
import { type Program, valuesOf } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { type Stage, stagesOf } from '../../src/derivation/stages.ts';
import { blocks, byText, code, details, fence, section, table } from './markdown.ts';
import { fileOf, headerOf } from './pass-headers.ts';
import { lookAheadModel, memoryModel, passTexts } from './pass-texts.ts';
import { differenceOf, linesOf } from './program-lines.ts';

interface Side {
  readonly title: string;
  readonly before: Program;
  readonly text: string;
}

export const sideOf = (
  { pass }: Stage,
  sides: { readonly shield: Program; readonly materialize: Program },
): Side | undefined =>
  pass.name === 'shield'
    ? { title: 'Where it has something to do: a look-ahead', before: sides.shield, text: lookAheadModel }
    : pass.name === 'materialize'
      ? {
          title: 'Where it has something to do: a state that takes over another',
          before: sides.materialize,
          text: memoryModel,
        }
      : undefined;

export function graphStage(
  { pass, program, firings }: Stage,
  before: Program,
  side: Side | undefined,
): string {
  const [old, next] = [linesOf(before), linesOf(program)];
  const changed = old.join('\n') !== next.join('\n');
  return section(
    2,
    code(pass.name),
    headerOf(fileOf(pass.name)),
    passTexts[pass.name] ?? '',
    changed ? fence('diff', differenceOf(old, next).join('\n')) : 'No line changes here.',
    opsText(before, program),
    firings.all.length === 0
      ? ''
      : blocks(
          'Equations that fired, in order ([all there are](equations.md)):',
          firingsText(firings.all, program),
        ),
    side === undefined ? '' : sideText(pass.run, side),
  );
}

function sideText(run: (program: Program) => Program, { title, before, text }: Side): string {
  const settled = stagesOf(before).find(({ pass }) => pass.run === run);
  const index = stagesOf(before).findIndex(({ pass }) => pass.run === run);
  const earlier = index > 0 ? stagesOf(before)[index - 1]?.program : before;
  if (settled === undefined || earlier === undefined) return '';
  const lines = differenceOf(listing(earlier), listing(settled.program)).filter(
    (line) => !line.startsWith(' '),
  );
  return details(
    title,
    fence('ts', text),
    opsText(earlier, settled.program),
    fence('diff', lines.join('\n')),
  );
}

/** Every value by its ops, with the names that it reads: what the notation leaves out can be seen here. */
function listing(program: Program): readonly string[] {
  const name = (value: Value): string =>
    knownName(program.notes, value) ?? `${value.op}(${value.inputs.map(name).join(', ')})`;
  const own = (value: Value): string =>
    value.inputs.length === 0 ? name(value) : `${value.op}(${value.inputs.map(name).join(', ')})`;
  const values = valuesOf(program).filter(
    (value) => knownName(program.notes, value) !== undefined && value.inputs.length > 0,
  );
  return [
    ...values.map((value) => `${name(value)} = ${own(value)}`),
    ...program.functions.flatMap(({ updates }) =>
      updates.map(({ state, value }) => `${state} <- ${own(value)}`),
    ),
  ];
}

function opsText(before: Program, after: Program): string {
  const [old, next] = [countsOf(before), countsOf(after)];
  const changes = [...new Set([...old.keys(), ...next.keys()])].sort(byText).flatMap((op) => {
    const [from, to] = [old.get(op) ?? 0, next.get(op) ?? 0];
    return from === to ? [] : [`${code(op)} ${from} → ${to}`];
  });
  const values = `${valuesOf(before).length} values before, ${valuesOf(after).length} after`;
  return `${values}${changes.length === 0 ? '' : `: ${changes.join(', ')}`}.`;
}

function countsOf(program: Program): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { op } of valuesOf(program)) counts.set(op, (counts.get(op) ?? 0) + 1);
  return counts;
}

/** Each equation once, with the first value that it made another of. */
function firingsText(all: Stage['firings']['all'], program: Program): string {
  const nameOf = (value: Value): string | undefined => knownName(program.notes, value);
  const text = (value: Value): string =>
    cut(
      nameOf(value) !== undefined && value.inputs.length === 0
        ? (nameOf(value) ?? '')
        : describe(value, nameOf).text,
    );
  const names = [...new Set(all.map(({ name }) => name))];
  return table(
    ['equation', 'times', 'for example'],
    names.flatMap((name) => {
      const fired = all.filter((firing) => firing.name === name);
      const [first] = fired;
      if (first === undefined) return [];
      const [from, to] = [text(first.from), text(first.to)];
      const same = from === to ? 'looks the same in this notation' : `${code(from)} to ${code(to)}`;
      return [[code(name), String(fired.length), same]];
    }),
  );
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
