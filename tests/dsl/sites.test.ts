/** Lines of the user in stack traces, as different engines write them. */

import { describe, expect, it } from 'vitest';
import { siteIn } from '../../src/dsl/site.ts';

const own = new URL('../../src/dsl/model.ts', import.meta.url).pathname;

describe('the line of the user', () => {
  it.each([
    ['in a file', [`    at model (${own}:10:5)`, '    at /home/me/model.ts:7:3'], '/home/me/model.ts', 7],
    [
      'in a named function',
      [`    at ${own}:10:5`, '    at build (/home/me/model.ts:7:3)'],
      '/home/me/model.ts',
      7,
    ],
    ['in a URL of a file', ['    at file:///home/me/a%20b/model.ts:7:3'], '/home/me/a b/model.ts', 7],
    [
      'in a folder with parentheses',
      ['    at build (/home/me (1)/model.ts:7:3)'],
      '/home/me (1)/model.ts',
      7,
    ],
    ['after a pause', ['    at async /home/me/model.ts:7:3'], '/home/me/model.ts', 7],
    ['on another disk', ['    at build (C:\\me\\model.ts:7:3)'], 'C:\\me\\model.ts', 7],
    [
      'in a page, where the compiler comes from a URL',
      [
        '    at relu (http://localhost:80/assets/engine.js:1:200)',
        '    at blob:http://localhost/1-2:3:4',
        '    at build (/model.ts:7:3)',
      ],
      '/model.ts',
      7,
    ],
  ])('is found %s', (_, frames, file, line) => {
    expect(siteIn(['Error: no', ...frames].join('\n'))).toEqual({ file, line });
  });

  it.each([
    ['Firefox', ['relu@http://localhost/engine.js:1:200', 'model</<@/model.ts:7:30', '@/model.ts:3:16']],
    ['Safari', ['relu@https://a.b/engine.js:1:200', '@/model.ts:7:30', 'module code@/model.ts:3:16']],
  ])('is found in the traces of %s, which have no first line of their own', (_, frames) => {
    expect(siteIn(frames.join('\n'))).toEqual({ file: '/model.ts', line: 7 });
    expect(siteIn(frames.slice(1).join('\n'))).toEqual({ file: '/model.ts', line: 7 });
  });

  it.each([
    [
      'the compiler alone',
      ['    at model (http://localhost/engine.js:1:2)', '    at data:text/javascript,1:1:1'],
    ],
    ['Node and packages alone', ['    at node:internal/x:1:2', '    at /a/node_modules/b/c.js:1:2']],
    ['no file', ['    at <anonymous>', '    at native', '    at eval (eval at f (x), <anonymous>:1:1)']],
    ['a message that looks like a place', []],
  ])('is not found in a trace of %s', (_, frames) => {
    expect(siteIn(['Error: at /home/me/model.ts', ...frames].join('\n'))).toBeUndefined();
  });
});
