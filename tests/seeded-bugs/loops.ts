/** Every step from kernels to loops removed or crippled: contractions, flat loops, shared loops, what stays in variables. */

import { inFile, type SeededBug } from './bug.ts';

const stages = 'tests/pipeline/stages.test.ts';
const kernels = 'tests/pipeline/kernels.test.ts';
const bits = (program: string): string => `the emitted code in f32 has the bits of > ${program}`;

export const loops: readonly SeededBug[] = [
  inFile('passes/schedule.ts', stages)(
    'loops > add four terms of a matrix product per pass, and the rest one by one',
    {
      id: 'contraction-gone',
      what: 'matrix products get no loops of their own',
      find: "if (contraction && contraction.form !== 'dot') {",
      replace: "if (contraction && contraction.form !== 'dot' && nest.root.id < 0) {",
    },
  ),
  inFile('passes/contraction.ts', kernels)(bits('a product of matrices with three terms left over'), {
    id: 'contraction-rest-lost',
    what: 'the terms that four do not divide are left out',
    find: 'return divides ? [four] : [four, one(blocked)];',
    replace: 'return divides ? [four] : [four];',
  }),
  inFile('passes/contraction.ts', kernels)(bits('a product of matrices with three terms left over'), {
    id: 'contraction-reassociated',
    what: 'the four terms of a pass are added in descending order',
    find: '(_, by) => shifted(by)',
    replace: '(_, by) => shifted(termsPerPass - 1 - by)',
  }),
  inFile('passes/contraction.ts', kernels)(bits('a product of matrices with three terms left over'), {
    id: 'contraction-not-cleared',
    what: 'the sums of a matrix product do not start at 0',
    find: 'return [...nestLoops(around, [...clear, ...passes, ...epilogue])];',
    replace: 'return [...nestLoops(around, [...passes, ...epilogue])];',
  }),
  inFile('passes/contraction.ts', kernels)(bits('a product, an offset and a function of both'), {
    id: 'contraction-epilogue-lost',
    what: 'what is computed from a matrix product in the same statement is left out',
    find: 'const epilogue = element === target ? [] : [loopOver(',
    replace: 'const epilogue = element !== undefined ? [] : [loopOver(',
  }),
  inFile('passes/contraction.ts', stages)(
    'loops > of a matrix product run along memory: the last axis is innermost',
    {
      id: 'contraction-against-memory',
      what: 'the most expensive order of loops is chosen',
      find: 'sort((a, b) => a[1] - b[1])',
      replace: 'sort((a, b) => b[1] - a[1])',
    },
  ),
  inFile('passes/schedule.ts', stages)(
    'loops > over all elements of equal arrays are one loop, whatever the rank',
    {
      id: 'flatten-gone',
      what: 'arrays of one shape are walked through axis by axis',
      find: 'nests.length === 1 ? flatten(nest) : nest',
      replace: 'nests.length < 1 ? flatten(nest) : nest',
    },
  ),
  inFile('passes/schedule.ts', kernels)(bits('a chain of values that are there to be seen'), {
    id: 'flatten-first-row',
    what: 'a loop over all elements ends after as many as there are samples',
    find: "...(extent === 'batch' ? { times: fixed } : {})",
    replace: "...(extent === 'batch' ? { times: 1 } : {})",
  }),
  inFile('passes/schedule.ts', kernels)(bits('a stored matrix and its transpose'), {
    id: 'flatten-transposed',
    what: 'a transposed array is read as if it were not',
    find: 'sameShape(node.from.shape, root.shape) && node.index.map(showIndex).join() === own',
    replace: 'sameShape(node.from.shape, root.shape)',
  }),
  inFile('passes/schedule.ts', stages)(
    'loops > over the same samples are one: a softmax goes through its rows once',
    {
      id: 'share-loops-gone',
      what: 'kernels of one block have loops of their own',
      find: 'shareLoops(scheduled.map(({ statements }) => statements))',
      replace: 'shareLoops([scheduled.flatMap(({ statements }) => statements)])',
    },
  ),
  inFile('passes/share-loops.ts', kernels)(bits('a sum of sums over the samples and the features'), {
    id: 'share-loops-too-eager',
    what: 'loops are shared though one reads what the other has not finished',
    find: 'if (!sameRange || a.after.length > 0) return false;',
    replace: 'return sameRange;',
  }),
  inFile('passes/schedule.ts', stages)(
    'loops > keep in a variable what lives for one turn: the sums of rows that are read twice need no array',
    {
      id: 'keep-local-gone',
      what: 'what lives for one turn of a loop is stored',
      find: 'const { statements, kept } = keepLocal(shared, local, names);',
      replace: 'const { statements, kept } = keepLocal(shared, local.slice(local.length), names);',
    },
  ),
  inFile('passes/keep-local.ts', kernels)(bits('rows divided by what all rows add up to'), {
    id: 'keep-local-elsewhere',
    what: 'a value is kept in the variable of a loop though it is read after the loop',
    find: "if (loop?.kind !== 'for' || elsewhere || !onlyAt(loop, value)) continue;",
    replace: "if (loop?.kind !== 'for' || (elsewhere && at < 0)) continue;",
  }),
  inFile('passes/emit-statements.ts', kernels)(bits('the largest of negative numbers, and where it is'), {
    id: 'maximum-from-zero',
    what: 'the largest of negative numbers is 0',
    find: "value: node.reduce === 'sum' ? 0 : lowest(node.dtype),",
    replace: 'value: 0,',
  }),
  inFile('passes/emit-statements.ts', kernels)(bits('the largest of negative numbers, and where it is'), {
    id: 'argmax-last',
    what: 'the place of the largest element is the place of the last one',
    find: "{ kind: 'set', name: best, value: position },\n      ],\n    },",
    replace: "],\n    },\n    { kind: 'set', name: best, value: position },",
  }),
];
