/**
 * Holds what the tests have counted to its floors: `node counts.mjs COUNTS FLOORS [CHECKS]`.
 *
 * COUNTS is a file of lines `{"area": ..., "counts": {...}}`, as `tests/counts.ts` writes them: sums, and the largest of
 * what is called "worst". FLOORS is a JSON file with a member "counts": by area and name (`*` for every name of the area)
 * the `least` and the `most` that there may be. A line for each floor goes to CHECKS, in the form of `count.mjs`.
 */

import { appendFileSync, readFileSync } from 'node:fs';

const [countsFile = '', floorsFile = '', checks] = process.argv.slice(2);
const counts = readCounts();
const floors = JSON.parse(readFileSync(floorsFile, 'utf8')).counts;
let failed = 0;

for (const [area, names] of Object.entries(floors)) {
  for (const [name, floor] of Object.entries(names)) hold(area, name, floor);
}
console.log(`${failed} counts beyond their limits`);
process.exitCode = failed === 0 ? 0 : 1;

function readCounts() {
  const areas = new Map();
  for (const line of readFileSync(countsFile, 'utf8').split('\n').filter(Boolean)) {
    const { area, counts: found } = JSON.parse(line);
    const sums = areas.get(area) ?? new Map();
    for (const [name, value] of Object.entries(found)) {
      const before = sums.get(name) ?? 0;
      sums.set(name, name.startsWith('worst') ? Math.max(before, value) : before + value);
    }
    areas.set(area, sums);
  }
  return areas;
}

/** An area that nothing was counted in misses every floor; a name that was not counted is 0. */
function hold(area, name, { least = 0, most = Number.POSITIVE_INFINITY }) {
  const sums = counts.get(area) ?? new Map();
  const found = name === '*' ? [...sums] : [[name, sums.get(name) ?? 0]];
  const beyond = found.filter(([, value]) => !(value >= least && value <= most));
  const passed = found.length > 0 && counts.has(area) && beyond.length === 0;
  const shown = name === '*' ? `the smallest of ${found.length} is ${smallest(found)}` : found[0][1];
  const limits = [
    least > 0 ? `at least ${least}` : '',
    most < Number.POSITIVE_INFINITY ? `at most ${most}` : '',
  ];
  console.log(`${passed ? ' ' : '!'} ${area}: ${name}: ${shown} (${limits.filter(Boolean).join(', ')})`);
  if (!passed) failed++;
  if (checks) appendFileSync(checks, `${passed ? 'passed' : 'failed'}\tcounts\t${area}: ${name}\n`);
}

function smallest(found) {
  return Math.min(...found.map(([, value]) => value));
}
