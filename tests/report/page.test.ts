/** Whole pages for models of every kind: what is on them, that they ask for nothing, and that no text becomes markup. */

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { digits } from '../../src/data/digits.ts';
import { moons } from '../../src/data/planar.ts';
import {
  accuracy,
  binaryAccuracy,
  binaryCrossEntropy,
  dense,
  gradientDescent,
  meanSquaredError,
  model,
  sigmoid,
  softmax,
  softmaxCrossEntropy,
  tanh,
} from '../../src/index.ts';
import { pageOf, splitOf } from './support.ts';

const optimizer = gradientDescent({ learningRate: 0.1 });
const options = { batch: 32, optimizer };

const classifier = (name: string, width: number, classes: number, metric = 'accuracy') =>
  model(
    name,
    (m) => {
      const x = m.input('x', ['batch', width]);
      const y = m.label('y', { classes });
      const logits = dense(x, classes);
      const probabilities = softmax(logits);
      return {
        loss: softmaxCrossEntropy(logits, y),
        metrics: { [metric]: accuracy(logits, y) },
        outputs: { probabilities },
      };
    },
    options,
  );

const binary = model(
  'binary',
  (m) => {
    const x = m.input('x', ['batch', 2]);
    const y = m.label('y', ['batch', 1]);
    const logits = dense(tanh(dense(x, 4)), 1);
    const probability = sigmoid(logits);
    const metrics = { accuracy: binaryAccuracy(probability, y) };
    return { loss: binaryCrossEntropy(logits, y), metrics, outputs: { logits, probability } };
  },
  options,
);

const regression = model(
  'regression',
  (m) => {
    const x = m.input('x', ['batch', 3]);
    const y = m.label('y', ['batch', 1]);
    const estimate = dense(x, 1);
    return { loss: meanSquaredError(estimate, y), outputs: { estimate } };
  },
  options,
);

const numbers = { ...splitOf(90, 3, 3), labels: Float64Array.from({ length: 90 }, (_, i) => i / 30) };

/** References, scripts and styles that a strict page must not have. Matches are compared, for a page is long. */
function expectClean(page: string): void {
  expect(page.slice(0, 15)).toBe('<!doctype html>');
  expect(page.slice(-8)).toBe('</html>\n');
  const text = page
    .replaceAll('xmlns="http://www.w3.org/2000/svg"', '')
    .replace(/data:image\/png;base64,[\w+/=]+/g, '');
  const matches = (pattern: RegExp): readonly string[] => text.match(pattern) ?? [];
  expect(matches(/https?:|\/\/\w/g)).toEqual([]);
  expect(matches(/<(script|link|iframe|object|embed|base|form|foreignObject)\b/gi)).toEqual([]);
  expect(matches(/\s(style|on\w+)=/gi)).toEqual([]);
  expect(matches(/NaN|undefined|Infinity|\[object/g)).toEqual([]);
  // The one style sheet is the one that the policy names.
  const styles = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style);
  const hashes = styles.map((style) => createHash('sha256').update(style).digest('base64'));
  expect(hashes.map((hash) => page.includes(`style-src 'sha256-${hash}'`))).toEqual([true]);
  const uris = [...page.matchAll(/\s(?:src|href)="([^"]*)"/g)].map(([, uri = '']) => uri.slice(0, 22));
  expect(uris.filter((uri) => uri !== 'data:image/png;base64,')).toEqual([]);
  expectBalanced(page);
}

/** Every element that needs an end has it, in order. */
function expectBalanced(page: string): void {
  const open: string[] = [];
  const text = page.replace(/<style>[\s\S]*?<\/style>/g, '');
  for (const [, end = '', name = '', closed = ''] of text.matchAll(
    /<(\/?)([a-zA-Z][\w]*)(?:"[^"]*"|[^">])*?(\/?)>/g,
  )) {
    if (/^(meta|img)$/.test(name) || closed === '/') continue;
    if (end === '') open.push(name);
    else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
}

const figures = (page: string): number => [...page.matchAll(/<svg[^>]*class="plot"/g)].length;

describe('the page of a classifier of pictures', () => {
  let page = '';
  beforeAll(async () => {
    page = await pageOf(classifier('pictures', 784, 10), digits({ count: 200, testCount: 60 }));
  });

  it('is clean', () => expectClean(page));

  it('has its numbers, curves, confusion matrix and pictures of the test data', () => {
    expect(page).toContain('<title>pictures: training report</title>');
    expect(page).toMatch(/Trained on digits: 30 steps in 0\.5 s\./);
    for (const split of ['train', 'test'])
      expect(page).toMatch(new RegExp(`<th scope="row">${split}</th><td>[\\d.]+</td><td>[\\d.]+ %`));
    for (const name of ['loss', 'accuracy', 'learningRate'])
      expect(page).toContain(`aria-label="${name} over the steps`);
    expect(figures(page)).toBe(3);
    expect(page).toMatch(/of 60 records of the test data are classified rightly/);
    expect([...page.matchAll(/<img src="data:image\/png/g)]).toHaveLength(24);
    expect(page).not.toContain('Decision boundary');
  });
});

describe('the page of a classifier of two features', () => {
  it('has a decision boundary, and takes the training data where there are no others', async () => {
    const page = await pageOf(classifier('plane', 2, 2), moons({ count: 80, testCount: 0 }));
    expectClean(page);
    expect(page).toContain('of 80 records of the training data');
    expect(page).toContain('<h2>Decision boundary</h2>');
    expect(figures(page)).toBe(4);
    expect(page).toContain('aria-label="contour"');
    expect([...page.matchAll(/<circle [^>]*r="3/g)].length).toBeGreaterThan(40);
  });
});

describe('the page of a binary model', () => {
  it('has two classes with their names', async () => {
    const set = { ...moons({ count: 80, testCount: 20 }), classes: ['below', 'above'] };
    const page = await pageOf(binary, set);
    expectClean(page);
    expect(page).toContain('of 20 records of the test data');
    expect(page).toContain('<th scope="col" title="below">below</th>');
    expect(page).toContain('<h2>Decision boundary</h2>');
    expect(page).toContain('<th scope="col">p of true</th>');
  });
});

describe('the page of a regression', () => {
  it('has predicted against true numbers and their errors', async () => {
    const page = await pageOf(regression, { name: 'numbers', train: numbers });
    expectClean(page);
    expect(page).toMatch(/root mean squared error [\d.]+, mean absolute error [\d.]+, R² -?[\d.]+/);
    expect(page).not.toContain('Confusion');
    expect(figures(page)).toBe(3);
  });
});

describe('a page without something', () => {
  it('says that no output fits, how to add one, and that no step was made', async () => {
    const silent = model(
      'silent',
      (m) => {
        const x = m.input('x', ['batch', 2]);
        const y = m.label('y', { classes: 2 });
        return { loss: softmaxCrossEntropy(dense(x, 2), y) };
      },
      options,
    );
    const page = await pageOf(silent, moons({ count: 40, testCount: 0 }), 0);
    expectClean(page);
    expect(page).toContain('one number per class, [batch, 2]');
    expect(page).toContain('No step was made.');
  });
});

describe('hostile names', () => {
  it('stay text wherever they are shown', async () => {
    const markup = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;';
    const evil = `${markup}\u0000\u202e\ud800`;
    const set = {
      name: `${evil}.csv`,
      train: splitOf(60, 2, 3),
      classes: [`a ${evil}`, "b ' onclick='x", 'c </style></svg>'],
      featureNames: [`x ${evil}`, 'y ]]> -->'],
    };
    const page = await pageOf(classifier(`net ${markup}`, 2, 3, '<b>accuracy'), set);
    const structure = page.replace(/="[^"]*"/g, '=""').replace(/>[^<]*</g, '><');
    expect(structure).not.toMatch(/script|onerror|onclick|<b>accuracy/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;accuracy');
    // The text of the user holds what the check of attributes looks for.
    expectBalanced(page);
    expect([...page.matchAll(/<img /g)]).toEqual([]);
    expect(/[\p{Cc}\p{Cs}]/u.test(page.replaceAll('\n', ''))).toBe(false);
  });
});
