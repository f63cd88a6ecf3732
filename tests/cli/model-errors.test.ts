/** Models that cannot be compiled: each is told with its file, its line and what is wrong. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chainrule, finished, model, start, temporaryFolder } from './run.ts';

describe('a model that cannot be compiled', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['is missing', 'nope', ['error[model/missing]: there is no model file tests/cli/models/nope.ts.']],
    ['throws', 'throws', [`${model('throws')}:4: error[model/threw]: `, 'RangeError: no settings here']],
    [
      'has a function that throws',
      'stumbles',
      [
        `${model('stumbles')}:11: error[model/threw]: the function of the model "stumbles" threw: TypeError: `,
      ],
    ],
    ['is none', 'nothing', ['error[model/export]: ', 'its default export is an object { layers }.']],
    [
      'has shapes that do not fit',
      'shapes',
      [`${model('shapes')}:11: error[shape/matmul]: `, 'x f32[batch, 2]', 'w f32[3, 4]', '2 and 3 differ'],
    ],
    [
      'uses a name twice',
      'duplicate',
      [`${model('duplicate')}:10: error[name/duplicate]: parameter "w"`, 'duplicate.ts:9'],
    ],
    ['has nothing to learn', 'untrained', [`${model('untrained')}:5: error[loss/no-parameter]: `]],
  ];

  it.concurrent.each(cases)('%s', async (_title, name, parts) => {
    const { code, stdout, stderr } = await chainrule('train', model(name));
    for (const part of parts) expect(stderr).toContain(part);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('is no TypeScript', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'broken.ts'), 'const a = 1;\nexport default {{ a };\n');
    const { code, stderr } = await finished(start(['compile', 'broken.ts'], folder));
    expect(stderr).toMatch(/^broken\.ts:2: error\[model\/syntax\]: /);
    expect(code).toBe(1);
  });

  it('is a folder', async () => {
    const { code, stderr } = await chainrule('compile', 'examples/digits');
    expect(stderr).toContain('examples/digits is a folder');
    expect(stderr).toContain('examples/digits/model.ts');
    expect(code).toBe(1);
  });
});

it('warns of a parameter without use, and compiles', async () => {
  const { code, stdout, stderr } = await chainrule('compile', model('unused'), '-o', '-');
  expect(stderr).toContain(`${model('unused')}:10: warning[param/unused]: parameter "spare"`);
  expect(code).toBe(0);
  expect(stdout).toContain('export const layout');
});
