/** Programs as text: one line per value; `ir/parse.ts` reads it back. */

import { type Program, valuesOf } from './program.ts';
import { showType } from './types.ts';
import { type Note, showAttrs, type Value } from './value.ts';

/** The whole program; values are numbered by position, so equal programs print equally. */
export function printProgram(program: Program): string {
  const values = valuesOf(program);
  const number = new Map(values.map((value, i) => [value, i]));
  const ref = (value: Value): string => `%${number.get(value) ?? '?'}`;
  const lines = [`program ${JSON.stringify(program.name)} ${program.float} batch <= ${program.maxBatch}`];
  for (const { name, role, classes, ...type } of program.inputs) {
    lines.push(
      `${role} ${JSON.stringify(name)}: ${showType(type)}${classes === undefined ? '' : ` classes ${classes}`}`,
    );
  }
  for (const { name, role, init, ...type } of program.states) {
    lines.push(`${role} ${JSON.stringify(name)}: ${showType(type)} init ${JSON.stringify(init)}`);
  }
  for (const value of values) lines.push(printValue(value, ref, program.notes.get(value)));
  for (const fn of program.functions) {
    lines.push(`function ${fn.name}`);
    for (const { name, value } of fn.results) lines.push(`  result ${JSON.stringify(name)} = ${ref(value)}`);
    for (const { state, value } of fn.updates)
      lines.push(`  update ${JSON.stringify(state)} = ${ref(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** One value, as it stands in a program's text. */
export function printValue(value: Value, ref: (value: Value) => string, note?: Note): string {
  const attrs = showAttrs(value.attrs);
  const head = `${ref(value)} = ${value.op}(${value.inputs.map(ref).join(', ')})${attrs ? ` {${attrs}}` : ''}`;
  return `${head}: ${showType(value)}${note ? printNote(note) : ''}`;
}

/** What a note says beyond the default; the site stays out, so that moving a model file changes no text. */
function printNote({ name, role, rule, of }: Note): string {
  const known = { ...(name === undefined ? {} : { name }), ...(role === 'forward' ? {} : { role }) };
  const note = {
    ...known,
    ...(rule === undefined ? {} : { rule }),
    ...(of === undefined ? {} : { of: of() }),
  };
  return Object.keys(note).length > 0 ? ` # ${JSON.stringify(note)}` : '';
}
