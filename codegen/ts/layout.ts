/** The emitted description of what a trainer holds: what the runtime needs to know, as data. */

import type { PlannedProgram } from '../../ir/kernel.ts';
import type { Program } from '../../ir/program.ts';
import type { DType } from '../../ir/types.ts';
import { propertyName, textLiteral } from './literal.ts';

type LayoutDtype = 'f32' | 'f64' | 'i32';
const layoutDtype = (dtype: DType): LayoutDtype => (dtype === 'bool' ? 'i32' : dtype);

/** The layout as a value, for whoever has compiled in this process. */
export function layoutOf({ program, arenaBytes }: PlannedProgram, fingerprint?: string) {
  const resultsOf = (fn: string) => program.functions.find(({ name }) => name === fn)?.results ?? [];
  return {
    model: program.name,
    dtype: program.float,
    maxBatch: program.maxBatch,
    arenaBytes,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    inputs: program.inputs.map((input) => ({ ...input, dtype: layoutDtype(input.dtype) })),
    state: program.states.map((state) => ({ ...state, dtype: layoutDtype(state.dtype) })),
    outputs: resultsOf('predict').map(({ name, value }) => ({
      name,
      dtype: layoutDtype(value.dtype),
      shape: value.shape,
    })),
    metrics: resultsOf('step').map(({ name }) => name),
    evaluation: resultsOf('evaluate').map(({ name }) => name),
  };
}

/** A plain value as source: one line if it fits, otherwise one entry per line, short ones together. */
export function printData(value: unknown, indent = '', width = 132): string {
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => printData(item, inner, width))
    : Object.entries(value).map(([name, item]) => `${propertyName(name)}: ${printData(item, inner, width)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{ ', ' }'];
  const line = `${open}${items.join(', ')}${close}`;
  if (indent !== '' && indent.length + line.length <= width && !line.includes('\n')) return line;
  return `${open.trim()}\n${gather(items, 72)
    .map((item) => `${inner}${item},`)
    .join('\n')}\n${indent}${close.trim()}`;
}

/** Joins neighbours that are plain `name: value` pairs while they fit on a line. */
function gather(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  const plain = (text: string): boolean => !/[{[\n]/.test(text);
  for (const item of items) {
    const last = lines[lines.length - 1];
    if (last !== undefined && plain(last) && plain(item) && last.length + item.length < width)
      lines[lines.length - 1] = `${last}, ${item}`;
    else lines.push(item);
  }
  return lines;
}

/** Array type of a dtype. */
export function arrayType(dtype: DType): string {
  const types = { f32: 'Float32Array', f64: 'Float64Array', i32: 'Int32Array', bool: 'Uint8Array' } as const;
  return types[dtype];
}

/** Declarations of what goes in and out. */
export function printTypes(program: Program): string[] {
  const resultsOf = (fn: string) => program.functions.find(({ name }) => name === fn)?.results ?? [];
  const numbers = (fn: string): string[] => resultsOf(fn).map(({ name }) => `${propertyName(name)}: number`);
  const columns = program.inputs.map(
    (input) => `readonly ${propertyName(input.name)}: ${arrayType(layoutDtype(input.dtype))}`,
  );
  const outputs = resultsOf('predict').map(
    ({ name, value }) => `readonly ${propertyName(name)}: ${arrayType(layoutDtype(value.dtype))}`,
  );
  const block = (name: string, members: readonly string[]): string =>
    members.length === 0
      ? `export type ${name} = { readonly [name: string]: never };`
      : `export type ${name} = { ${members.join('; ')} };`;
  return [
    '/** One array per column, row-major, at least as many rows as samples are given. */',
    block('Batch', columns),
    block('Metrics', numbers('step')),
    block('Evaluation', numbers('evaluate')),
    block('Outputs', outputs),
  ];
}
