/** Functions spelled out in simpler ones, for elements that runtimes have no such function for. */

import { errors } from '../../ir/errors.ts';
import { expand } from '../../ir/expansions.ts';
import { type DerivedFunction, type Scalar, scalarBuilder } from '../../ir/scalar.ts';
import type { DType, Float } from '../../ir/types.ts';
import type { Emitter, Held } from './emitter.ts';

/** The scalar functions that those spelled out here are made of. */
const nodes: ReadonlyMap<string, string> = new Map([
  ['add', 'Add'],
  ['sub', 'Sub'],
  ['mul', 'Mul'],
  ['div', 'Div'],
  ['neg', 'Neg'],
  ['abs', 'Abs'],
  ['min', 'Min'],
  ['max', 'Max'],
  ['exp', 'Exp'],
  ['log', 'Log'],
  ['less', 'Less'],
  ['equal', 'Equal'],
  ['select', 'Where'],
]);

/** `fn` of each element of `x`, by the formula that our own trainers have for it. */
export function spelledOut(e: Emitter, fn: DerivedFunction, x: Held, dtype: DType & Float): Held {
  const argument: Scalar = { kind: 'local', name: 'x', dtype };
  const formula = expand(
    fn,
    scalarBuilder(dtype, () => 'k'),
    [argument],
  );
  const written = new Map<Scalar, string>([[argument, x.name]]);
  const write = (part: Scalar): string => {
    const known = written.get(part);
    if (known !== undefined) return known;
    const name = part.kind === 'number' ? e.number(part.value, part.dtype) : writeNode(part);
    written.set(part, name);
    return name;
  };
  const writeNode = (part: Scalar): string => {
    const op = part.kind === 'apply' ? nodes.get(part.fn) : undefined;
    if (part.kind !== 'apply' || op === undefined)
      throw errors.invalid(`ONNX has no node for ${part.kind === 'apply' ? part.fn : part.kind}`);
    return e.node(op, part.args.map(write));
  };
  return { name: write(formula), shape: x.shape };
}
