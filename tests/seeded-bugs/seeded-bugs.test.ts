/** The list of seeded bugs is in order: every patch applies, to a program, and every test that is to notice exists. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { patternOf, type SeededBug, withBug } from './bug.ts';
import { areas, bugs } from './bugs.ts';
import { titlesIn } from './titles.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const known = new Map<string, string>();
const textOf = (file: string): string => {
  const text = known.get(file) ?? readFileSync(`${root}${file}`, 'utf8');
  known.set(file, text);
  return text;
};

const idsOf = (wrong: readonly SeededBug[]): string[] => wrong.map(({ id }) => id);

/** Parsing alone says so, and takes a tenth of the time of a translation. */
function parses(text: string): boolean {
  const source = ts.createSourceFile('patched.ts', text, ts.ScriptTarget.ES2022);
  return 'parseDiagnostics' in source && Array.isArray(source.parseDiagnostics)
    ? source.parseDiagnostics.length === 0
    : false;
}

describe('the seeded bugs', () => {
  it('are at least 80, and as many in each area as it must have', () => {
    expect(bugs.length).toBeGreaterThanOrEqual(80);
    const few = Object.entries(areas).filter(([, area]) => area.bugs.length < area.least);
    expect(few.map(([name]) => name)).toEqual([]);
  });

  it('have names of their own', () => {
    expect(bugs.filter(({ id }) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
    expect(idsOf(bugs).filter((id, i, all) => all.indexOf(id) < i)).toEqual([]);
  });

  it('each say in one sentence what is wrong, and no two the same', () => {
    const sentences = bugs.map(({ what }) => what);
    expect(sentences.filter((what) => what.length < 15 || what.endsWith('.'))).toEqual([]);
    expect(sentences.filter((what, i) => sentences.indexOf(what) < i)).toEqual([]);
  });

  it('each change text that is exactly once in its file', () => {
    const text = ({ file }: SeededBug): string => (existsSync(`${root}${file}`) ? textOf(file) : '');
    expect(idsOf(bugs.filter((bug) => withBug(bug, text(bug)) === undefined))).toEqual([]);
    expect(idsOf(bugs.filter((bug) => bug.find === bug.replace))).toEqual([]);
  });

  it('are in the compiler and its runtime, not in tests', () => {
    expect(idsOf(bugs.filter(({ file }) => !/^(ir|passes|codegen|src)\/.*\.ts$/.test(file)))).toEqual([]);
  });

  it('leave a program that can be parsed', () => {
    expect(parses('const x = 1;')).toBe(true);
    expect(parses('const x = ;')).toBe(false);
    expect(idsOf(bugs.filter((bug) => !parses(withBug(bug, textOf(bug.file)) ?? '{')))).toEqual([]);
  });

  it('are each noticed by a test that exists, as far as titles can be read', () => {
    const titles = new Map<string, readonly RegExp[]>();
    const unknown = bugs.filter(({ test, name }) => {
      if (!existsSync(`${root}${test}`)) return true;
      const written = titles.get(test) ?? titlesIn(textOf(test));
      titles.set(test, written);
      return !name.split(' > ').every((part) => written.some((title) => title.test(part)));
    });
    expect(idsOf(unknown)).toEqual([]);
  });
});

describe('a patch', () => {
  const bug = { id: 'x', what: '', file: '', find: 'a + b', replace: '$& - b', test: '', name: '' };

  it('puts the replacement where the text was, as it is written', () => {
    expect(withBug(bug, 'return a + b;')).toBe('return $& - b;');
  });

  it.each(['', 'return a - b;', 'return a + b + (a + b);'])('does not apply to %j', (text) => {
    expect(withBug(bug, text)).toBeUndefined();
  });

  it('does not apply where nothing is to be found', () => {
    expect(withBug({ ...bug, find: '' }, 'a')).toBeUndefined();
  });
});

it('the pattern of full names fits these tests alone, whatever is in their titles', () => {
  const pattern = patternOf(['f > x*y (a)', 'g']);
  expect(['f x*y (a)', 'f > x*y (a)', 'g'].filter((name) => !pattern.test(name))).toEqual([]);
  expect(['f x*y (a) b', 'xxy (a)', 'f xxy (a)', 'gg'].filter((name) => pattern.test(name))).toEqual([]);
});
