/** Operations of the graph that tensors have no method for, in models that tests print and read back. */

import type { OpName } from '../../ir/ops/index.ts';
import type { Attrs } from '../../ir/value.ts';
import { atCaller } from '../../src/dsl/recording.ts';
import { type Kind, type Tensor, type TensorLike, wrap } from '../../src/dsl/tensor.ts';
import type { ModelContext, Shape } from '../../src/index.ts';

const kinds = { f32: 'float', f64: 'float', i32: 'int', bool: 'bool' } as const;

/** `op` applied to tensors of the model `m`: `via(m, 'transpose', [x], { perm: [1, 0] })`. */
export function via<K extends Kind = 'float'>(
  m: ModelContext,
  op: OpName,
  operands: readonly TensorLike<Shape, Kind>[],
  attrs: Attrs = {},
): Tensor<Shape, K> {
  const { recording } = m.constant(0);
  const inputs = operands.map((operand) => operand.value);
  const value = atCaller(recording, (o) => o.make(op, inputs, attrs));
  return wrap(recording, value, kinds[value.dtype] as K);
}
