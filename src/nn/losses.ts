/** Losses: means over the samples, computed from logits so that nothing overflows. */

import { errors } from '../../ir/errors.ts';
import { sameShape, showType } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import type { ClassLabel } from '../dsl/model.ts';
import { atCaller } from '../dsl/recording.ts';
import type { Dim, LabelFits, Shape, ShapeError } from '../dsl/shapes.ts';
import { type Scalar, type Tensor, type TensorLike, wrap } from '../dsl/tensor.ts';
import { anyShape } from './any-shape.ts';

/** An error that names both numbers of classes unless they agree. */
export type ClassesFit<C extends Dim, L> = L extends { readonly classes: infer D extends number }
  ? number extends C
    ? unknown
    : number extends D
      ? unknown
      : D extends C
        ? unknown
        : ShapeError<`the logits have ${C} columns, the label has ${D} classes`>
  : unknown;

/** Throws unless `scores` is [batch, classes] for the classes of `label`. */
export function checkClasses(what: string, scores: Value, label: ClassLabel): void {
  if (scores.shape.length === 2 && scores.shape[1] === label.classes) return;
  const truth =
    label.classes === undefined
      ? `a label without classes, ${showType(label.value)},`
      : `a label of ${label.classes} classes`;
  throw errors.shapesDiffer(what, showType(scores), truth);
}

/** Throws unless the label has the prediction's shape: broadcasting would compare each with all others. */
export function checkSameShape(what: string, prediction: TensorLike, label: TensorLike): void {
  atCaller(prediction.recording, () => {
    if (sameShape(prediction.value.shape, label.value.shape)) return;
    throw errors.shapesDiffer(what, showType(prediction.value), `the label, ${showType(label.value)},`);
  });
}

/** Mean over the samples of -ln softmax(logits)[label], for logits [batch, classes]. */
export function softmaxCrossEntropy<const B extends Dim, const C extends Dim, const L extends ClassLabel>(
  logits: Tensor<readonly [B, C]>,
  label: L & ClassesFit<C, NoInfer<L>>,
): Scalar {
  const value = atCaller(logits.recording, (o) => {
    const z = logits.value;
    const { classes } = label;
    checkClasses('softmaxCrossEntropy', z, label);
    const lse = o.logSumExp(z, { axes: [1] });
    const logProbabilities = o.sub(z, o.broadcast(lse, { axes: [1], dims: [classes] }));
    const truth = o.oneHot(label.value, { classes, dtype: o.float });
    const perSample = o.neg(o.sum(o.mul(truth, logProbabilities), { axes: [1] }));
    return o.div(o.sum(perSample, { axes: [0] }), o.batchSize({ dtype: o.float }));
  });
  return wrap(logits.recording, value, 'float');
}

/** Mean of -y ln p - (1 - y) ln(1 - p) with p = sigmoid(logits); y and logits of one shape. */
export function binaryCrossEntropy<S extends Shape, T extends Shape>(
  logits: Tensor<S>,
  y: Tensor<T> & LabelFits<S, NoInfer<T>>,
): Scalar {
  checkSameShape('binaryCrossEntropy', logits, y);
  const plain = anyShape(logits);
  return plain
    .softplus()
    .sub(plain.mul(anyShape(y)))
    .mean();
}

/** Mean of (x - y)^2 over all elements. */
export function meanSquaredError<S extends Shape, T extends Shape>(
  x: Tensor<S>,
  y: Tensor<T> & LabelFits<S, NoInfer<T>>,
): Scalar {
  checkSameShape('meanSquaredError', x, y);
  return anyShape(x).sub(anyShape(y)).square().mean();
}
