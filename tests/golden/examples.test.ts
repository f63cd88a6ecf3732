/** The emitted trainers of the examples: strictly typed, and made to be read. */

import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileExample, examples, strictDiagnostics } from './modules.ts';

const network = '03-neural-network/model';
const modules = new Map<string, string>();
for (const example of examples) {
  modules.set(example, (await compileExample(example)).code);
  modules.set(`${example}-f64`, (await compileExample(example, { dtype: 'f64' })).code);
}
const codeOf = (name: string): string => modules.get(name) ?? '';

describe.each(examples)('%s', (example) => {
  it('is pure ASCII that ends in one line break, with no empty block and no trailing space', () => {
    const code = codeOf(example);
    expect(code).toMatch(/^[\n\x20-\x7e]*[^\n]\n$/);
    expect(code).not.toMatch(/ $/m);
    expect(code).not.toMatch(/\{\s*\}/);
    expect(code).not.toMatch(/\n{3}/);
  });

  it('in f64 stores and rounds nothing in float32', () => {
    const code = codeOf(`${example}-f64`);
    expect(code).toMatch('Float64Array');
    expect(code).not.toMatch(/Float32Array|fround|f32/);
  });
});

it('every trainer, in f32 and in f64, type-checks under strict', () => {
  expect(strictDiagnostics(modules)).toEqual([]);
});

it('the type check notices a wrong trainer', () => {
  const wrong = codeOf(network).replace('loss[0] = -', 'loss[0] = "" + -');
  expect(strictDiagnostics(new Map([['wrong', wrong]]))).toHaveLength(1);
});

describe('the neural network', () => {
  const code = codeOf(network);

  it('is at most 250 lines', () => {
    expect(code.split('\n').length - 1).toBeLessThanOrEqual(250);
  });

  it('imports nothing and never makes code from text', () => {
    const words = new Set<string>();
    const source = ts.createSourceFile('trainer.ts', code, ts.ScriptTarget.ES2022);
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) words.add(node.text);
      words.add(ts.SyntaxKind[node.kind]);
      ts.forEachChild(node, visit);
    };
    visit(source);
    expect(words).toContain('Float32Array');
    for (const word of ['ImportDeclaration', 'ImportKeyword', 'AnyKeyword', 'eval', 'Function', 'require'])
      expect(words).not.toContain(word);
  });

  it('has one commented block for each equation, in the order of computation', () => {
    expect(equationsOf(code)).toEqual([
      ...['z1', 'a1', 'z2', 'a2', 'loss', 'accuracy'],
      ...['dZ2', 'dW2', 'dB2', 'dZ1', 'dW1', 'dB1'],
      ...['w1', 'b1', 'w2', 'b2'],
    ]);
  });

  it('says of every gradient by which rule and from which line of the model it comes', () => {
    const comments = code.match(/^ {4}\/\/ d[A-Z].*(?:\n {4}\/\/ .*)*/gm) ?? [];
    expect(comments).toHaveLength(6);
    for (const comment of comments) expect(comment).toMatch(/by the rule of \w+ in .*\(model\.ts:\d+\)$/);
  });
});

/** What each block of a function computes last: the name on the last equation of its comment. */
function equationsOf(code: string): string[] {
  const blocks = code.match(/(?:^ {4}\/\/ .*\n)+/gm) ?? [];
  return blocks.flatMap((block) => {
    const names = [...block.matchAll(/^ {4}\/\/ (\w+) = /gm)].map(([, name = '']) => name);
    return names.slice(-1);
  });
}
