/** Exponentially weighted averages. */

import { createContext } from '../dsl/model.ts';
import { type Tensor, wrap } from '../dsl/tensor.ts';
import { atDeclaration, checkDecay } from '../optim/checks.ts';
import { anyShape } from './any-shape.ts';
import { zeros } from './initializers.ts';

/** What `ewa` is made with. */
export interface EwaOptions {
  /** Share of the old value; 0 gives x itself. */
  readonly beta: number;
  /** Divide by 1 - beta^t, so that the first values are not too small; the corrected value is not fed back. */
  readonly corrected?: boolean;
  /** Name of its state; ewa1, ewa2, ... unless given. What it is divided by is kept under that name and `.weight`. */
  readonly name?: string;
}

/** v = beta v + (1 - beta) x over the training steps, t of them, corrected unless told otherwise. */
export function ewa<S extends readonly number[]>(
  x: Tensor<S>,
  { beta, corrected = true, name }: EwaOptions,
): Tensor<S> {
  atDeclaration(() => checkDecay('beta', beta));
  const { recording } = x;
  const count = (recording.counters.get('ewa') ?? 0) + 1;
  recording.counters.set('ewa', count);
  const context = createContext(recording);
  const own = name ?? `ewa${count}`;
  const average = context.state<readonly number[]>(own, x.value.shape.map(Number), zeros());
  const next = anyShape(average.value)
    .mul(beta)
    .add(anyShape(x).mul(1 - beta));
  average.set(wrap(recording, next.value, 'float'));
  if (!corrected || beta === 0) return wrap(recording, next.value, 'float');
  // 1 - beta^t as the average of 1: it is saved with the average, whose t need not be that of the trainer.
  const weight = context.state(`${own}.weight`, [], zeros());
  const nextWeight = weight.value.mul(beta).add(1 - beta);
  weight.set(nextWeight);
  return wrap(recording, next.div(nextWeight).value, 'float');
}
