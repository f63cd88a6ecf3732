/** The full-batch network takes the very steps of the seed's reference run; minutes long, so in a file of its own. */

import { describe, it } from 'vitest';
import network from '../../examples/03-neural-network/model.ts';
import { expectTrajectory, hasMnist, mnistFolder, whyLeftOut } from './support.ts';

const minutes = 60_000;

describe.each(['f64', 'f32'] as const)('in %s', (dtype) => {
  it.skipIf(!hasMnist)(
    `the neural network follows the reference for 60 steps${whyLeftOut(hasMnist)}`,
    { timeout: 15 * minutes },
    async () => {
      await expectTrajectory({
        name: 'nn',
        model: network,
        data: `mnist:${mnistFolder}`,
        batch: 60_000,
        init: 'init-784-32-10',
        dtype,
      });
    },
  );
});
