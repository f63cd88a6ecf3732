/** The losses of a training of any length in bounded memory: neighbours become one bucket as they grow many. */

/** Some steps that follow each other. */
export interface Bucket {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export interface LossHistory {
  readonly buckets: readonly Bucket[];
  /** Steps that a full bucket has. */
  readonly width: number;
}

export const noLosses: LossHistory = { buckets: [], width: 1 };

/** More can hardly be told apart on a screen. */
const most = 300;

const single = (step: number, loss: number): Bucket => ({
  first: step,
  last: step,
  count: 1,
  sum: loss,
  min: loss,
  max: loss,
});

const joined = (a: Bucket, b: Bucket): Bucket => ({
  first: a.first,
  last: b.last,
  count: a.count + b.count,
  sum: a.sum + b.sum,
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
});

/** Losses that are no numbers are left out: the training has ended there, and says why. */
export function withLosses(
  history: LossHistory,
  losses: readonly { readonly step: number; readonly loss: number }[],
): LossHistory {
  let { width } = history;
  let buckets = [...history.buckets];
  for (const { step, loss } of losses) {
    if (!Number.isFinite(loss)) continue;
    const last = buckets.at(-1);
    if (last !== undefined && last.count < width)
      buckets[buckets.length - 1] = joined(last, single(step, loss));
    else buckets.push(single(step, loss));
    if (buckets.length <= most) continue;
    buckets = halved(buckets);
    width *= 2;
  }
  return { buckets, width };
}

function halved(buckets: readonly Bucket[]): Bucket[] {
  const result: Bucket[] = [];
  for (let i = 0; i < buckets.length; i += 2) {
    const [a, b] = [buckets[i], buckets[i + 1]];
    if (a !== undefined) result.push(b === undefined ? a : joined(a, b));
  }
  return result;
}

export const meanOf = ({ sum, count }: Bucket): number => sum / count;
