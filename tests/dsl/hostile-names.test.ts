/** Names are text, never code: whatever a user calls things, the emitted module has the same form. */

import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { strictDiagnostics } from '../golden/modules.ts';
import { emit, type Names, namesBy, train } from './named-model.ts';

/** Harmless names that, like hostile ones, must be quoted as properties and are no variables. */
const benign = namesBy((role) => `a ${role}`);
const benignCode = await emit(benign);
const benignRun = await train(benign);

/** The kinds of all nodes of the syntax tree, in order. */
function kindsOf(code: string): readonly string[] {
  const kinds: string[] = [];
  const visit = (node: ts.Node): void => {
    kinds.push(ts.SyntaxKind[node.kind]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('trainer.ts', code, ts.ScriptTarget.ES2022, true));
  return kinds;
}

function syntaxErrors(code: string): readonly string[] {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true, compilerOptions });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** What differs between runs is how things are called. */
function expectSameRun(run: Awaited<ReturnType<typeof train>>, names: Names): void {
  const { state, ...numbers } = run;
  const { state: _, ...expected } = benignRun;
  expect(numbers).toEqual(expected);
  const parameters = [names.parameter, `${names.layer}.w`, `${names.layer}.b`];
  expect(state).toEqual(parameters.flatMap((name) => [name, `${name}.${names.slot}`]).sort());
}

const texts: Readonly<Record<string, string>> = {
  'a single quote': "a'b",
  'a double quote': 'a"b',
  'a backtick': 'a`b',
  'a template': '$' + '{process.exit(1)}',
  'the end of a comment': 'a*/process.exit(1)/*b',
  'the end of a string': "'; process.exit(1); '",
  'a line comment': '//a',
  'a backslash': 'a\\',
  'an escaped quote': "\\'",
  'an escape': '\\u0027',
  markup: '</script><script>alert(1)</script>',
  'brackets that close': '})];',
  'another alphabet': '日本語',
  'a character of two units': '😀',
  spaces: '  a  b  ',
  'a digit': '0',
  'a negative number': '-1',
  'a path': '../../etc/passwd',
};

describe.each(Object.entries(texts))('%s', (_, text) => {
  const names = namesBy((role) => `${text}${role}${text}`);

  it('in every name leaves the form of the module as it is, in ASCII', async () => {
    const code = await emit(names);
    expect(code).toMatch(/^[\n\x20-\x7e]*$/);
    expect(syntaxErrors(code)).toEqual([]);
    expect(kindsOf(code)).toEqual(kindsOf(benignCode));
  });

  it('in every name trains as any other, and is called in results as it is in the model', async () => {
    expectSameRun(await train(names), names);
  });
});

it.each([
  'a\nb',
  'a\r\nb',
  '*/ process.exit(1) /*',
  'a\u2028process.exit(1)\u2029b',
  '\u202eabc',
  '\ufeff',
  '\0',
])('the name %j of a model, a value or a result is text too', async (text) => {
  const names: Names = { ...benign, model: text, value: text, metric: text, output: text, slot: 'a slot' };
  const code = await emit(names);
  expect(code).toMatch(/^[\n\x20-\x7e]*$/);
  expect(kindsOf(code)).toEqual(kindsOf(benignCode));
  expectSameRun(await train(names), names);
});

/** Words that mean something where they end up: as variables, as properties, or on every object. */
const words =
  'class await yield enum static eval arguments undefined NaN Infinity let of async __proto__ constructor ' +
  'prototype toString hasOwnProperty valueOf then default length name layout create arena batch n t seed state ' +
  'metrics evaluation outputs Batch Math Float32Array f32 exp log i j k forward backward update measure v v1 dLoss ' +
  'sum p max row';

describe('a name that is a word of the language, of the module or of every object', () => {
  const wordModels = words.split(' ').map((word) => namesBy((role) => (role === 'layer' ? 'l' : word)));
  // One name for one thing: the roles that share a namespace differ by an ending.
  const apart = (names: Names): Names => ({
    ...names,
    label: `${names.label}2`,
    parameter: `${names.parameter}3`,
  });
  const cases = wordModels.map(apart).map((names) => [names.input, names] as const);

  it.each(cases)('%s trains as any other', async (_, names) => {
    expectSameRun(await train(names), names);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('is no error of types', async () => {
    const modules = new Map<string, string>();
    for (const [i, [, names]] of cases.entries()) modules.set(`word-${i}`, await emit(names));
    expect(strictDiagnostics(modules)).toEqual([]);
  });
});

it('names that are whole numbers keep to their arrays', async () => {
  const names: Names = {
    ...benign,
    input: '1',
    label: '0',
    parameter: '3',
    metric: '2',
    output: '4',
    slot: '0',
  };
  expectSameRun(await train(names), names);
});
