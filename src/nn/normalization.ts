/** Normalization of inputs with statistics that are fitted to the training data and kept with the weights. */

import { errors } from '../../ir/errors.ts';
import type { FittedStatistic } from '../../ir/program.ts';
import { showType } from '../../ir/types.ts';
import { atCaller } from '../dsl/recording.ts';
import type { Shape } from '../dsl/shapes.ts';
import { createSlot } from '../dsl/slot.ts';
import { type Tensor, wrap } from '../dsl/tensor.ts';
import { anyShape } from './any-shape.ts';

/**
 * (x - min) / (max - min) per feature: training data come to lie in [0, 1]. A feature that is constant in the training
 * data becomes 0. `x` must be an input; its `min` and `max` are statistics `x.min` and `x.max` of the weights file.
 */
export function minMax<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const [min, max] = [fitted(x, 'minMax', 'min'), fitted(x, 'minMax', 'max')];
  return scaled(x, min, max.sub(min));
}

/** (x - mean) / sqrt(variance) per feature, fitted and kept as with `minMax`; the variance is the biased one. */
export function zScore<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const [mean, variance] = [fitted(x, 'zScore', 'mean'), fitted(x, 'zScore', 'variance')];
  return scaled(x, mean, variance.sqrt());
}

function scaled<S extends Shape>(x: Tensor<S>, offset: Tensor<Shape>, size: Tensor<Shape>): Tensor<S> {
  const varies = size.greater(0);
  const quotient = anyShape(x).sub(offset).div(varies.select(size, 1));
  return wrap(x.recording, varies.select(quotient, 0).value, 'float');
}

/** A statistic of the training data of input `x`, one number per feature. */
function fitted(x: Tensor<Shape>, what: string, statistic: FittedStatistic): Tensor<Shape> {
  const { recording, value } = x;
  const declared = recording.inputs.find(({ name }) => value.op === 'input' && value.attrs.name === name);
  atCaller(recording, () => {
    if (declared?.role !== 'input' || declared.dtype === 'i32')
      throw errors.notFittable(what, `the result of ${value.op}, ${showType(value)}`);
  });
  const input = declared?.name ?? '';
  const name = `${input}.${statistic}`;
  const known = recording.stateValues.get(name);
  const isFitted = recording.states.some((state) => state.name === name && state.init.kind === 'fitted');
  if (known && isFitted) return wrap(recording, known, 'float');
  const shape = value.shape.slice(1).map(Number);
  return createSlot(recording, {
    role: 'statistic',
    name,
    shape,
    init: { kind: 'fitted', input, statistic },
  }).value;
}
