/** Whatever happens to a training and its folder, in any order: it goes on from its newest whole checkpoint, with the same bits. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { publishCounts } from '../counts.ts';
import '../properties/seed.ts';
import * as happens from './commands.ts';
import { started } from './session.ts';

/** CHAINRULE_SEQUENCES asks for more, as a soak does. */
const sequences = Number(process.env.CHAINRULE_SEQUENCES ?? 1000);
const longest = 30;

const commands = fc.commands(
  [
    fc.integer({ min: 1, max: 4 }).map(happens.resume),
    fc.integer({ min: 1, max: 4 }).map(happens.resume),
    fc.integer({ min: 1, max: 9 }).map(happens.train),
    fc.constant(null).map(happens.stop),
    fc.constant(null).map(happens.kill),
    fc.integer({ min: 0, max: 9 }).map(happens.killWithinSave),
    fc
      .tuple(fc.integer({ min: 0, max: 1023 }), fc.constantFrom(0, 0.5, 1))
      .map(([mask, part]) => happens.losePower(mask, part)),
    fc.double({ min: 0, max: 0.999, noNaN: true }).map(happens.corrupt),
    fc.constant(null).map(happens.removeNewest),
    fc.constant(null).map(happens.secondWriter),
    fc.constant(null).map(happens.otherModel),
    fc.boolean().map(happens.fill),
  ],
  { maxCommands: longest, size: 'max' },
);

it('holds for random sequences of what can happen', async () => {
  let [count, ran] = [0, 0];
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      await fc.asyncModelRun(started, sequence);
      count++;
      ran += [...sequence].length;
    }),
    { numRuns: sequences },
  );
  publishCounts('stateful sequences', { sequences: count, commands: ran });
  expect(ran).toBeGreaterThan(5 * sequences);
}, 3_600_000);
