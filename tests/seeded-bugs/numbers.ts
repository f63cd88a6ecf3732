/** Faults of emitted arithmetic: rounding, precedence, literals, and the functions spelled out in core arithmetic. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

const expression = (program: string, fault: Fault, file = 'codegen/ts/expression.ts'): SeededBug => ({
  ...fault,
  file,
  test: 'tests/pipeline/kernels.test.ts',
  name: `the emitted code in f32 has the bits of > ${program}`,
});

const expansion = (fn: string, file: string, fault: Fault): SeededBug => ({
  ...fault,
  file: `ir/expansions/${file}.ts`,
  test: 'tests/properties/expansions.test.ts',
  name: fn,
});

const nested = 'differences within differences and quotients within quotients';

export const numbers: readonly SeededBug[] = [
  expression(nested, {
    id: 'float32-unrounded',
    what: 'products within an expression keep the digits of float64',
    find: "new Set(['add', 'sub', 'mul', 'div', 'sqrt'])",
    replace: "new Set(['add', 'sub', 'div', 'sqrt'])",
  }),
  {
    ...expression(nested, {
      id: 'parentheses-lost',
      what: 'a - (b - c) is written without its parentheses',
      find: 'wrap(b, binds + 1)',
      replace: 'wrap(b, binds)',
    }),
    // In f32 each difference is rounded by a call, which has parentheses of its own.
    name: `the emitted code in f64 has the bits of > ${nested}`,
  },
  expression(
    'a product of matrices with three terms left over',
    {
      id: 'row-not-cleared',
      what: 'rows are not cleared to their end',
      find: ': String(size);',
      replace: ': String(size - 1);',
    },
    'codegen/ts/statements.ts',
  ),
  expression(
    'a product of matrices with three terms left over',
    {
      id: 'offset-row-major',
      what: 'the offset of an element multiplies by the size of the wrong axis',
      find: 'mulIndex(offset, shape[axis] ?? 1)',
      replace: 'mulIndex(offset, shape[axis - 1] ?? 1)',
    },
    'ir/index-expr.ts',
  ),
  {
    id: 'reshape-index',
    what: 'a reshape that splits an axis reads the wrong elements',
    file: 'ir/index-expr.ts',
    find: 'return axis === 0 ? position : modIndex(position, Number(dim));',
    replace: 'return axis === 0 ? position : modIndex(offset, Number(dim));',
    test: 'tests/pipeline/regressions.test.ts',
    name: 'a reshape that splits and joins axes reads the right elements (f32)',
  },
  expansion('in float32 > exp is within 2 units in the last place', 'exponential', {
    id: 'exp-coefficient',
    what: 'a coefficient of exp is wrong in its fifth digit',
    find: '0.166665188967',
    replace: '0.166615188967',
  }),
  expansion('in float32 > log is within 2 units in the last place', 'exponential', {
    id: 'log-subnormals',
    what: 'the logarithm of subnormal numbers forgets that they were scaled',
    find: "s.apply('select', tiny, 23, 0)",
    replace: "s.apply('select', tiny, 22, 0)",
  }),
  expansion('uniform numbers are those of the runtime, bit for bit', 'uniform', {
    id: 'uniform-rounds',
    what: 'the random numbers of a step are made with 16 rounds instead of 20',
    find: 'round < 20',
    replace: 'round < 16',
  }),
  expansion('the error function > is odd in f32', 'error-function', {
    id: 'erf-even',
    what: 'the error function is positive below 0 as well',
    find: "s.apply('select', s.apply('less', x, 0), s.apply('neg', large), large)",
    replace: 'large',
  }),
  expansion('in float32 > sin is within 2 units in the last place', 'trigonometric', {
    id: 'sine-reduction',
    what: 'the angle is reduced with three parts of pi / 2 instead of four',
    find: "s.apply('add', high, s.apply('sub', lost, part(3)))",
    replace: "s.apply('add', high, lost)",
  }),
  expansion('in float32 > cos is within 2 units in the last place', 'trigonometric', {
    id: 'cosine-not-ahead',
    what: 'the cosine is the sine',
    find: 'sineOf(s, x, 1)',
    replace: 'sineOf(s, x, 0)',
  }),
];
