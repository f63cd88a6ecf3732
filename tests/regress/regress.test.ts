/** What once failed: every file of this folder is a program that the compiler got wrong, and must get right. */

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRegress, regressFiles, regressFolder } from '../graphs/regress.ts';
import { checkSample } from '../graphs/sample.ts';

test('the folder of failing cases is there', () => {
  expect(existsSync(regressFolder)).toBe(true);
});

for (const file of regressFiles()) {
  test(`${file} is compiled right`, async () => {
    expect(await checkSample(readRegress(file))).toBeUndefined();
  });
}
