/** What a run of tests has counted: printed, and noted in a file where CI asks for it, to be held to its floors. */

import { appendFileSync, readFileSync } from 'node:fs';

/** Counts by area and by name. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Notes counts of an area. Several files may report the same: they are summed, or the largest is kept of a "worst". */
export function publishCounts(area: string, counts: Readonly<Record<string, number>>): void {
  const line = JSON.stringify({ area, counts });
  console.log(`counts ${line}`);
  const file = process.env.CHAINRULE_COUNTS;
  if (file) appendFileSync(file, `${line}\n`);
}

/** What all the tests of a run have noted in a file. */
export const readCounts = (file: string): Counts =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Counts => {
      const { area, counts }: { area: string; counts: Record<string, number> } = JSON.parse(line);
      return { [area]: counts };
    })
    .reduce(addCounts, {});

/** Both together: sums, but for the worst of something, of which the larger is kept. */
export function addCounts(a: Counts, b: Counts): Counts {
  const areas = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(
    areas.map((area) => {
      const names = [...new Set([...Object.keys(a[area] ?? {}), ...Object.keys(b[area] ?? {})])];
      const join = (name: string): number => {
        const [x, y] = [a[area]?.[name] ?? 0, b[area]?.[name] ?? 0];
        return name.startsWith('worst') ? Math.max(x, y) : x + y;
      };
      return [area, Object.fromEntries(names.map((name) => [name, join(name)]))] as const;
    }),
  );
}
