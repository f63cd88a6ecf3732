/** Derivations: they read as a textbook does, hold what the emitted code computes, and are formulas that can be set. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import type { Site } from '../../ir/value.ts';
import { type Derivation, derive } from '../../src/derivation/derive.ts';
import { documentOf } from '../../src/derivation/document.ts';
import { markdownOf } from '../../src/derivation/markdown.ts';
import { derivationPage } from '../../src/derivation/page.ts';
import { texName } from '../../src/derivation/tex-names.ts';
import { dense, gradientDescent, type Model, model, softmaxCrossEntropy } from '../../src/index.ts';
import { loadModel } from '../../src/load-model.ts';
import { InputError } from '../../src/runtime/index.ts';
import { publishCounts } from '../counts.ts';
import { examples, expectGolden, modelPath, repository, trainerPath } from '../golden/modules.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const lineAt = ({ file, line }: Site): string | undefined => read(file).split('\n')[line - 1];
const exampleModel = (example: string): Promise<Model> => loadModel(join(repository, modelPath(example)));
const markdown = (derivation: Derivation): string => markdownOf(documentOf(derivation, lineAt));

/** Every formula of a derivation. */
const formulasIn = ({ given, forward, simplified, gradients, updates }: Derivation): readonly string[] => [
  ...[...given, ...forward, ...simplified, ...updates].map(({ tex }) => tex),
  ...gradients.flatMap(({ symbol, chain = '', local, derived = '', result }) => [
    symbol,
    chain,
    local,
    derived,
    result.tex,
  ]),
];

describe('the chapters that derive by hand', () => {
  it.each(['01-logistic-regression', '02-softmax-regression', '03-neural-network'])(
    '%s is derived as it is there',
    async (chapter) => {
      const derivation = derive(await exampleModel(`${chapter}/model`), read);
      expectGolden(markdown(derivation), `examples/${chapter}/derivation.md`);
    },
  );

  it('the network has the equations of the seed, with samples as rows', async () => {
    const { gradients, updates } = derive(await exampleModel('03-neural-network/model'), read);
    const results = Object.fromEntries(gradients.map(({ name, result }) => [name, result.tex]));
    expect(results).toEqual({
      dZ2: '\\partial Z_{2} = \\frac{1}{m} \\left(A_{2} - {Y}_{\\text{onehot}}\\right)',
      dB2: '\\partial B_{2} = \\sum_{i} \\partial Z_{2}',
      dA1: '\\partial A_{1} = \\partial Z_{2} \\, W_{2}^{\\top}',
      dW2: '\\partial W_{2} = A_{1}^{\\top} \\, \\partial Z_{2}',
      dZ1: '\\partial Z_{1} = \\partial A_{1} \\odot \\left[0 < Z_{1}\\right]',
      dB1: '\\partial B_{1} = \\sum_{i} \\partial Z_{1}',
      dW1: '\\partial W_{1} = X^{\\top} \\, \\partial Z_{1}',
    });
    expect(gradients.find(({ name }) => name === 'dW1')?.chain).toBe(
      '\\frac{\\partial L}{\\partial W_{1}} = \\frac{\\partial L}{\\partial Z_{2}} \\frac{\\partial Z_{2}}{\\partial A_{1}} \\frac{\\partial A_{1}}{\\partial Z_{1}} \\frac{\\partial Z_{1}}{\\partial W_{1}}',
    );
    expect(updates[0]?.tex).toBe('W_{1} \\leftarrow W_{1} - \\alpha \\, \\partial W_{1}');
  });

  it('what is told for one parameter is what its gradient needs', async () => {
    const network = await exampleModel('03-neural-network/model');
    const { gradients, updates } = derive(network, read, 'w2');
    expect(gradients.map(({ name }) => name)).toEqual(['dZ2', 'dW2']);
    expect(updates.map(({ name }) => name)).toEqual(['w2']);
    expect(() => derive(network, read, 'w3')).toThrow(InputError);
    expect(() => derive(network, read, 'w3')).toThrow('There is no gradient at "w3".');
  });
});

let told = 0;
let found = 0;

describe.each(examples)('%s', (example) => {
  it('has formulas that can be set, written out, with a gradient at every parameter that is trained', async () => {
    const derivation = derive(await exampleModel(example), read);
    for (const tex of formulasIn(derivation)) {
      expect(() => katex.renderToString(tex, { strict: false, output: 'mathml' }), tex).not.toThrow();
      expect(tex).not.toContain('?');
    }
    const names = derivation.gradients.map(({ at }) => at);
    for (const { name, role } of derivation.given)
      if (role === 'parameter') expect(names.some((at) => at === name || at === `${name}Ahead`)).toBe(true);
  });

  it('says what the emitted code computes', async () => {
    const derivation = derive(await exampleModel(example), read);
    const emitted = read(join(repository, trainerPath(example)));
    for (const { result } of derivation.gradients) {
      const comment = new RegExp(`^ *// ${result.name} = (.*?) {2}: `, 'm').exec(emitted)?.[1];
      if (comment === undefined || comment.endsWith('...')) continue;
      told++;
      // What the trainer keeps no array for stands in the comment as what it is.
      const inlined = derivation.gradients.reduce(
        (text, { name, result: { text: own } }) =>
          text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), () => own),
        result.text,
      );
      if ([result.text, inlined].includes(comment)) found++;
    }
  });
});

it('nearly every gradient of the examples stands in a comment of its trainer as it is derived', () => {
  publishCounts('derivations', { gradients: told, 'as emitted': found });
  expect(told).toBeGreaterThan(250);
  // What is left was given a shape that shares something with another value.
  expect(found / told).toBeGreaterThan(0.95);
});

describe('names', () => {
  it.each([
    ['z1', true, 'Z_{1}'],
    ['x', true, 'X'],
    ['x', false, 'x'],
    ['loss', false, 'L'],
    ['beta2', false, '\\beta_{2}'],
    ['hidden', true, '\\textit{hidden}'],
    ['w1.m', true, 'm_{W_{1}}'],
  ])('%s (an array: %s) is %s', (name, isArray, tex) => {
    expect(texName(name, isArray)).toBe(tex);
  });

  const hostile = [
    '$x$',
    '\\input{/etc/passwd}',
    '</math><script>',
    '_^{}',
    '%',
    '#1',
    '日本',
    '__proto__',
    'a`b',
    '*',
  ];

  it.each(hostile)('%j is text in a formula, in Markdown and in a page', (name) => {
    const declared = model(
      name,
      (m) => {
        const x = m.input(`${name}x`, ['batch', 2]);
        const y = m.label(`${name}y`, { classes: 2 });
        return { loss: softmaxCrossEntropy(dense(x, 2, { name }), y) };
      },
      { batch: 4, optimizer: gradientDescent({ learningRate: 0.1 }) },
    );
    const derivation = derive(declared, () => undefined);
    expect(derivation.gradients.length).toBeGreaterThan(0);
    for (const tex of formulasIn(derivation))
      expect(() => katex.renderToString(tex, { strict: false, output: 'mathml' }), tex).not.toThrow();
    const page = derivationPage(
      name,
      documentOf(derivation, () => `${name} <b>`),
    );
    expect(page).not.toMatch(/<script|<b>|javascript:/i);
    // Dollars that begin a formula have their end.
    const lines = markdown(derivation).split('\n');
    expect(lines.filter((line) => line === '$$').length % 2).toBe(0);
  });
});
