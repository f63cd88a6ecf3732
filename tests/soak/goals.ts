/** The figures that a soak has to reach once, and CI not in every run: each is the tests of a folder with more trials. */

import type { Extent } from './round.ts';

export const goals: Readonly<Record<string, Extent>> = {
  sequences: { folders: ['tests/checkpoint/stateful'], env: { CHAINRULE_SEQUENCES: '20000' } },
  signals: { folders: ['tests/checkpoint/signals'], env: { CHAINRULE_SIGNALS: '1000' } },
  names: { folders: ['tests/injection'], env: { CHAINRULE_NAMES: '50000' } },
  kills: { folders: ['tests/checkpoint/kills'], env: { CHAINRULE_KILLS: '5000' } },
  inputs: { folders: ['tests/fuzz/fuzz'], env: { CHAINRULE_INPUTS: '10000000' } },
};
