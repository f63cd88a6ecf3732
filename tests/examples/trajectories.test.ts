/** The examples take the very steps of the seed's reference runs: every loss, and the norms at the end. */

import { join } from 'node:path';
import { describe, it } from 'vitest';
import logistic from '../../examples/01-logistic-regression/model.ts';
import softmax from '../../examples/02-softmax-regression/model.ts';
import miniBatch from '../../examples/04-mini-batch/model.ts';
import { expectTrajectory, hasMnist, hasReference, mnistFolder, seedFolder, whyLeftOut } from './support.ts';

const minutes = 60_000;
const csv = (file: string, label: string): string => `csv:${join(seedFolder, file)}?label=${label}`;

describe.each(['f64', 'f32'] as const)('in %s', (dtype) => {
  it.skipIf(!hasReference)(
    `logistic regression follows the reference for 1,000 steps${whyLeftOut(hasReference)}`,
    async () => {
      const data = csv('logistic_regression_dataset.csv', 'y');
      await expectTrajectory({
        name: 'logistic',
        model: logistic,
        data,
        batch: 1000,
        init: 'init-logistic',
        dtype,
      });
    },
  );

  it.skipIf(!hasReference)(
    `softmax regression follows the reference for 1,000 steps${whyLeftOut(hasReference)}`,
    async () => {
      const data = csv('iris.csv', 'species');
      await expectTrajectory({
        name: 'softmax',
        model: softmax,
        data,
        batch: 150,
        init: 'init-softmax',
        dtype,
      });
    },
  );

  it.skipIf(!hasMnist)(
    `the mini-batch network follows the reference for 200 steps${whyLeftOut(hasMnist)}`,
    { timeout: 15 * minutes },
    async () => {
      await expectTrajectory({
        name: 'minibatch',
        model: miniBatch,
        data: `mnist:${mnistFolder}`,
        batch: 6000,
        init: 'init-784-32-10',
        dtype,
      });
    },
  );
});
