/** How far an index moves with a loop variable: what turns accesses into pointers with strides. */

import type { Index } from './index-expr.ts';

/** The change of `index` for each step of `variable`, or undefined when it is not always the same known number. */
export function strideOf(index: Index, variable: string): number | undefined {
  switch (index.kind) {
    case 'const':
      return 0;
    case 'var':
      return index.name === variable ? 1 : 0;
    case 'add': {
      const a = strideOf(index.a, variable);
      const b = strideOf(index.b, variable);
      return a === undefined || b === undefined ? undefined : a + b;
    }
    case 'mul': {
      const a = strideOf(index.a, variable);
      if (a === 0) return 0;
      return a === undefined || index.by === 'batch' ? undefined : a * index.by;
    }
    default:
      return strideOf(index.a, variable) === 0 ? 0 : undefined;
  }
}

/** `index` with `variable` at 0: where the walk along it begins. */
export function startOf(index: Index, variables: ReadonlySet<string>): Index {
  switch (index.kind) {
    case 'const':
      return index;
    case 'var':
      return variables.has(index.name) ? { kind: 'const', value: 0 } : index;
    case 'add':
      return { ...index, a: startOf(index.a, variables), b: startOf(index.b, variables) };
    default:
      return { ...index, a: startOf(index.a, variables) };
  }
}
