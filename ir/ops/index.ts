/** The manifest: every op of the language, one line each. */

import { errors } from '../errors.ts';
import type { AnyOp } from '../op.ts';
import { abs } from './abs.ts';
import { add } from './add.ts';
import { and } from './and.ts';
import { argmax } from './argmax.ts';
import { batchSize } from './batch-size.ts';
import { broadcast } from './broadcast.ts';
import { cast } from './cast.ts';
import { constant } from './constant.ts';
import { cos } from './cos.ts';
import { div } from './div.ts';
import { equal } from './equal.ts';
import { erf } from './erf.ts';
import { exp } from './exp.ts';
import { expm1 } from './expm1.ts';
import { floor } from './floor.ts';
import { grad } from './grad.ts';
import { input } from './input.ts';
import { less } from './less.ts';
import { lessEqual } from './less-equal.ts';
import { log } from './log.ts';
import { logSumExp } from './log-sum-exp.ts';
import { matmul } from './matmul.ts';
import { maximum } from './maximum.ts';
import { minimum } from './minimum.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { not } from './not.ts';
import { oneHot } from './one-hot.ts';
import { opaque } from './opaque.ts';
import { or } from './or.ts';
import { reduceMax } from './reduce-max.ts';
import { relu } from './relu.ts';
import { reshape } from './reshape.ts';
import { select } from './select.ts';
import { sigmoid } from './sigmoid.ts';
import { sign } from './sign.ts';
import { sin } from './sin.ts';
import { softplus } from './softplus.ts';
import { sqrt } from './sqrt.ts';
import { state } from './state.ts';
import { stopGradient } from './stop-gradient.ts';
import { sub } from './sub.ts';
import { sum } from './sum.ts';
import { tanh } from './tanh.ts';
import { transpose } from './transpose.ts';
import { uniform } from './uniform.ts';

export const ops = {
  input,
  state,
  constant,
  batchSize,
  uniform,
  neg,
  abs,
  sign,
  floor,
  exp,
  expm1,
  log,
  sqrt,
  sin,
  cos,
  tanh,
  erf,
  sigmoid,
  softplus,
  relu,
  stopGradient,
  opaque,
  add,
  sub,
  mul,
  div,
  minimum,
  maximum,
  less,
  lessEqual,
  equal,
  and,
  or,
  not,
  select,
  cast,
  sum,
  reduceMax,
  argmax,
  logSumExp,
  matmul,
  transpose,
  reshape,
  broadcast,
  oneHot,
  grad,
} as const;

export type OpName = keyof typeof ops;

export const isOpName = (name: string): name is OpName => Object.hasOwn(ops, name);

export const opNames: readonly OpName[] = Object.keys(ops).filter(isOpName);

/** The op of a value, with its attribute type forgotten. */
export function opOf(name: string): AnyOp {
  if (!isOpName(name)) throw errors.invalid(`there is no op "${name}"`);
  return ops[name];
}
