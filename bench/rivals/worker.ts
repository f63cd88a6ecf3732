/** The side of the contender: sets one up in this process, proves what it computes, and steps when it is told to. */

import { createInterface } from 'node:readline';
import { readData } from './data.ts';
import { type Message, type Mode, mark, type Spec } from './protocol.ts';
import { type Contender, setups } from './setups.ts';

const tell = (message: Message): void => console.log(`${mark}${JSON.stringify(message)}`);

export async function work(spec: Spec): Promise<void> {
  try {
    const contender = await setUp(spec);
    for await (const line of createInterface({ input: process.stdin })) {
      const cpu = process.cpuUsage();
      const begin = performance.now();
      const { steps, seconds } = await timed(contender.value, spec, contender.mode, Number(line));
      const { user, system } = process.cpuUsage(cpu);
      const busy = (user + system) / 1000 / (performance.now() - begin);
      const { flops } = contender.value;
      tell({ kind: 'slice', steps, seconds, busy, ...(flops === undefined ? {} : { flops }) });
    }
    await contender.value.close?.();
  } catch (thrown) {
    tell({ kind: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) });
    process.exitCode = 1;
  }
  // Threads of a library may still be waiting.
  process.exit();
}

async function setUp(spec: Spec): Promise<{ readonly value: Contender; readonly mode: Mode }> {
  const setup = setups[spec.adapter];
  if (setup === undefined) throw new Error(`there is no adapter ${spec.adapter}`);
  const value = await setup(spec, () => readData(spec.folder, spec.case));
  const losses = value.flops === undefined ? await prove(value, spec.case.checkSteps) : [];
  const rates: Record<Mode, number> = { each: 0, end: 0 };
  for (const mode of ['each', 'end'] as const) {
    const { steps, seconds } = await timed(value, spec, mode, spec.warmUp);
    rates[mode] = steps / seconds;
  }
  const mode = rates.end > rates.each ? 'end' : 'each';
  tell({ kind: 'ready', losses, mode, version: value.version });
  return { value, mode };
}

/** The losses of the first step and of the last of `count`. */
async function prove({ reset, step, loss }: Contender, count: number): Promise<readonly number[]> {
  await reset();
  const losses: number[] = [];
  for (let i = 0; i < count; i++) {
    step();
    losses.push(await loss());
  }
  return [losses[0] ?? Number.NaN, losses.at(-1) ?? Number.NaN];
}

/** Steps for about `seconds`, at least once; starting again from the initial weights is not part of the time. */
async function timed(
  contender: Contender,
  { case: { restart } }: Spec,
  mode: Mode,
  seconds: number,
): Promise<{ readonly steps: number; readonly seconds: number }> {
  let [steps, spent, chunk] = [0, 0, 1];
  while (spent < seconds) {
    await contender.reset();
    const begin = performance.now();
    let [done, passed] = [0, 0];
    while (done < restart && spent + passed < seconds) {
      const count = Math.min(chunk, restart - done);
      await run(contender, mode, count);
      done += count;
      passed = (performance.now() - begin) / 1000;
      // The clock is read about a hundred times a second: reading it costs as much as a small step.
      chunk = Math.max(1, Math.round((0.01 * done) / passed));
    }
    steps += done;
    spent += passed;
  }
  return { steps, seconds: spent };
}

async function run({ step, loss }: Contender, mode: Mode, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    step();
    if (mode === 'end' && i < count - 1) continue;
    const value = loss();
    if (typeof value !== 'number') await value;
  }
}
