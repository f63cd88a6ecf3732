/**
 * Purpose: choose which values are computed into memory (kernels), gather them into blocks, and order the blocks.
 * Needs: autodiff and stabilize.
 * Ensures: every value is a leaf, the root of one kernel, or inlined where it is read; blocks come before their readers.
 */

import type { Block, BlockProgram, Kernel } from '../ir/kernel.ts';
import type { Op } from '../ir/op.ts';
import { opOf } from '../ir/ops/index.ts';
import { type Program, type ProgramFunction, rootsOf, valuesOf } from '../ir/program.ts';
import { consumersOf, type Role, reachable, type Value } from '../ir/value.ts';
import { orderBlocks, readsOf } from './order.ts';

/** How a kernel reads a value: where its own element lies, elsewhere but once, once inside a sum, or repeatedly. */
type Mode = 'point' | 'moved' | 'once' | 'many';

interface Use {
  readonly home: Value;
  readonly mode: Mode;
}

/** More operations than this in one loop body make neither readable nor fast code. */
const maxInlined = 48;

export function fuse(program: Program): BlockProgram {
  const kernels = chooseKernels(program);
  return { program, blocks: orderBlocks(program, gather(program, kernels)) };
}

const isLeaf = (value: Value): boolean => opOf(value.op).kind === 'leaf';

const cheap: ReadonlySet<string> = new Set(['neg', 'abs', 'add', 'sub', 'mul']);

/** Not worth storing: what moves, names or compares, and arithmetic of numbers and states, such as 1 - momentum. */
function isFree(program: Program, value: Value): boolean {
  const { op, inputs, dtype } = value;
  if (isLeaf(value)) return false;
  if (opOf(op).cost === 'free') {
    // A mask that the user named is there to be seen.
    const note = program.notes.get(value);
    return dtype !== 'bool' || note?.role !== 'forward' || note.name === undefined;
  }
  const known = inputs.every((input) => input.op === 'constant' || input.op === 'state');
  const ofConstants = inputs.every((input) => input.op === 'constant');
  return opOf(op).kind === 'elementwise' && (ofConstants || (known && cheap.has(op)));
}

/** Decides from the results backwards, when all readers of a value are known. */
function chooseKernels(program: Program): Kernel[] {
  const values = valuesOf(program);
  const consumers = consumersOf(values);
  const results = new Set(program.functions.flatMap(rootsOf));
  const uses = new Map<Value, Use[]>();
  const members = new Map<Value, Set<Value>>();
  const contracted = new Set<Value>();
  for (const value of values.reverse()) {
    if (isLeaf(value) && !isResult(results, value)) continue;
    const read = (consumers.get(value) ?? []).flatMap((consumer) => readThrough(consumer, members, uses));
    const free = isFree(program, value);
    const home = free || results.has(value) ? undefined : homeOf(program, value, read, members, contracted);
    if (free && !results.has(value)) {
      uses.set(value, read);
      for (const { home: reader } of read) members.get(reader)?.add(value);
    } else if (home) {
      members.get(home)?.add(value);
      uses.set(value, read);
      if (opOf(value.op).kind === 'contraction') contracted.add(home);
    } else {
      members.set(value, new Set());
      if (opOf(value.op).kind === 'contraction') contracted.add(value);
    }
  }
  return [...members].map(([root, inlined]) => ({ root, inlined, role: roleOf(program, root) })).reverse();
}

/** Inputs, states and single numbers are handed out as they are; only a constant array must be written down. */
const isResult = (results: ReadonlySet<Value>, value: Value): boolean =>
  results.has(value) && value.op === 'constant' && value.shape.length > 0;

const roleOf = (program: Program, value: Value): Role => program.notes.get(value)?.role ?? 'forward';

/** How the kernels that compute `consumer` read its operands. */
function readThrough(
  consumer: Value,
  members: ReadonlyMap<Value, unknown>,
  uses: ReadonlyMap<Value, Use[]>,
): Use[] {
  const readers: readonly Use[] = members.has(consumer)
    ? [{ home: consumer, mode: 'point' }]
    : (uses.get(consumer) ?? []);
  return readers.map(({ home, mode }) => ({ home, mode: through(consumer, mode) }));
}

function through(consumer: Value, mode: Mode): Mode {
  const { kind } = opOf(consumer.op) as Op;
  if (mode === 'many') return 'many';
  if (kind === 'elementwise') return mode;
  if (kind === 'reduction') return 'once';
  if (consumer.op === 'transpose' || consumer.op === 'reshape') return mode === 'point' ? 'moved' : mode;
  return 'many';
}

/** The one kernel that may compute `value` on the way, if there is one. */
function homeOf(
  program: Program,
  value: Value,
  read: readonly Use[],
  members: ReadonlyMap<Value, ReadonlySet<Value>>,
  contracted: ReadonlySet<Value>,
): Value | undefined {
  const [first] = read;
  if (!first || read.some((use) => use.home !== first.home || use.mode !== first.mode)) return undefined;
  const { home, mode } = first;
  const note = program.notes.get(value);
  if (note?.role === 'forward' && note.name !== undefined) return undefined; // the user wants to see it
  if (note?.role !== 'update' && roleOf(program, home) === 'update') return undefined; // gradients stand alone
  if ((members.get(home)?.size ?? 0) >= maxInlined || mode === 'many') return undefined;
  const { kind } = opOf(value.op);
  if (kind === 'elementwise' || kind === 'indexing') return home;
  if (contracted.has(home)) return undefined; // a matrix product gets its loops to itself
  if (kind === 'reduction') return mode === 'point' || mode === 'once' ? home : undefined;
  return mode === 'point' && !reduces(home, members.get(home) ?? new Set()) ? home : undefined;
}

const reduces = (root: Value, inlined: ReadonlySet<Value>): boolean =>
  [root, ...inlined].some((value) => opOf(value.op).kind === 'reduction');

/** For each value, the functions that need it, as one comparable text. */
function neededBy(program: Program): ReadonlyMap<Value, string> {
  const needs = new Map<Value, string>();
  for (const fn of program.functions) {
    for (const value of reachable(rootsOf(fn))) needs.set(value, `${needs.get(value) ?? ''} ${fn.name}`);
  }
  return needs;
}

/** More kernels than this make no readable block. */
const maxKernels = 8;
/** A longer way from one kernel to another is taken to exist rather than walked. */
const maxWalk = 200;

/** Unnamed kernels join the block of a kernel that reads them; every other one is a block of its own. */
function gather(program: Program, kernels: readonly Kernel[]): Block[] {
  const needs = neededBy(program);
  const readers = new Map<Value, Kernel[]>(kernels.map((kernel) => [kernel.root, []]));
  for (const kernel of kernels) for (const read of readsOf(kernel)) readers.get(read)?.push(kernel);
  const blockOf = new Map<Kernel, Kernel[]>();
  for (const kernel of [...kernels].reverse()) {
    const after = readers.get(kernel.root) ?? [];
    const joins = after.find((reader) => {
      const block = blockOf.get(reader) ?? [];
      const alike = reader.role === kernel.role && needs.get(reader.root) === needs.get(kernel.root);
      const others = after.filter((other) => !block.includes(other));
      return (
        alike && block.length < maxKernels && !others.some((other) => reaches(other, block, readers, blockOf))
      );
    });
    const named = program.notes.get(kernel.root)?.name !== undefined;
    const block = named || !joins ? [] : (blockOf.get(joins) ?? []);
    block.push(kernel);
    blockOf.set(kernel, block);
  }
  return [...new Set(blockOf.values())].map((members): Block => {
    const ordered = [...members].sort((a, b) => a.root.id - b.root.id);
    const last = ordered[ordered.length - 1];
    const name = last && program.notes.get(last.root)?.name;
    return {
      name: name ?? `t${last?.root.id}`,
      kernels: ordered,
      role: last?.role ?? 'forward',
      usedBy: functionsOf((last && needs.get(last.root)) ?? ''),
    };
  });
}

/**
 * True when `block` depends on `from`: then what `from` reads cannot be part of the block, or the two would wait for
 * each other. Kernels of one block are taken together, because they run together.
 */
function reaches(
  from: Kernel,
  block: readonly Kernel[],
  readers: ReadonlyMap<Value, readonly Kernel[]>,
  blockOf: ReadonlyMap<Kernel, readonly Kernel[]>,
): boolean {
  const seen = new Set<Kernel>(blockOf.get(from) ?? [from]);
  for (const kernel of seen) {
    if (block.includes(kernel) || seen.size > maxWalk) return true;
    for (const next of readers.get(kernel.root) ?? []) {
      for (const member of blockOf.get(next) ?? [next]) seen.add(member);
    }
  }
  return false;
}

function functionsOf(text: string): ReadonlySet<ProgramFunction['name']> {
  const names: readonly ProgramFunction['name'][] = ['step', 'evaluate', 'predict'];
  return new Set(names.filter((name) => text.includes(name)));
}
