/** A curve of any number of points in bounded memory: buckets of equal width that keep their extremes. */

export type Point = readonly [x: number, y: number];

export interface Decimator {
  /** Adds the next point; `x` never decreases and `y` is finite. */
  add(x: number, y: number): void;
  /** At most `limit` points, in order. */
  points(): readonly Point[];
}

interface Bucket {
  readonly low: Point;
  readonly high: Point;
  /** Points that it stands for. */
  readonly count: number;
}

/**
 * Keeps all points up to `limit`; beyond, the lowest and the highest of each bucket. When there are too many buckets,
 * neighbours are joined, so that the number of points to come need not be known.
 */
export function createDecimator(limit: number): Decimator {
  let buckets: Bucket[] = [];
  let width = 1;
  const isFull = (): boolean => (buckets.at(-1)?.count ?? width) >= width;
  const hasRoom = (): boolean => (buckets.length + 1) * (width === 1 ? 1 : 2) <= limit;
  return {
    add(x, y) {
      const point: Point = [x, y];
      const added: Bucket = { low: point, high: point, count: 1 };
      while (isFull() && !hasRoom() && buckets.length > 1) {
        buckets = joinedPairs(buckets);
        width *= 2;
      }
      const last = buckets.at(-1);
      if (last === undefined || isFull()) buckets.push(added);
      else buckets[buckets.length - 1] = joined(last, added);
    },
    points: () => buckets.flatMap(pointsOf),
  };
}

const joinedPairs = (buckets: readonly Bucket[]): Bucket[] =>
  buckets.flatMap((bucket, i) => {
    const next = buckets[i + 1];
    if (i % 2 === 1) return [];
    return [next === undefined ? bucket : joined(bucket, next)];
  });

/** `a` is before `b`; of equal extremes the first one stays. */
const joined = (a: Bucket, b: Bucket): Bucket => ({
  low: b.low[1] < a.low[1] ? b.low : a.low,
  high: b.high[1] > a.high[1] ? b.high : a.high,
  count: a.count + b.count,
});

function pointsOf({ low, high }: Bucket): readonly Point[] {
  if (low === high) return [low];
  return low[0] <= high[0] ? [low, high] : [high, low];
}
