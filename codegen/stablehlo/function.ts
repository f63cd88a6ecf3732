/** One function of a program as text: its arguments, a line or a few for each value, and its results. */

import { errors } from '../../ir/errors.ts';
import { isOpName } from '../../ir/ops/index.ts';
import type { Program } from '../../ir/program.ts';
import { reachable, type Value } from '../../ir/value.ts';
import { type Body, createBody, idsOf, type Term, write } from './body.ts';
import { operations } from './operations.ts';
import { type Argument, type FunctionName, type Result, signatureOf } from './signature.ts';
import { showTensor, type TensorType, typeOf } from './tensors.ts';

export interface FunctionOptions {
  /** The symbol that it gets. */
  readonly symbol: string;
  readonly batch: number;
  /** Devices that the samples are spread over; undefined says nothing about devices. */
  readonly spread: number | undefined;
}

interface Given {
  readonly argument: Argument;
  readonly term: Term;
}

export function printFunction(
  program: Program,
  name: FunctionName,
  { symbol, batch, spread }: FunctionOptions,
): readonly string[] {
  const signature = signatureOf(program, name, batch);
  const body = createBody(batch);
  const given = signature.arguments.map((argument) => ({
    argument,
    term: body.argument(argument.name, argument.type),
  }));
  const results = compute(program, body, given, signature.results);
  const takes = given.map(({ argument, term }, position) => {
    const attributes = shardingOf(argument.kind === 'column', term.type, spread);
    // Results of the step begin with the state in the same order, and may take its memory.
    const donated = name === 'step' && argument.kind === 'state';
    return `${term.id}: ${typeWith(term.type, [
      ...attributes,
      ...(donated ? [`tf.aliasing_output = ${position} : i32`] : []),
    ])}`;
  });
  const gives = signature.results.map(({ kind, type, value }) => {
    const hasRows = kind === 'result' && value?.shape[0] === 'batch';
    return typeWith(type, shardingOf(hasRows, type, spread));
  });
  return [
    `func.func public @${symbol}(${listed(takes)}) -> (${listed(gives)}) {`,
    ...body.lines.map((line) => `  ${line}`),
    `  return${results.length > 0 ? ` ${idsOf(results)} : ${results.map(({ type }) => showTensor(type)).join(', ')}` : ''}`,
    '}',
  ];
}

/** Writes a line or a few for each value that the results need, and gives what the results are called. */
function compute(
  program: Program,
  body: Body,
  given: readonly Given[],
  results: readonly Result[],
): readonly Term[] {
  const terms = new Map<Value, Term>();
  const termOf = (value: Value): Term => {
    const term = terms.get(value);
    if (term === undefined) throw errors.invalid(`${value.op} is read before it is made`);
    return term;
  };
  const computed = (value: Value): Term => {
    if (!isOpName(value.op)) throw errors.invalid(`there is no op "${value.op}"`);
    const type = typeOf(value, body.batch);
    const result = operations[value.op]({ body, xs: value.inputs.map(termOf), value, type });
    return typeof result === 'string' ? body.add(result, type, program.notes.get(value)?.name) : result;
  };
  const roots = results.flatMap(({ value }) => (value === undefined ? [] : [value]));
  for (const value of reachable(roots)) {
    const leaf = isLeaf(value) ? given.find(({ argument }) => isOf(argument, value)) : undefined;
    terms.set(value, leaf?.term ?? computed(value));
  }
  return results.map(({ name, type, value }) => {
    const kept = given.find(({ argument }) => argument.kind === 'state' && argument.name === name)?.term;
    const term = value === undefined ? kept : termOf(value);
    if (term === undefined) throw errors.invalid(`nothing gives ${name}`);
    return term.type.dtype === type.dtype ? term : body.add(write.turned('convert', term, type), type);
  });
}

/** One on a line, between the brackets. */
const listed = (items: readonly string[]): string =>
  items.length === 0 ? '' : `\n${items.map((item) => `      ${item}`).join(',\n')}\n  `;

const typeWith = (type: TensorType, attributes: readonly string[]): string =>
  `${showTensor(type)}${attributes.length > 0 ? ` {${attributes.join(', ')}}` : ''}`;

const isLeaf = ({ op }: Value): boolean => op === 'input' || op === 'state';

/** The step number and the seed are inputs of the graph by these names, without axes. */
function isOf({ kind, name }: Argument, value: Value): boolean {
  const wanted = String(value.attrs.name);
  if (value.op === 'state') return kind === 'state' && name === wanted;
  if (value.shape.length === 0 && wanted === 'step') return kind === 't';
  if (value.shape.length === 0 && wanted === 'seed') return kind === 'seed';
  return kind === 'column' && name === wanted;
}

/** Rows along the axis `batch` of the mesh, where they can be dealt out evenly; all else on every device. */
function shardingOf(rows: boolean, { shape }: TensorType, spread: number | undefined): readonly string[] {
  if (spread === undefined) return [];
  const axes = shape.map((size, axis) => (rows && axis === 0 && size % spread === 0 ? '{"batch"}' : '{}'));
  return [`sdy.sharding = #sdy.sharding<@mesh, [${axes.join(', ')}]>`];
}
