/** The systems whose trajectories were computed independently: the mini-batch network with one thing changed. */

import { it } from 'vitest';
import l1 from '../../examples/07-regularization/l1.model.ts';
import l2 from '../../examples/07-regularization/l2.model.ts';
import cyclic from '../../examples/08-schedules/cyclic.model.ts';
import adam from '../../examples/09-optimization/adam.model.ts';
import momentum from '../../examples/09-optimization/momentum.model.ts';
import rmsprop from '../../examples/09-optimization/rmsprop.model.ts';
import { expectTrajectory, hasMnist, mnistFolder, type Precision, whyLeftOut } from './support.ts';

const systems = { l1, l2, cyclic, momentum, rmsprop, adam };

/** Each precision has a file, so that they run side by side. */
export function followSystems(dtype: Precision): void {
  it.skipIf(!hasMnist).each(Object.entries(systems))(
    `%s follows the reference for 200 steps${whyLeftOut(hasMnist)}`,
    { timeout: 900_000 },
    async (name, model) => {
      const data = `mnist:${mnistFolder}`;
      await expectTrajectory({ name, model, data, batch: 6000, init: 'init-784-32-10', dtype });
    },
  );
}
