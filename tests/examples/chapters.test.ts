/** The chapters of the examples: what their folders hold, what their READMEs quote, and the table of results. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documentOf, injected, tableOf } from '../../bench/seed-table/render.ts';
import { type Results, readResults } from '../../bench/seed-table/results.ts';
import { findRows, orphans } from '../../bench/seed-table/rows.ts';
import { examples, modelPath, repository } from '../golden/modules.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const chapters = readdirSync(join(repository, 'examples')).filter((name) => /^\d\d-/.test(name));
const filesOf = (chapter: string): readonly string[] => readdirSync(join(repository, 'examples', chapter));
const modelsOf = (chapter: string): readonly string[] =>
  filesOf(chapter).filter((file) => /(^|\.)model\.ts$/.test(file));
const rows = findRows();

it('every example is in the list of the golden trainers, and nothing else is', () => {
  const found = chapters.flatMap((chapter) => modelsOf(chapter).map((file) => `examples/${chapter}/${file}`));
  expect(examples.map(modelPath).sort()).toEqual(found.sort());
});

it('the table of the main README names every chapter', () => {
  for (const chapter of chapters) expect(read('README.md')).toContain(`](examples/${chapter})`);
});

describe.each(chapters)('%s', (chapter) => {
  const readme = read(`examples/${chapter}/README.md`);

  it('has a README of at most 150 lines that names each of its systems', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(150);
    for (const file of modelsOf(chapter)) {
      const named = file === 'model.ts' ? `examples/${chapter}/model.ts` : `](${file})`;
      expect(readme, `${file} is not named`).toContain(named);
    }
  });

  it('links to files that exist', () => {
    const prose = readme.replace(/^```.*?^```$/gms, '').replace(/`[^`]*`/g, '');
    const links = [...prose.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);
    const local = links.filter((path) => !path.includes('://'));
    const missing = local.filter((path) => !existsSync(join(repository, 'examples', chapter, path)));
    expect(missing).toEqual([]);
  });

  it('quotes what the trainers really hold', () => {
    const trainers = filesOf(chapter).filter((file) => file.endsWith('.trainer.ts'));
    const emitted = trainers.map((file) => read(`examples/${chapter}/${file}`)).join('\n');
    const quoted = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
      block.trimEnd().split('\n'),
    );
    expect(quoted.filter((line) => !emitted.includes(line))).toEqual([]);
  });
});

describe('the table of results', () => {
  const results = readResults();

  it('is the one that its results give', () => {
    expect(read('docs/seed-results.md'), 'npm run seed-table -- --render writes it').toBe(
      documentOf(rows, results),
    );
  });

  it.each(chapters)('in the README of %s too', (chapter) => {
    const readme = read(`examples/${chapter}/README.md`);
    const own = rows.filter((row) => row.chapter === chapter);
    expect(own.length).toBeGreaterThan(0);
    expect(readme).toBe(injected(readme, tableOf(own, results)));
  });

  it('has a row for each example, and an example for each figure of the seed', () => {
    expect(rows.map(({ path }) => path).sort()).toEqual(examples.map(modelPath).sort());
    expect(orphans(rows)).toEqual([]);
    expect(Object.keys(results).filter((key) => !rows.some((row) => row.key === key))).toEqual([]);
  });

  it('shows what was measured, what failed and what was not run', () => {
    const run = { date: '2000-01-01', machine: 'a machine', node: '20.0.0', data: 'digits' };
    const measured = { steps: 1500, batch: 6000, seconds: 12.34 };
    const [first, second, third] = rows;
    if (!first || !second || !third) throw new Error('there are no rows');
    const some: Results = {
      [first.key]: { run, ...measured, train: { accuracy: 0.98765, loss: 0.0123456 } },
      [second.key]: { run, failed: 'a | b' },
    };
    const [, , ...lines] = tableOf([first, second, third], some).split('\n');
    expect(lines).toEqual([
      '| logistic-regression |  | 98.77 % | 0.01235 |  |  | 1,500 | 12 |',
      '| softmax-regression |  | failed: a \\| b |  |  |  |  |  |',
      '| neural-network | 93.22 % on MNIST, loss 0.2423 | not run yet |  |  |  |  |  |',
    ]);
  });

  it('is put between its marks and nowhere else', () => {
    const text = 'a\n<!-- seed-table:start -->\nold\n<!-- seed-table:end -->\nb\n';
    expect(injected(text, 'new')).toBe('a\n<!-- seed-table:start -->\n\nnew\n\n<!-- seed-table:end -->\nb\n');
    expect(() => injected('a', 'new')).toThrow('seed-table:start');
  });
});
