/** In f64, the full-batch network takes the very steps of the seed's reference run. */

import { it } from 'vitest';
import network from '../../examples/03-neural-network/model.ts';
import { followNetwork, hasMnist, whyLeftOut } from './support.ts';

it.skipIf(!hasMnist)(
  `the neural network follows the reference for 60 steps${whyLeftOut(hasMnist)}`,
  { timeout: 900_000 },
  () => followNetwork(network, 'f64'),
);
