/** Finds the softmax and its logarithm in what they were spelled out as: ONNX has nodes for them, which others know by name. */

import { numberList, type Value } from '../../ir/value.ts';

export interface Softmax {
  readonly op: 'Softmax' | 'LogSoftmax';
  readonly axis: number;
  readonly logits: Value;
}

/** The softmax that `value` is. */
export const softmaxOf = (value: Value): Softmax | undefined =>
  value.op === 'div' ? quotient(value) : value.op === 'sub' ? difference(value) : undefined;

/** exp(x - max) / sum(exp(x - max)). */
function quotient({ inputs: [shifted, rest] }: Value): Softmax | undefined {
  const total = along(rest, 'sum');
  const found = shifted?.op === 'exp' ? shiftedByMaximum(shifted.inputs[0]) : undefined;
  if (!found || !total || total.of !== shifted || total.axis !== found.axis) return undefined;
  return { op: 'Softmax', ...found };
}

/** (x - max) - ln(sum(exp(x - max))). */
function difference({ inputs: [shifted, rest] }: Value): Softmax | undefined {
  const found = shiftedByMaximum(shifted);
  if (!found || rest?.op !== 'broadcast' || rest.inputs[0]?.op !== 'log') return undefined;
  const [sum] = rest.inputs[0].inputs;
  const [axis, ...others] = numberList(rest.attrs.axes);
  const [exp] = sum?.inputs ?? [];
  const fits = sum?.op === 'sum' && exp?.op === 'exp' && exp.inputs[0] === shifted;
  if (!fits || axis !== found.axis || others.length > 0 || numberList(sum.attrs.axes).join() !== `${axis}`)
    return undefined;
  return { op: 'LogSoftmax', ...found };
}

function shiftedByMaximum(value: Value | undefined): { logits: Value; axis: number } | undefined {
  if (value?.op !== 'sub') return undefined;
  const [logits, rest] = value.inputs;
  const max = along(rest, 'reduceMax');
  return logits !== undefined && max?.of === logits ? { logits, axis: max.axis } : undefined;
}

/** A reduction along one axis, repeated along the same. */
function along(value: Value | undefined, op: string): { of: Value; axis: number } | undefined {
  const [reduced] = value?.op === 'broadcast' ? value.inputs : [];
  const [of] = reduced?.op === op ? reduced.inputs : [];
  const [axis, ...others] = numberList(reduced?.attrs.axes);
  if (of === undefined || axis === undefined || others.length > 0) return undefined;
  return numberList(value?.attrs.axes).join() === `${axis}` ? { of, axis } : undefined;
}
