/** Limits that are not kept: sizes, lengths, depth. */

import type { SeededBug } from './bug.ts';

export const limits: readonly SeededBug[] = [
  {
    id: 'size-product-unchecked',
    what: 'the product of the sizes of a parameter may be anything',
    file: 'src/dsl/recording.ts',
    find: 'if (count >= 2 ** 31) throw',
    replace: 'if (count < 0) throw',
    test: 'tests/dsl/declarations.test.ts',
    name: 'dimensions > whose product is too large are refused',
  },
  {
    id: 'size-fraction',
    what: 'a size may be a fraction',
    file: 'src/dsl/recording.ts',
    find: '!Number.isInteger(dim) || dim < 0',
    replace: 'Number.isNaN(dim) || dim < 0',
    test: 'tests/dsl/declarations.test.ts',
    name: 'dimensions > of 1.5 are refused',
  },
  {
    id: 'intermediate-unlimited',
    what: 'a value on the way may take any number of bytes',
    file: 'passes/plan-memory.ts',
    find: 'if (!(bytes < 2 ** 31)) throw',
    replace: 'if (bytes < 0) throw',
    test: 'tests/pipeline/memory.test.ts',
    name: 'a value on the way that takes 2 GiB is refused',
  },
  {
    id: 'recursion-over-graph',
    what: 'the walk over a graph is recursive, and deep graphs overflow the stack',
    file: 'ir/value.ts',
    find: `  const stack = [...roots];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const input of inputsOf(value)) stack.push(input);
  }`,
    replace: `  const visit = (value: Value): void => {
    if (seen.has(value)) return;
    seen.add(value);
    for (const input of inputsOf(value)) visit(input);
  };
  for (const root of roots) visit(root);`,
    test: 'tests/properties/gradient-rules.test.ts',
    name: 'the gradient through a chain of 20,000 values needs no deep stack',
  },
  {
    id: 'header-unlimited',
    what: 'the header of a weights file may have any length',
    file: 'src/runtime/safetensors.ts',
    find: 'if (padded > headerCap)',
    replace: 'if (padded > headerCap * headerCap)',
    test: 'tests/runtime/safetensors.test.ts',
    name: 'encode refuses > a header over 1 MiB',
  },
  {
    id: 'name-unlimited',
    what: 'a name may have any length',
    file: 'src/dsl/recording.ts',
    find: 'if (name.length > 256) throw',
    replace: 'if (name.length > 2 ** 20) throw',
    test: 'tests/dsl/declarations.test.ts',
    name: 'names > of 300 characters are refused for parameters, inputs and labels',
  },
  {
    id: 'csv-line-unlimited',
    what: 'a line of a CSV file may have any length',
    file: 'src/data/csv-scan.ts',
    find: 'reached - lineStart > LINE_LIMIT',
    replace: 'reached - lineStart > 2 ** 28',
    test: 'tests/data/csv.test.ts',
    name: 'loadCsv > refuses text that is not UTF-8, unclosed quotes and endless lines',
  },
  {
    id: 'mean-of-nothing',
    what: 'the mean of no elements is computed',
    file: 'src/dsl/reductions.ts',
    find: 'if (fixed === 0) throw',
    replace: 'if (fixed < 0) throw',
    test: 'tests/dsl/shape-errors.test.ts',
    name: 'axes and forms that do not exist > the mean of nothing',
  },
];
