/** The fully connected layer. */

import { errors } from '../../ir/errors.ts';
import { createContext, type Initializer } from '../dsl/model.ts';
import { atCaller } from '../dsl/recording.ts';
import type { Dim } from '../dsl/shapes.ts';
import { type Tensor, wrap } from '../dsl/tensor.ts';
import { atDeclaration } from '../optim/checks.ts';
import { kaimingNormal, zeros } from './initializers.ts';

/** What `dense` may be told. */
export interface DenseOptions {
  /** Prefix of the parameter names; without it they are w1, b1, w2, b2, ... in order of creation. */
  readonly name?: string;
  readonly init?: Initializer;
  readonly bias?: boolean;
  /** `false` freezes weights and biases. */
  readonly trainable?: boolean;
}

/** x W + b for x [batch, in]: [batch, units]. Weights start Kaiming-normal, biases at 0. */
export function dense<const B extends Dim, const N extends Dim, const U extends number>(
  x: Tensor<readonly [B, N]>,
  units: U,
  { name, init = kaimingNormal(), bias = true, trainable = true }: DenseOptions = {},
): Tensor<readonly [B, U]> {
  const { recording } = x;
  const columns = atDeclaration(() => {
    const size = x.shape[1];
    if (typeof size === 'number') return size;
    throw errors.rank('dense', `[${x.shape}]`, '[batch, features]');
  });
  const layer = (recording.counters.get('dense') ?? 0) + 1;
  recording.counters.set('dense', layer);
  const [wName, bName] = name === undefined ? [`w${layer}`, `b${layer}`] : [`${name}.w`, `${name}.b`];
  const context = createContext(recording);
  const w = context.param(wName, [columns, units], init, { trainable });
  const b = bias ? context.param(bName, [units], zeros(), { trainable }) : undefined;
  const value = atCaller(recording, (o) => {
    const product = o.matmul(x.value, w.value);
    const z = b ? o.add(product, b.value) : product;
    o.annotate(z, { hint: name === undefined ? `z${layer}` : `${name}.z` });
    return z;
  });
  return wrap(recording, value, 'float');
}
