/** Finds out where NaN or infinity came from: makes a failed step again in the evaluator and follows it back. */

import { describe } from '../ir/describe.ts';
import { evaluate } from '../ir/evaluate.ts';
import { opOf } from '../ir/ops/index.ts';
import { type Program, rootsOf } from '../ir/program.ts';
import type { Tensor } from '../ir/tensor.ts';
import type { Site, Value } from '../ir/value.ts';
import { compile } from './compile.ts';
import type { Model } from './dsl/model.ts';
import { leafOf } from './leaf-data.ts';
import { InputError, type Replay } from './runtime/errors.ts';

/** The first operation that gave NaN or infinity from operands that were finite. */
export interface Origin {
  /** The op, such as `log`. */
  readonly op: string;
  /** What it computes, by the names of the model: `log(p)`. */
  readonly expression: string;
  /** NaN, Infinity or -Infinity. */
  readonly value: number;
  /** Which element of the result, by its index along each axis. */
  readonly index: readonly number[];
  /** What each operand held: its element of the same index, or its smallest and largest. */
  readonly operands: readonly string[];
  /** The line of the model that asked for it, or whose gradient it is part of. */
  readonly site?: Site;
  /** For a part of the gradient: what the line computes whose gradient it is. */
  readonly gradientOf?: string;
}

/**
 * Where the first value that is not finite arose in a step of `graph`, a program after all passes. Undefined when the step
 * is finite after all.
 */
export function originOf(graph: Program, { batch, count, t, seed, state }: Replay): Origin | undefined {
  const step = graph.functions.find(({ name }) => name === 'step');
  const leaf = leafOf(batch, state, t, seed);
  const roots = step ? rootsOf(step) : [];
  const tensors = evaluate(roots, { batch: count, float: graph.float, leaf });
  // A constant may well be infinite, as masks are: what is made of it is what is looked for.
  const spoilt = (value: Value): boolean => opOf(value.op).kind !== 'leaf' && !allFinite(tensors.get(value));
  const origins = new Set<Value>();
  const seen = new Set<Value>();
  const stack = roots.filter(spoilt);
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    const causes = value.inputs.filter(spoilt);
    if (causes.length === 0) origins.add(value);
    stack.push(...causes);
  }
  const [first] = [...origins].sort((a, b) => a.id - b.id);
  return first && describeOrigin(graph, first, tensors);
}

const allFinite = (tensor: Tensor | undefined): boolean => firstBad(tensor) < 0;

/** Position of the first number that is not finite, or -1. */
function firstBad(tensor: Tensor | undefined): number {
  const { data = [] } = tensor ?? {};
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}

function describeOrigin(graph: Program, value: Value, tensors: ReadonlyMap<Value, Tensor>): Origin {
  const tensor = tensors.get(value);
  const element = firstBad(tensor);
  const nameOf = (of: Value): string | undefined =>
    of.op === 'input' || of.op === 'state' ? String(of.attrs.name) : graph.notes.get(of)?.name;
  const note = graph.notes.get(value);
  const operands = value.inputs.map((input) => {
    const { text } = describe(input, nameOf);
    const held = tensors.get(input);
    const same = held?.shape.length === tensor?.shape.length && held?.data.length === tensor?.data.length;
    const shown = nameOf(input) ?? text;
    return held && same ? `${shown} = ${held.data[element]}` : `${shown} ${range(held)}`;
  });
  return {
    op: value.op,
    expression: describe(value, nameOf).text,
    value: tensor?.data[element] ?? Number.NaN,
    index: indexOf(element, tensor?.shape ?? []),
    operands,
    ...(note?.site ? { site: note.site } : {}),
    ...(note?.role === 'backward' && note.of !== undefined ? { gradientOf: note.of() } : {}),
  };
}

function range(tensor: Tensor | undefined): string {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of Array.from(tensor?.data ?? [])) [low, high] = [Math.min(low, x), Math.max(high, x)];
  return `from ${low} to ${high}`;
}

function indexOf(element: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = element;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** An origin as a sentence, without its place. */
export function showOrigin({ expression, value, index, operands, gradientOf }: Origin): string {
  const place = index.length === 0 ? '' : ` at [${index.join(', ')}]`;
  const part = gradientOf === undefined ? '' : `, in the gradient of ${gradientOf}`;
  const given = operands.length === 0 ? '' : `, with ${operands.join(' and ')}`;
  return `It begins with ${expression}, which is ${value}${place}${given}${part}.`;
}

/**
 * `error` with the first operation and the line of the model that gave NaN or infinity added to its message, if it is a
 * `train/not-finite` of a trainer of `graph`; any other error is given back as it is.
 */
export function withOrigin(error: unknown, graph: Program): unknown {
  if (!(error instanceof InputError) || error.replay === undefined) return error;
  const origin = originOf(graph, error.replay);
  if (!origin) return error;
  const { site } = origin;
  return new InputError({
    code: error.code,
    message: `${error.message} ${showOrigin(origin)}`,
    ...(error.help === undefined ? {} : { help: error.help }),
    ...(site ? { at: `${site.file}:${site.line}` } : {}),
    replay: error.replay,
  });
}

/**
 * For a training from a program: which operation and line of `model` made the step that threw `error` NaN or infinite.
 * The model must be the one the trainer was compiled from, in the same precision.
 */
export async function explainNonFinite(
  model: Model,
  error: InputError,
  options: { readonly dtype?: 'f32' | 'f64' } = {},
): Promise<Origin | undefined> {
  if (error.replay === undefined) return undefined;
  const { graph } = await compile(model, options);
  return originOf(graph, error.replay);
}
