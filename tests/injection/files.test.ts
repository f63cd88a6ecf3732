/** The files that are written beside a trainer: what the model and the folders are called is text in them. */

import { dirname, resolve } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { trainerTest } from '../../src/cli/trainer-test.ts';
import { trainerWorker, workerPath } from '../../src/cli/trainer-worker.ts';
import { artefactsIn } from '../../src/cli/training.ts';
import { publishCounts } from '../counts.ts';
import { hostileNames, limit } from './names.ts';
import { assertNoPoisoning } from './poisoning.ts';
import { beyondAscii, difference, formOf, importsOf, syntaxErrors } from './syntax.ts';

const names = hostileNames();
const counted = new Map<string, number>();

vi.setConfig({ testTimeout: limit });

afterEach(assertNoPoisoning);
afterAll(() => publishCounts('injection', Object.fromEntries(counted)));

/** A name as a folder or a file may have it: no end of text, and no folder within. */
const asPart = (name: string): string => name.replace(/[\0/]/g, '_').replace(/^\.{1,2}$/, '_');

const isText = (code: string, expected: string, what: string): void => {
  expect(beyondAscii(code), what).toBeUndefined();
  expect(syntaxErrors(code), what).toEqual([]);
  expect(difference(formOf(code), expected), what).toBeUndefined();
  // A comment ends where it is meant to end: what follows the first is the first import.
  expect(code.slice(code.indexOf('*/') + 2).trimStart()).toMatch(/^import /);
};

it('a test imports the model and the trainer, wherever they lie', () => {
  const expected = formOf(trainerTest('plain', 'folder/model.ts', 'out/trainer.ts'));
  for (const name of names) {
    const part = asPart(name);
    const code = trainerTest(name, `in ${part}/${part}.ts`, `out ${part}/${part}.trainer.ts`);
    isText(code, expected, JSON.stringify(name));
    const [, , model = '', trainer] = importsOf(code);
    expect(resolve(`out ${part}`, model)).toBe(resolve(`in ${part}/${part}.ts`));
    expect(trainer).toBe(`./${part}.trainer.ts`);
  }
  counted.set('tests of trainers', names.length);
});

it.each([1, 4])('a worker imports the trainer, for %d threads', (threads) => {
  const expected = formOf(trainerWorker('plain', 'out/net.trainer.ts', threads));
  for (const name of names) {
    const path = `out ${asPart(name)}/${asPart(name)}.trainer.ts`;
    const code = trainerWorker(name, path, threads);
    isText(code, expected, JSON.stringify(name));
    expect(importsOf(code).at(-1)).toBe(`./${asPart(name)}.trainer.ts`);
    expect(dirname(workerPath(path))).toBe(dirname(path));
  }
  counted.set('workers', names.length);
});

it('the files of a training lie in its folder, whatever the model is called', () => {
  for (const name of names) {
    const { trainer, weights, report } = artefactsIn('/some/out', name);
    for (const path of [trainer, weights, report]) {
      expect(dirname(resolve(path)), JSON.stringify(name)).toBe(resolve('/some/out'));
      expect(path).toMatch(/^\/some\/out\/[\w-][\w.-]*$/);
    }
  }
  counted.set('paths', names.length);
});
