/** Numbers that stand in the file: sizes, single numbers and weights. */

import type { Handler } from '../context.ts';
import type { Tensor } from '../graph.ts';
import { refusal, type Val } from '../values.ts';

/** More whole numbers than shapes, axes and indices have. */
const mostSizes = 1024;

/** What the numbers of a tensor are to a model; `trained` for those of the graph itself. */
export function valueOfTensor(tensor: Tensor, trained: boolean): Val {
  const { name, type, shape, numbers } = tensor;
  if (numbers === undefined) throw refusal(`it reads elements of the type ${type}`);
  if (type === 'FLOAT' || type === 'DOUBLE') {
    const [value = 0] = numbers;
    const isNumber = shape.length === 0 || (!trained && numbers.length === 1);
    return isNumber ? { kind: 'fill', shape, value } : { kind: 'weights', name, shape, numbers, trained };
  }
  if (numbers.length > mostSizes) throw refusal(`it reads ${numbers.length} whole numbers`);
  return { kind: 'sizes', shape, values: Array.from(numbers) };
}

export const constantNode: Handler = (c) => {
  for (const [name, attribute] of c.node.attributes) {
    const { kind } = attribute;
    if (kind === 'tensor') return valueOfTensor({ ...attribute.value, name: c.node.outputs[0] ?? '' }, false);
    if (name === 'value_float' && kind === 'float')
      return { kind: 'fill', shape: [], value: attribute.value };
    if (name === 'value_int' && kind === 'int')
      return { kind: 'sizes', shape: [], values: [attribute.value] };
    if (name === 'value_ints' && kind === 'ints')
      return { kind: 'sizes', shape: [attribute.value.length], values: attribute.value };
  }
  throw refusal('it is of a kind that no model has');
};
