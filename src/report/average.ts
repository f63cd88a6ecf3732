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

/** The same average from both ends, halved: it follows a change neither late nor early. */
export function centredAverage(values: readonly number[], beta: number): readonly number[] {
  const forward = values.map(createAverage(beta));
  const backward = values.toReversed().map(createAverage(beta)).reverse();
  return forward.map((value, i) => (value + (backward[i] ?? value)) / 2);
}
