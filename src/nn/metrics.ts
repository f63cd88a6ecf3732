/** Metrics: numbers for people, computed inside the step. */

import type { ClassLabel } from '../dsl/model.ts';
import { atCaller } from '../dsl/recording.ts';
import type { Dim, LabelFits, Shape } from '../dsl/shapes.ts';
import { type Scalar, type Tensor, wrap } from '../dsl/tensor.ts';
import { anyShape } from './any-shape.ts';
import { type ClassesFit, checkClasses, checkSameShape } from './losses.ts';

/** The share of samples whose largest logit (or probability) is at the label's class. */
export function accuracy<const B extends Dim, const C extends Dim, const L extends ClassLabel>(
  scores: Tensor<readonly [B, C]>,
  label: L & ClassesFit<C, NoInfer<L>>,
): Scalar {
  const value = atCaller(scores.recording, (o) => {
    checkClasses('accuracy', scores.value, label);
    const hit = o.equal(o.argmax(scores.value, { axis: 1 }), label.value);
    const hits = o.sum(o.cast(hit, { dtype: o.float }), { axes: [0] });
    return o.div(hits, o.batchSize({ dtype: o.float }));
  });
  return wrap(scores.recording, value, 'float');
}

/** The share of samples where `p > 0.5` agrees with a label of 0 and 1. */
export function binaryAccuracy<S extends Shape, T extends Shape>(
  p: Tensor<S>,
  y: Tensor<T> & LabelFits<S, NoInfer<T>>,
): Scalar {
  checkSameShape('binaryAccuracy', p, y);
  const threshold = 0.5;
  const predicted = anyShape(p).greater(threshold).toFloat();
  return predicted.equal(anyShape(y)).toFloat().mean();
}
