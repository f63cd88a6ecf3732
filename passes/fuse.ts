/**
 * Purpose: choose which values are computed into memory (kernels), gather them into blocks, and order the blocks.
 * Needs: autodiff and stabilize.
 * Ensures: every value is a leaf, the root of one kernel, or inlined where it is read; blocks come before their readers.
 */

import { errors } from '../ir/errors.ts';
import type { Block, BlockProgram, Kernel } from '../ir/kernel.ts';
import type { Op } from '../ir/op.ts';
import { opOf } from '../ir/ops/index.ts';
import { type Program, type ProgramFunction, rootsOf, valuesOf } from '../ir/program.ts';
import { consumersOf, reachable, type Role, type Value } from '../ir/value.ts';
import { orderKernels } from './order.ts';

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
  const ordered = orderKernels(program, kernels);
  return { program, blocks: gather(program, ordered) };
}

const isLeaf = (value: Value): boolean => opOf(value.op).kind === 'leaf';

/** Decides from the results backwards, when all readers of a value are known. */
function chooseKernels(program: Program): Kernel[] {
  const values = valuesOf(program);
  const consumers = consumersOf(values);
  const results = new Set(program.functions.flatMap(rootsOf));
  const uses = new Map<Value, Use[]>();
  const members = new Map<Value, Set<Value>>();
  const contracted = new Set<Value>();
  const needs = neededBy(program);
  for (const value of values.reverse()) {
    if (isLeaf(value) && !isResult(program, results, value)) continue;
    const read = (consumers.get(value) ?? []).flatMap((consumer) => readThrough(consumer, members, uses));
    const isFree = opOf(value.op).cost === 'free' && !isLeaf(value);
    const home = isFree || results.has(value) ? undefined : homeOf(program, value, read, members, contracted, needs);
    if (isFree && !results.has(value)) {
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

/** A leaf is copied out when it is a result itself; a state that keeps its value is not. */
function isResult(program: Program, results: ReadonlySet<Value>, value: Value): boolean {
  return results.has(value) && program.functions.some((fn) => fn.results.some((result) => result.value === value));
}

const roleOf = (program: Program, value: Value): Role => program.notes.get(value)?.role ?? 'forward';

/** How the kernels that compute `consumer` read its operands. */
function readThrough(consumer: Value, members: ReadonlyMap<Value, unknown>, uses: ReadonlyMap<Value, Use[]>): Use[] {
  const own: Use[] = members.has(consumer) ? [{ home: consumer, mode: 'point' }] : [];
  return [...own, ...(members.has(consumer) ? [] : (uses.get(consumer) ?? []))].map(({ home, mode }) => ({
    home,
    mode: through(consumer, mode),
  }));
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
  needs: ReadonlyMap<Value, string>,
): Value | undefined {
  const [first] = read;
  if (!first || read.some((use) => use.home !== first.home || use.mode !== first.mode)) return undefined;
  const { home, mode } = first;
  const note = program.notes.get(value);
  if (note?.role === 'forward' && note.name !== undefined) return undefined; // the user wants to see it
  if (note?.role !== 'update' && roleOf(program, home) === 'update') return undefined; // gradients stand alone
  if (needs.get(value) !== needs.get(home)) return undefined;
  if ((members.get(home)?.size ?? 0) >= maxInlined || mode === 'many') return undefined;
  const { kind } = opOf(value.op);
  if (kind === 'elementwise' || kind === 'indexing') return home;
  if (contracted.has(home)) return undefined; // a matrix product gets its loops to itself
  if (kind === 'reduction') return mode === 'point' || mode === 'once' ? home : undefined;
  return mode === 'point' && !reduces(home, members.get(home)) ? home : undefined;
}

const reduces = (root: Value, inlined: ReadonlySet<Value> | undefined): boolean =>
  [root, ...(inlined ?? [])].some((value) => opOf(value.op).kind === 'reduction');

/** For each value, the functions that need it, as one comparable text. */
function neededBy(program: Program): ReadonlyMap<Value, string> {
  const needs = new Map<Value, string>();
  for (const fn of program.functions) {
    for (const value of reachable(rootsOf(fn))) needs.set(value, `${needs.get(value) ?? ''} ${fn.name}`);
  }
  return needs;
}

/** Unnamed kernels join the block of the first kernel that reads them; every other one is a block of its own. */
function gather(program: Program, kernels: readonly Kernel[]): Block[] {
  const needs = neededBy(program);
  const blockOf = new Map<Value, Kernel[]>();
  const firstReader = new Map<Value, Kernel>();
  for (const kernel of kernels) {
    for (const read of readsOf(kernel)) if (!firstReader.has(read)) firstReader.set(read, kernel);
  }
  for (const kernel of [...kernels].reverse()) {
    const reader = firstReader.get(kernel.root);
    const together =
      reader &&
      program.notes.get(kernel.root)?.name === undefined &&
      reader.role === kernel.role &&
      needs.get(reader.root) === needs.get(kernel.root);
    const block = together ? blockOf.get(reader.root) : undefined;
    if (block && block.length < 8) block.unshift(kernel);
    blockOf.set(kernel.root, block && block.length < 9 && block.includes(kernel) ? block : [kernel]);
  }
  const blocks: Block[] = [];
  for (const kernel of kernels) {
    const members = blockOf.get(kernel.root);
    const last = members?.[members.length - 1];
    if (!members || last !== kernel) continue;
    blocks.push({
      name: program.notes.get(kernel.root)?.name ?? `t${blocks.length}`,
      kernels: members,
      role: kernel.role,
      usedBy: functionsOf(needs.get(kernel.root) ?? ''),
    });
  }
  return blocks;
}

function functionsOf(text: string): ReadonlySet<ProgramFunction['name']> {
  const names: readonly ProgramFunction['name'][] = ['step', 'evaluate', 'predict'];
  return new Set(names.filter((name) => text.includes(name)));
}

/** What a kernel reads from memory: operands of what it computes that it does not compute itself. */
export function readsOf(kernel: Kernel): Value[] {
  const own = new Set([kernel.root, ...kernel.inlined]);
  const reads = new Set<Value>();
  for (const value of own) {
    for (const input of value.inputs) if (!own.has(input)) reads.add(input);
  }
  if (reads.has(kernel.root)) throw errors.invalid('a kernel reads itself');
  return [...reads];
}
