/** What the editor of the studio is told of a text: by TypeScript, with all types of the compiler. */

import { beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../src/studio/engine/language.ts';
import { moonsModel, readModel, startLanguage } from './engine-support.ts';

let language: Language;
beforeAll(async () => {
  language = await startLanguage();
});

const about = (text: string) =>
  language.check(text).map(({ from, to, code, severity }) => [severity, code, text.slice(from, to)]);
const changed = (from: string, to: string): string => {
  const text = moonsModel.replace(from, to);
  expect(text).not.toBe(moonsModel);
  return text;
};

describe('the editor', () => {
  it.each([
    'examples/page/model.ts',
    'examples/digits/model.ts',
    'examples/10-normalization/batch-norm.model.ts',
    'examples/09-optimization/ewa.model.ts',
  ])('finds nothing wrong with %s', (path) => {
    expect(about(readModel(path))).toEqual([]);
  });

  it.each([
    ['a wrong shape', changed('dense(hidden, 2);', 'dense(hidden, 2).add(x.matmul(x));'), 'TS2345', 'x'],
    ['a wrong type', changed('dense(hidden, 2)', "dense(hidden, 'two')"), 'TS2345', "'two'"],
    [
      'an option that does not exist',
      changed('learningRate: 0.02', 'learningrate: 0.02'),
      'TS2561',
      'learningrate',
    ],
    ['a function that does not exist', changed('tanh(dense', 'tahn(dense'), 'TS2304', 'tahn'],
    [
      'what is missing',
      changed('batch: 32, ', ''),
      'TS2345',
      "{ data: 'moons', maxBatch: 400, epochs: 20, optimizer: adam({ learningRate: 0.02 }) }",
    ],
    ['what is not TypeScript', changed('const logits =', 'const logits = ='), 'TS1109', '='],
    ['what is more than types', `enum Size { small = 1 }\n${moonsModel}`, 'TS1294', 'Size'],
  ])('marks %s', (_, text, code, marked) => {
    expect(about(text)).toContainEqual(['error', code, marked]);
  });

  it('forgets what has been corrected', () => {
    expect(about(changed('tanh(dense', 'tahn(dense'))).not.toEqual([]);
    expect(about(moonsModel)).toEqual([]);
  });

  it('takes no longer than a pause in typing for a small edit', () => {
    language.check(moonsModel);
    const times = [11, 12, 13, 14, 15].map((width) => {
      const begin = performance.now();
      language.check(moonsModel.replace('16', String(width)));
      return performance.now() - begin;
    });
    expect(Math.min(...times)).toBeLessThan(150);
  });
});

describe('after a dot and in a word', () => {
  const labels = (text: string, position: number) =>
    language.complete(text, position)?.options.map(({ label }) => label) ?? [];

  it('come the methods of what stands before it, and nothing else', () => {
    const at = moonsModel.indexOf('m.input') + 2;
    const found = language.complete(moonsModel, at);
    expect(found?.from).toBe(at);
    expect(found?.options).toContainEqual({ label: 'input', type: 'method' });
    expect(found?.options.map(({ label }) => label).sort()).toEqual([
      'constant',
      'input',
      'label',
      'param',
      'state',
      'step',
    ]);
    expect(labels(`${moonsModel.slice(0, at)}\n`, at)).toContain('input');
  });

  it('come the methods of a tensor', () => {
    const text = changed('dense(hidden, 2)', 'hidden.');
    expect(labels(text, text.indexOf('hidden.') + 7)).toEqual(
      expect.arrayContaining(['matmul', 'add', 'mean']),
    );
  });

  it('comes what is imported before what every program has', () => {
    const at = moonsModel.indexOf('dense(x');
    const found = language.complete(moonsModel, at + 3);
    expect(found?.from).toBe(at);
    const names = found?.options.map(({ label }) => label) ?? [];
    expect(names).toEqual(expect.arrayContaining(['dense', 'x', 'Math']));
    expect(names.indexOf('dense')).toBeLessThan(names.indexOf('Math'));
  });

  it('come the options of an object', () => {
    const text = changed('{ learningRate: 0.02 }', '{  }');
    expect(labels(text, text.indexOf('adam({  })') + 7)).toEqual(
      expect.arrayContaining(['learningRate', 'beta1', 'beta2', 'epsilon']),
    );
  });

  it('comes what is not imported yet, with its import', () => {
    const text = changed('tanh(dense(x, 16))', 'drop');
    const at = text.indexOf('drop') + 4;
    const found = language.complete(text, at);
    const options = found?.options.filter(({ label }) => label === 'dropout') ?? [];
    expect(options).toMatchObject([{ type: 'function', detail: "from 'chainrule'" }]);
    const { from = 0, insert = '' } = options[0]?.also ?? {};
    const whole = `${text.slice(0, from)}${insert}${text.slice(from, found?.from)}dropout(x, { keep: 0.5 })${text.slice(at)}`;
    expect(language.check(whole)).toEqual([]);
    expect(found?.options.filter(({ label }) => label === 'dense')).toHaveLength(1);
    expect(found?.options.map(({ label }) => label)).not.toContain('Tensor');
  });

  it.each([
    [
      '/** A model. */\n\nconst a = rel',
      "/** A model. */\n\nimport { relu } from 'chainrule';\nconst a = rel",
    ],
    ["import { } from 'chainrule';\nrel", "import { relu  } from 'chainrule';\nrel"],
    [
      "import type { Tensor } from 'chainrule';\nrel",
      "import { relu } from 'chainrule';\nimport type { Tensor } from 'chainrule';\nrel",
    ],
  ])('comes an import where there is none of values', (text, expected) => {
    const option = language.complete(text, text.length)?.options.find(({ label }) => label === 'relu');
    const { from = 0, insert = '' } = option?.also ?? {};
    expect(text.slice(0, from) + insert + text.slice(from)).toBe(expected);
  });

  it('come the names that can be imported', () => {
    const text = "import { d } from 'chainrule';\n";
    expect(labels(text, text.indexOf('d }') + 1)).toEqual(expect.arrayContaining(['dense', 'dropout']));
  });
});

describe('under the pointer', () => {
  it('is the shape of a variable', () => {
    const from = moonsModel.indexOf('hidden');
    expect(language.hover(moonsModel, from + 2)).toEqual({
      from,
      to: from + 6,
      text: 'const hidden: Tensor<readonly ["batch", 16], "float">',
    });
  });

  it('is what a function is for', () => {
    expect(language.hover(moonsModel, moonsModel.indexOf('dense(x') + 1)?.text).toContain(
      '\n\nx W + b for x',
    );
  });

  it('is nothing where there is nothing', () => {
    expect(language.hover(moonsModel, moonsModel.indexOf('\n\n') + 1)).toBeUndefined();
  });
});
