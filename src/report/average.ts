/** Exponentially weighted averages, corrected for their start at zero. */

/**
 * The average after each value: v = beta v + (1 - beta) x, divided by 1 - beta^t, the sum of the weights so far.
 * About the last 1 / (1 - beta) values count.
 */
export function createAverage(beta: number): (x: number) => number {
  let v = 0;
  let missing = 1;
  return (x) => {
    v = beta * v + (1 - beta) * x;
    missing *= beta;
    return v / (1 - missing);
  };
}

/** The beta with which about `count` values are averaged. */
export const betaOver = (count: number): number => 1 - 1 / Math.max(1, count);

/**
 * Each value averaged with its neighbours up to `reach` away, the nearer the heavier (a triangular window): it follows a
 * change neither late nor early, and what is farther away does not count at all.
 */
export function centredAverage(values: readonly number[], reach: number): readonly number[] {
  return values.map((_, at) => {
    let [sum, weights] = [0, 0];
    for (let i = Math.max(0, at - reach); i <= Math.min(values.length - 1, at + reach); i++) {
      const weight = reach + 1 - Math.abs(i - at);
      sum += weight * (values[i] ?? 0);
      weights += weight;
    }
    return sum / weights;
  });
}
