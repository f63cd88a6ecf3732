/** What an imported network is trained for: the loss that fits its last layer, or the one that is asked for. */

import { unsupported } from './cursor.ts';
import { type Expression, showShape } from './values.ts';
import type { Writer } from './writer.ts';

export const losses = ['cross-entropy', 'binary-cross-entropy', 'mean-squared-error'] as const;
export type Loss = (typeof losses)[number];

export interface Objective {
  readonly loss: string;
  readonly metrics: string | undefined;
  readonly kind: Loss;
  /** The declaration of what is to be learnt. */
  readonly label: string;
  /** The output, which a metric may have given a name. */
  readonly output: Expression;
}

const lossFor = ({ last, shape }: Expression): Loss => {
  if (last?.op === 'sigmoid') return 'binary-cross-entropy';
  return last !== undefined && shape.length === 2 ? 'cross-entropy' : 'mean-squared-error';
};

export function objectiveOf(output: Expression, wanted: Loss | undefined, writer: Writer): Objective {
  const kind = wanted ?? lossFor(output);
  const { shape, last } = output;
  if (shape[0] !== 'batch' || output.element !== 'float')
    throw unsupported(
      'its first output does not have an axis of samples',
      'Export what it predicts for each sample.',
      0,
    );
  const name = writer.dataName('label', 'label');
  const label = writer.identifier('label');
  const declared = (what: string): string => `const ${label} = m.label('${name}', ${what});`;
  if (kind === 'cross-entropy') {
    const [, classes] = shape;
    if (shape.length !== 2 || typeof classes !== 'number')
      throw unsupported(`its output [${shape}] is not one score for each class`, 'Choose another --loss.', 0);
    const logits = last !== undefined && last.op !== 'sigmoid' ? last.logits : writer.bind(output, 'logits');
    return {
      kind,
      loss: `${writer.use('softmaxCrossEntropy')}(${logits.text}, ${label})`,
      metrics: `{ accuracy: ${writer.use('accuracy')}(${logits.text}, ${label}) }`,
      label: declared(`{ classes: ${classes} }`),
      output: last === undefined || last.op === 'sigmoid' ? logits : output,
    };
  }
  if (kind === 'binary-cross-entropy') {
    const isLast = last?.op === 'sigmoid';
    const bound = writer.bind(output, isLast ? 'probability' : 'logits');
    const logits = isLast ? last.logits : bound;
    const p = isLast ? bound.text : `${logits.text}.sigmoid()`;
    return {
      kind,
      loss: `${writer.use('binaryCrossEntropy')}(${logits.text}, ${label})`,
      metrics: `{ accuracy: ${writer.use('binaryAccuracy')}(${p}, ${label}) }`,
      label: declared(showShape(shape)),
      output: bound,
    };
  }
  const bound = writer.bind(output, output.wanted ?? 'prediction');
  return {
    kind,
    loss: `${writer.use('meanSquaredError')}(${bound.text}, ${label})`,
    metrics: undefined,
    label: declared(showShape(shape)),
    output: bound,
  };
}
