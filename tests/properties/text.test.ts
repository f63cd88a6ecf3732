/** Programs survive being written down: parse(print(p)) prints the same, whatever names are in it. */

import './seed.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBuilder } from '../../ir/builder.ts';
import { CompileError } from '../../ir/errors.ts';
import { parseProgram } from '../../ir/parse.ts';
import { printProgram } from '../../ir/print.ts';
import type { Program } from '../../ir/program.ts';
import { verifyProgram } from '../../ir/verify.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { arbitraryProgram } from '../arbitraries/graph.ts';

const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  '10',
  '',
  '"',
  '\\',
  `\`\${process.exit()}\``,
  '*/',
  '//',
  '\n',
  '\r\n',
  '\u2028',
  '\u2029',
  '\u202e',
  '\ud800',
  '</script>',
  '\u001b[31m',
  'a}: f32[2] # {',
  '"}: f32[] # {"name":"x"}',
  '": f32[2] init {"kind":"constant","value":0}',
  '" = %0',
  '%1 = neg(%0): f32[]',
  ']: f32[',
  'x, y: 3',
  'a'.repeat(10_000),
];

/** A program in which every name is `name`. */
function named(name: string): Program {
  const o = createBuilder('f32');
  const type = { dtype: 'f32', shape: [2] } as const;
  const sum = o.within({ role: 'backward', name, rule: name, of: () => name }, () =>
    o.sum(o.mul(o.input({ name, ...type }), o.state({ name, ...type })), { axes: [0] }),
  );
  const next = o.within({ role: 'update', name }, () => o.neg(o.state({ name, ...type })));
  return {
    name,
    float: 'f32',
    maxBatch: 1,
    inputs: [{ name, role: 'input', ...type }],
    states: [{ name, role: 'parameter', ...type, init: { kind: 'constant', value: 1 } }],
    functions: [
      { name: 'step', results: [{ name, value: sum }], updates: [{ state: name, value: next }] },
      { name: 'predict', results: [], updates: [] },
    ],
    notes: o.notes,
  };
}

function expectRoundTrip(program: Program): Program {
  const text = printProgram(program);
  const parsed = parseProgram(text);
  expect(printProgram(parsed)).toBe(text);
  verifyProgram(parsed);
  return parsed;
}

describe('a program read back from its text', () => {
  test('prints the same, before and after differentiation, and is valid', () => {
    const property = fc.property(arbitraryProgram(), (program) => {
      expectRoundTrip(program);
      expectRoundTrip(autodiff.run(program));
    });
    fc.assert(property, { numRuns: 200 });
  });

  test.each(hostileNames.map((name) => [JSON.stringify(name).slice(0, 40), name]))(
    'keeps the name %s',
    (_shown, name) => {
      const parsed = expectRoundTrip(named(name));
      expect(parsed.name).toBe(name);
      expect(parsed.inputs[0]?.name).toBe(name);
      expect(parsed.states[0]?.name).toBe(name);
      expect(parsed.functions[0]?.results[0]?.name).toBe(name);
      expect(parsed.functions[0]?.updates[0]?.state).toBe(name);
      expect([...parsed.notes.values()].map((note) => note.of?.())).toContain(name);
    },
  );

  test('keeps any name', () => {
    const pieces = fc.constantFrom(...hostileNames.filter((name) => name.length < 100));
    const mixed = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 5 });
    fc.assert(
      fc.property(mixed, (parts) => {
        expect(expectRoundTrip(named(parts.join(''))).name).toBe(parts.join(''));
      }),
      { numRuns: 300 },
    );
  });

  test.each([0, -0, 1e-45, 5e-324, 1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'keeps the constant %s to the bit',
    (value) => {
      const o = createBuilder('f64');
      const results = [{ name: 'r', value: o.constant({ value, dtype: 'f64', shape: [] }) }];
      const functions = [{ name: 'evaluate' as const, results, updates: [] }];
      const base = { name: 'c', float: 'f64' as const, maxBatch: 1, inputs: [], states: [] };
      const parsed = expectRoundTrip({ ...base, functions, notes: o.notes });
      expect(parsed.functions[0]?.results[0]?.value.attrs.value).toBe(value);
    },
  );
});

const good = `program "p" f32 batch <= 4
input "x": f32[batch, 2]
label "y": i32[batch] classes 3
parameter "w": f32[2] init {"kind":"constant","value":0}
%0 = input() {dtype: "f32", name: "x", shape: ["batch", 2]}: f32[batch, 2]
%1 = sum(%0) {axes: [0, 1]}: f32[]
function evaluate
  result "loss" = %1
`;

/** The line that the parser blames for the fault in `text`. */
function faultyLine(text: string): number {
  try {
    parseProgram(text);
  } catch (thrown) {
    if (!(thrown instanceof CompileError)) throw thrown;
    expect(thrown.diagnostic.code).toBe('ir/parse');
    return Number(/^line (\d+):/.exec(thrown.message)?.[1]);
  }
  throw new Error('the text was read without complaint');
}

describe('a fault in the text', () => {
  test.each([
    ['program "p" f32 batch', 1],
    ['program "\\q" f32 batch', 1, 'program "p" f32 batch'],
    ['input "x": f33[batch, 2]', 2, 'input "x": f32[batch, 2]'],
    ['input "x": f32[batch, two]', 2, 'input "x": f32[batch, 2]'],
    ['input "x": f32[-2]', 2, 'input "x": f32[batch, 2]'],
    ['label "\\y": i32', 3, 'label "y": i32'],
    ['parameter "w": f32[batch]', 4, 'parameter "w": f32[2]'],
    ['init {"kind":}', 4, 'init {"kind":"constant","value":0}'],
    ['= inputs()', 5, '= input()'],
    ['shape: ["batch", two]', 5, 'shape: ["batch", 2]'],
    ['%1 = sum(%0) {axes: [0, 2]}', 6, '%1 = sum(%0) {axes: [0, 1]}'],
    ['%1 = sum(%0)', 6, '%1 = sum(%0) {axes: [0, 1]}'],
    ['%1 = sum(%0, %0)', 6, '%1 = sum(%0)'],
    ['%1 = sum(%7)', 6, '%1 = sum(%0)'],
    ['%2 = sum(%0)', 6, '%1 = sum(%0)'],
    ['}: f32[1]', 6, '}: f32[]'],
    ['function train', 7, 'function evaluate'],
    ['result "loss" = %9', 8, 'result "loss" = %1'],
    ['result "lo\\ss"', 8, 'result "loss"'],
  ])('"%s" is blamed on line %i', (wrong, line, right = 'program "p" f32 batch <= 4') => {
    expect(good).toContain(right);
    expect(faultyLine(good.replace(right, () => wrong))).toBe(line);
  });

  test('never escapes as another error, wherever characters are lost or changed', () => {
    const edit = fc.record({ at: fc.nat(good.length - 1), cut: fc.nat(3), put: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(edit, ({ at, cut, put }) => {
        const text = good.slice(0, at) + put + good.slice(at + cut);
        try {
          parseProgram(text);
        } catch (thrown) {
          expect(thrown instanceof CompileError && thrown.diagnostic.code, `${thrown}`).toBe('ir/parse');
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
