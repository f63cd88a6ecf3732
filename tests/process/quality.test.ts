/** docs/quality.md says what the reports beside it say. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptReports, repository } from '../../bench/quality/main.ts';
import { pageOf } from '../../bench/quality/render.ts';

const page = readFileSync(join(repository, 'docs', 'quality.md'), 'utf8');

it('the page is the one that npm run quality makes of the reports', () => {
  expect(page).toBe(pageOf(keptReports()));
});

it('no run that the page shows has a failure in it', () => {
  const { ci, soak } = keptReports();
  const outcomes = [...Object.values(ci.tests), ...Object.values(ci.checks)];
  expect(outcomes.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
  expect(soak?.failed).toBe(0);
  expect(soak?.seconds).toBeGreaterThanOrEqual(3_500);
});
