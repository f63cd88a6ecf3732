/** Faults of the memory plan: freed too early, shared too much, too small, in the wrong place, not copied. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

/** A fault that the checker of plans must find in one of the small programs. */
const inPlan = (program: string, title: string, fault: Fault): SeededBug => ({
  ...fault,
  file: 'passes/plan-memory.ts',
  test: 'tests/pipeline/memory.test.ts',
  name: `the memory of ${program} > ${title}`,
});

/** A fault that changes numbers. */
const inBits = (program: string, fault: Fault, file = 'passes/plan-memory.ts'): SeededBug => ({
  ...fault,
  file,
  test: 'tests/pipeline/kernels.test.ts',
  name: `the emitted code in f32 has the bits of > ${program}`,
});

const atOnce = 'gives no byte to two values that are needed at once';
const chain = 'a long chain in which each value is read twice';
const sizes = 'results of several sizes that die at several times';
const network = 'a network with momentum';

const lives: readonly SeededBug[] = [
  inPlan(chain, atOnce, {
    id: 'memory-freed-early',
    what: 'memory is freed one block before its last reader',
    find: 'if (span) span.end = Math.max(span.end, at);',
    replace: 'if (span) span.end = Math.max(span.start, at - 1);',
  }),
  inBits(network, {
    id: 'memory-results-freed',
    what: 'results are freed after their last reader in the step',
    find: 'for (const fn of program.functions) for (const { value } of fn.results) touch(value, blocks.length);',
    replace: '',
  }),
  inPlan(sizes, atOnce, {
    id: 'memory-results-overwritten',
    what: 'what is predicted is overwritten by what is computed after it',
    find: 'for (const { value } of fn.results) touch(value, blocks.length);',
    replace: "for (const { value } of fn.name === 'predict' ? [] : fn.results) touch(value, blocks.length);",
  }),
  inPlan('two states that each need the old value of the other', atOnce, {
    id: 'memory-copies-freed',
    what: 'what is copied into a state at the end of the step is freed before',
    find: 'for (const { from } of copies) touch(from, blocks.length);',
    replace: '',
  }),
  inBits(chain, {
    id: 'memory-dead-at-birth',
    what: 'a value makes room in the block that computes it',
    find: 'for (const value of reads[at] ?? []) touch(value, at);',
    replace: '',
  }),
];

const places: readonly SeededBug[] = [
  inPlan(network, 'begins every array where 128 bits can be loaded', {
    id: 'memory-alignment',
    what: 'arrays begin at multiples of 4 bytes',
    find: 'const alignment = 16;',
    replace: 'const alignment = 4;',
  }),
  inPlan(network, atOnce, {
    id: 'memory-rounded-down',
    what: 'sizes are rounded down to the alignment',
    find: 'Math.ceil(bytes / alignment) * alignment',
    replace: 'Math.floor(bytes / alignment) * alignment',
  }),
  inPlan(sizes, 'has room for every element of every array at the largest batch', {
    id: 'memory-one-sample-short',
    what: 'arrays have room for one sample less than the largest batch',
    find: 'return bytesOf(value, rows);',
    replace: 'return bytesOf(value, rows - 1);',
  }),
  inPlan(sizes, 'is as large as its last array needs, and no larger', {
    id: 'memory-arena-short',
    what: 'the arena ends where its last array begins',
    find: 'Math.max(size, align(offset + bytes))',
    replace: 'Math.max(size, align(offset + Math.min(bytes, 0)))',
  }),
  inPlan(network, 'gives no byte of a state to anything but its own next value', {
    id: 'memory-states-shared',
    what: 'all states lie in the same place',
    find: 'end += align(bytes);',
    replace: 'end = Math.max(end, align(bytes));',
  }),
  inPlan(network, 'gives no byte of a state to anything but its own next value', {
    id: 'memory-starts-in-state',
    what: 'values on the way lie over the states',
    find: 'const placed = place(lives, end, reuse);',
    replace: 'const placed = place(lives, 0, reuse);',
  }),
  inBits(network, {
    id: 'memory-gap-too-small',
    what: 'a gap is taken whether or not the array fits',
    find: 'gap.end - gap.start >= bytes',
    replace: 'gap.end > gap.start',
  }),
  inPlan('a choice by a stored mask', 'has room for every element of every array at the largest batch', {
    id: 'memory-in-place-larger',
    what: 'an array is computed over a smaller one',
    find: 'ending?.bytes === life.bytes && ending.start <= life.start',
    replace: 'ending && ending.start <= life.start',
  }),
];

const updates: readonly SeededBug[] = [
  inBits('a state that is read, whole, by what replaces it', {
    id: 'update-over-what-it-reads',
    what: 'a state is overwritten element by element while other elements of it are still needed',
    find: '(!readHere || pointwise)',
    replace: '(!readHere || !pointwise)',
  }),
  inBits('two states that each need the old value of the other', {
    id: 'update-before-last-reader',
    what: 'a state is overwritten though a later update needs its old value',
    find: '!elsewhere && !readLater && !isResult',
    replace: '!elsewhere && !isResult',
  }),
  inBits('an update that is a result as well', {
    id: 'update-by-prediction',
    what: 'predicting changes the state, because an update that is a result lies in its place',
    find: '!elsewhere && !readLater && !isResult',
    replace: '!readLater',
  }),
  inPlan(
    'a state that is read, whole, by what replaces it',
    'sets every state that is updated, in place or by a copy at the end',
    {
      id: 'update-copy-dropped',
      what: 'an update that is not computed in place is never copied into its state',
      find: 'else copies.push({ state, from: value });',
      replace: 'else if (at < 0) copies.push({ state, from: value });',
    },
  ),
  inBits(
    'a state that is read, whole, by what replaces it',
    {
      id: 'update-copy-not-printed',
      what: 'the copies at the end of the step are not printed',
      find: "[...copies, ...assign('step', 'metrics', context)]",
      replace: "[...copies.slice(copies.length), ...assign('step', 'metrics', context)]",
    },
    'codegen/ts/drivers.ts',
  ),
  inBits(
    'a value that its block reads before and after another is computed from it',
    {
      id: 'in-place-while-read',
      what: 'a block overwrites what its other kernels still read',
      find: 'return before && row?.kind',
      replace: 'return !before || row?.kind',
    },
    'passes/schedule.ts',
  ),
  inBits(
    'a matrix and its transpose',
    {
      id: 'in-place-elsewhere',
      what: 'an array is computed over one that is read at other places',
      find: 'pointwise.set(node.from, (pointwise.get(node.from) ?? true) && same);',
      replace: 'pointwise.set(node.from, (pointwise.get(node.from) ?? true) || same);',
    },
    'passes/schedule.ts',
  ),
  inBits(
    'rows divided by what all rows add up to',
    {
      id: 'view-at-zero',
      what: 'the views of values on the way begin at the start of the arena',
      find: 'root, buffers.get(root)?.offset)',
      replace: 'root, buffers.size > 0 ? 0 : buffers.get(root)?.offset)',
    },
    'codegen/ts/module.ts',
  ),
];

export const memory: readonly SeededBug[] = [...lives, ...places, ...updates];
