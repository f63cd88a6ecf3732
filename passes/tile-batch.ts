/**
 * Purpose: find out whether a step can be made tile by tile: forward and backward for some samples while they are in cache,
 * then for the next, with the sums over all samples growing on the way.
 * Needs: fuse.
 * Ensures: a kernel `each` sample reads its own row alone; what is `before` or `after` the tiles reads no row at all.
 */

import { showIndex } from '../ir/index-expr.ts';
import type { BlockProgram, Kernel, Nest, Phase } from '../ir/kernel.ts';
import type { Program } from '../ir/program.ts';
import type { Reduce, Scalar } from '../ir/scalar.ts';
import { scalarInputs } from '../ir/scalar.ts';
import type { Value } from '../ir/value.ts';
import { loadsOf, partsOf } from '../ir/walk.ts';
import { lower } from './lower.ts';
import { readsOf } from './order.ts';

/** What a kernel is to a tile: rows of it, a sum that grows with each, or nothing. */
export type Part =
  | { readonly kind: 'row'; readonly variable: string }
  | { readonly kind: 'sum'; readonly over: Reduce; readonly variable: string }
  | { readonly kind: 'free' };

export interface TilePlan {
  readonly partOf: ReadonlyMap<Kernel, Part>;
  readonly phaseOf: ReadonlyMap<Kernel, Phase>;
  /** Each kernel as an element at an index, in which its part says what is what. */
  readonly nestOf: ReadonlyMap<Kernel, Nest>;
}

/** The plan, or why there is none. */
export type TileDecision = TilePlan | { readonly because: string };

export function planTiles({ program, blocks }: BlockProgram): TileDecision {
  const kernels = blocks.flatMap((block) => block.kernels);
  const partOf = new Map<Kernel, Part>();
  const nestOf = new Map<Kernel, Nest>();
  for (const kernel of kernels) {
    const nest = lower(program, kernel);
    nestOf.set(kernel, nest);
    const part = partFor(nest);
    if (typeof part === 'string') return { because: `${nameOf(program, kernel.root)} ${part}` };
    partOf.set(kernel, part);
  }
  const home = new Map(kernels.map((kernel) => [kernel.root, kernel]));
  const late = new Set<Kernel>();
  for (const kernel of kernels) {
    const part = partOf.get(kernel);
    const reads = part?.kind === 'sum' ? loadsOf([part.over]).map(({ from }) => from) : readsOf(kernel);
    const waitsFor = reads.find((value) => {
      const other = home.get(value);
      return other !== undefined && (late.has(other) || partOf.get(other)?.kind === 'sum');
    });
    if (part?.kind === 'free') {
      if (waitsFor) late.add(kernel);
    } else if (waitsFor) {
      const [what, of] = [nameOf(program, kernel.root), nameOf(program, waitsFor)];
      return { because: `${what} of one sample needs ${of}, which is of all samples` };
    }
  }
  return { partOf, nestOf, phaseOf: phases(kernels, partOf, home) };
}

/** What the tiles read and is not of samples comes before them, all else that is not of samples after. */
function phases(
  kernels: readonly Kernel[],
  partOf: ReadonlyMap<Kernel, Part>,
  home: ReadonlyMap<Value, Kernel>,
): ReadonlyMap<Kernel, Phase> {
  const early = new Set<Kernel>();
  for (const kernel of [...kernels].reverse()) {
    if (partOf.get(kernel)?.kind === 'free' && !early.has(kernel)) continue;
    const part = partOf.get(kernel);
    const reads = part?.kind === 'sum' ? loadsOf([part.over]).map(({ from }) => from) : readsOf(kernel);
    for (const value of reads) {
      const other = home.get(value);
      if (other && partOf.get(other)?.kind === 'free') early.add(other);
    }
  }
  return new Map(
    kernels.map((kernel) => {
      const free = partOf.get(kernel)?.kind === 'free';
      return [kernel, free ? (early.has(kernel) ? 'before' : 'after') : 'each'] as const;
    }),
  );
}

const nameOf = ({ notes }: Program, value: Value): string =>
  notes.get(value)?.name ?? `a value (${value.op})`;

const isRow = ({ shape }: Value): boolean => shape.includes('batch');

/** The part of a kernel, or why it is none. */
function partFor(nest: Nest): Part | string {
  const { root, index, element } = nest;
  const parts = partsOf([element]);
  const sums = parts.filter((part): part is Reduce => part.kind === 'reduce' && part.extent === 'batch');
  const rows = parts.filter((part) => part.kind === 'load' && isRow(part.from));
  if (isRow(root)) {
    const [first] = index;
    if (sums.length > 0) return 'of one sample is made of all samples';
    if (first?.kind !== 'var' || !isLed(root)) return 'does not have its samples in rows';
    return rows.every((row) => isAt(row, first.name))
      ? { kind: 'row', variable: first.name }
      : 'of one sample reads other samples';
  }
  if (sums.length === 0 && rows.length === 0) return { kind: 'free' };
  const [over] = sums;
  if (!over || sums.length > 1) return 'puts several sums over the samples together';
  if (over.reduce !== 'sum' || over.dtype !== root.dtype || over.over.kind !== 'var')
    return `is a ${over.reduce} over the samples`;
  const { name } = over.over;
  if (isNested(element, over)) return 'sums over what is a sum over the samples';
  const inside = new Set(partsOf([over]));
  return rows.every((row) => inside.has(row) && isAt(row, name))
    ? { kind: 'sum', over, variable: name }
    : 'reads samples outside of its sum over them';
}

const isLed = ({ shape }: Value): boolean => shape[0] === 'batch' && !shape.slice(1).includes('batch');

const isAt = (part: Scalar, variable: string): boolean =>
  part.kind === 'load' &&
  isLed(part.from) &&
  part.index[0] !== undefined &&
  showIndex(part.index[0]) === variable;

/** True when `inner` is computed anew for each term of another reduction. */
function isNested(element: Scalar, inner: Reduce): boolean {
  const stack: Scalar[] = [element];
  const seen = new Set<Scalar>();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node) || node === inner) continue;
    seen.add(node);
    if (node.kind === 'reduce' && partsOf([node]).includes(inner)) return true;
    stack.push(...scalarInputs(node));
  }
  return false;
}
