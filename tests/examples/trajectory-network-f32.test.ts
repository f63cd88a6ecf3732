/** The full-batch network takes the very steps of the seed's reference run; minutes long, so each precision has a file of its own. */

import { it } from 'vitest';
import network from '../../examples/03-neural-network/model.ts';
import { expectTrajectory, hasMnist, mnistFolder, whyLeftOut } from './support.ts';

const minutes = 60_000;

it.skipIf(!hasMnist)(
  `in f32 the neural network follows the reference for 60 steps${whyLeftOut(hasMnist)}`,
  { timeout: 15 * minutes },
  async () => {
    await expectTrajectory({
      name: 'nn',
      model: network,
      data: `mnist:${mnistFolder}`,
      batch: 60_000,
      init: 'init-784-32-10',
      dtype: 'f32',
    });
  },
);
