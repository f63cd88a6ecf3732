/** docs/quality.md says what the reports beside it say. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keptReports, repository } from '../../bench/quality/main.ts';
import { pageOf } from '../../bench/quality/render.ts';
import { regressFiles } from '../graphs/regress.ts';

const page = readFileSync(join(repository, 'docs', 'quality.md'), 'utf8');

it('the page is the one that npm run quality makes of the reports', () => {
  expect(page).toBe(pageOf(keptReports()));
});

it('the run of CI that the page shows has no failure in it', () => {
  const { ci } = keptReports();
  const outcomes = [...Object.values(ci.tests), ...Object.values(ci.checks)];
  expect(outcomes.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
});

it('the soak that the page shows took an hour, and what it found is kept as cases that run first', () => {
  const { soak } = keptReports();
  expect(soak?.seconds).toBeGreaterThanOrEqual(3_600);
  const failures = (soak?.rounds ?? []).flatMap((round) => round.failures);
  expect(failures).toHaveLength(soak?.failed ?? -1);
  for (const failure of failures) {
    const [, digest = 'nothing'] =
      /Kept as tests\/regress\/[\w-]*-([0-9a-f]+)\.program\.txt/.exec(failure) ?? [];
    expect(regressFiles().some((file) => file.includes(digest))).toBe(true);
  }
});
