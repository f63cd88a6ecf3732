/** Reads the text that `ir/print.ts` writes: `parse(print(p))` prints the same again. */

import { type Builder, createBuilder } from './builder.ts';
import { CompileError, errors } from './errors.ts';
import { isOpName, opOf } from './ops/index.ts';
import type { InitSpec, InputDecl, Program, ProgramFunction, StateDecl } from './program.ts';
import type { Dim, DType, Float, Type } from './types.ts';
import type { Attrs, AttrValue, Note, Value } from './value.ts';

const patterns = {
  program: /^program (".*") (f32|f64) batch <= (\d+)$/s,
  input: /^(input|label) (".*"): (\w+)\[([^\]]*)\](?: classes (\d+))?$/s,
  state: /^(parameter|statistic|slot) (".*"): (\w+)\[([^\]]*)\] init (\{.*\})$/s,
  // Brackets and braces inside quoted names are not those of the line.
  value:
    /^%(\d+) = (\w+)\(([%\d, ]*)\)(?: \{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})?: (\w+)\[([^\]]*)\](?: # (\{.*\}))?$/s,
  fn: /^function (step|evaluate|predict)$/,
  result: /^ {2}(result|update) (".*") = %(\d+)$/s,
};

/** Throws `ir/parse` with the line number when `text` is not a program. */
export function parseProgram(text: string): Program {
  const lines = text.replace(/\n$/, '').split('\n');
  const header = patterns.program.exec(lines[0] ?? '');
  if (!header) throw errors.parse(1, 'expected: program "name" f32 batch <= N');
  const float: Float = header[2] === 'f64' ? 'f64' : 'f32';
  const reading: Reading = { o: createBuilder(float), inputs: [], states: [], values: [], functions: [] };
  lines.slice(1).forEach((line, i) => {
    onLine(i + 2, () => readLine(line, i + 2, reading));
  });
  const name = onLine(1, () => readName(header[1]));
  const { o, inputs, states, functions } = reading;
  return { name, float, maxBatch: Number(header[3]), inputs, states, functions, notes: o.notes };
}

/** What has been read so far. */
interface Reading {
  readonly o: Builder;
  readonly inputs: InputDecl[];
  readonly states: StateDecl[];
  readonly values: Value[];
  readonly functions: ProgramFunction[];
}

function valueAt({ values }: Reading, reference: string | undefined, line: number): Value {
  const value = values[Number(reference)];
  if (!value) throw errors.parse(line, `%${reference} is not defined above`);
  return value;
}

function readLine(line: string, number: number, reading: Reading): void {
  const value = patterns.value.exec(line);
  if (value) {
    readValue(value, number, reading);
    return;
  }
  const input = patterns.input.exec(line);
  if (input) {
    const [, role, name = '', dtype, dims, classes] = input;
    const type = readType(dtype, dims, number);
    const known = classes === undefined ? {} : { classes: Number(classes) };
    reading.inputs.push({
      name: readName(name),
      role: role === 'label' ? 'label' : 'input',
      ...type,
      ...known,
    });
    return;
  }
  const state = patterns.state.exec(line);
  if (!state) {
    readFunctionLine(line, number, reading.functions, (x, at) => valueAt(reading, x, at));
    return;
  }
  const [, role, name = '', dtype, dims, init = ''] = state;
  const type = readType(dtype, dims, number);
  const spec: InitSpec = JSON.parse(init);
  if (type.shape.includes('batch')) throw errors.parse(number, 'a state has no batch axis');
  const shape = type.shape.map(Number);
  reading.states.push({
    name: readName(name),
    role: role === 'slot' || role === 'statistic' ? role : 'parameter',
    ...type,
    shape,
    init: spec,
  });
}

function readValue(match: RegExpExecArray, number: number, reading: Reading): void {
  const [, id, op = '', operands = '', attrs = '', dtype, dims, note] = match;
  if (!isOpName(op)) throw errors.parse(number, `there is no op "${op}"`);
  if (Number(id) !== reading.values.length) throw errors.parse(number, `expected %${reading.values.length}`);
  const xs = operands
    .split(', ')
    .filter(Boolean)
    .map((x) => valueAt(reading, x.slice(1), number));
  const { arity } = opOf(op);
  if (xs.length !== arity) throw errors.parse(number, `${op} takes ${arity} operands`);
  const value = reading.o.within(readNote(note), () => reading.o.make(op, xs, readAttrs(attrs, number)));
  const written = readType(dtype, dims, number);
  if (value.dtype !== written.dtype || value.shape.join() !== written.shape.join()) {
    throw errors.parse(number, `${op} gives ${value.dtype}[${value.shape}], the text says otherwise`);
  }
  reading.values.push(value);
}

/** Says of whatever goes wrong in which line it does: malformed names, unknown attributes, operands that do not fit. */
function onLine<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    const blamed = thrown instanceof CompileError && thrown.diagnostic.code === 'ir/parse';
    if (blamed || !(thrown instanceof Error)) throw thrown;
    throw errors.parse(line, thrown.message);
  }
}

const readName = (text = '""'): string => String(JSON.parse(text));

function readFunctionLine(
  line: string,
  number: number,
  functions: ProgramFunction[],
  at: (reference: string | undefined, line: number) => Value,
): void {
  const start = patterns.fn.exec(line);
  if (start) {
    const name = start[1] === 'step' ? 'step' : start[1] === 'evaluate' ? 'evaluate' : 'predict';
    functions.push({ name, results: [], updates: [] });
    return;
  }
  const entry = patterns.result.exec(line);
  const fn = functions.pop();
  if (!entry || !fn) throw errors.parse(number, `cannot read: ${line}`);
  const name = readName(entry[2]);
  const value = at(entry[3], number);
  functions.push(
    entry[1] === 'result'
      ? { ...fn, results: [...fn.results, { name, value }] }
      : { ...fn, updates: [...fn.updates, { state: name, value }] },
  );
}

function readType(dtype: string | undefined, dims = '', line = 0): Type {
  const known: readonly DType[] = ['f32', 'f64', 'i32', 'bool'];
  const found = known.find((candidate) => candidate === dtype);
  if (!found) throw errors.parse(line, `there is no dtype "${dtype}"`);
  const shape = dims
    .split(', ')
    .filter(Boolean)
    .map((dim): Dim => {
      if (dim !== 'batch' && !/^\d+$/.test(dim)) throw errors.parse(line, `"${dim}" is not a dimension`);
      return dim === 'batch' ? 'batch' : Number(dim);
    });
  return { dtype: found, shape };
}

function readNote(text: string | undefined): Note {
  const { of, ...known }: Partial<Omit<Note, 'of'>> & { of?: unknown } =
    text === undefined ? {} : JSON.parse(text);
  const note: Partial<Note> = of === undefined ? known : { ...known, of: () => String(of) };
  return { role: 'forward', ...note };
}

/** `name: value` pairs as `showAttrs` writes them: JSON but for non-finite numbers, -0 and bare `batch`. */
function readAttrs(text: string, line: number): Attrs {
  const attrs: [string, AttrValue][] = [];
  const pair = /(\w+): ("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,]+)(?:, |$)/sy;
  while (pair.lastIndex < text.length) {
    const match = pair.exec(text);
    if (!match) throw errors.parse(line, `cannot read the attributes {${text}}`);
    attrs.push([match[1] ?? '', readAttr(match[2] ?? '')]);
  }
  return Object.fromEntries(attrs);
}

function readAttr(text: string): AttrValue {
  if (text.startsWith('[')) {
    const items = text.slice(1, -1).split(', ').filter(Boolean);
    return items.map((item) => (item.startsWith('"') ? readName(item) : readNumber(item)));
  }
  if (text.startsWith('"')) return readName(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return readNumber(text);
}

function readNumber(text: string): number {
  const number = Number(text);
  if (Number.isNaN(number) && text !== 'NaN') throw errors.invalid(`${text} is not a number`);
  return number;
}
