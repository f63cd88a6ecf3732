/**
 * Purpose: write each kernel as the element of its root at an index, with loads from memory and reductions spelled out.
 * Needs: fuse.
 * Ensures: expressions hold scalar functions, loads and reductions only; a subexpression used twice is one object.
 */

import { errors } from '../ir/errors.ts';
import { type Index, showIndex, varIndex } from '../ir/index-expr.ts';
import type { Kernel, Nest } from '../ir/kernel.ts';
import type { Op } from '../ir/op.ts';
import { opOf } from '../ir/ops/index.ts';
import type { Program } from '../ir/program.ts';
import { type Access, type Scalar, scalarBuilder } from '../ir/scalar.ts';
import type { Value } from '../ir/value.ts';

const spatialNames = ['i', 'j', 'k', 'l', 'i2', 'j2', 'k2', 'l2'] as const;

export function lower(program: Program, kernel: Kernel): Nest {
  const { root, inlined } = kernel;
  const index = root.shape.map((extent, axis) => varIndex(spatialNames[axis] ?? `i${axis}`, extent));
  // Reduction variables go on where the spatial ones end: z[i, j] sums over k.
  let depth = root.shape.length;
  const fresh = (): string => {
    const name = spatialNames[depth] ?? `r${depth}`;
    depth++;
    return name;
  };
  const s = scalarBuilder(program.float, fresh);
  const known = new Map<Value, Map<string, Scalar>>();
  const accessTo = (value: Value): Access => ({
    dtype: value.dtype,
    shape: value.shape,
    at(...position) {
      const key = position.map(showIndex).join();
      const elements = known.get(value) ?? new Map<string, Scalar>();
      known.set(value, elements);
      const element = elements.get(key) ?? elementOf(value, position);
      elements.set(key, element);
      return element;
    },
  });
  const elementOf = (value: Value, position: readonly Index[]): Scalar => {
    const { at, kind } = opOf(value.op) as Op;
    if (value !== root && !inlined.has(value) && (kind !== 'leaf' || !at)) {
      return { kind: 'load', from: value, index: position, dtype: value.dtype };
    }
    if (!at) throw errors.unlowered(value.op);
    const element = at(s, value.inputs.map(accessTo), position, value);
    const name = value.op === 'constant' ? program.notes.get(value)?.name : undefined;
    return element.kind === 'number' && name !== undefined ? { ...element, name } : element;
  };
  return { root, index, element: accessTo(root).at(...index) };
}
