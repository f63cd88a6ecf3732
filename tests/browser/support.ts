/** What the tests in the browser share: a model, its trainers for both targets, and what Node makes of it. */

import type { Page } from 'playwright-core';
import { compile } from '../../src/compile.ts';
import { instantiate } from '../../src/instantiate.ts';
import { hash128 } from '../../src/runtime/checkpoint/hash.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import restless from '../checkpoint/models/restless.ts';
import { data, fit, seed } from './pages/data.ts';
import type { Damage } from './pages/tampering.ts';
import type { Job, Outcome } from './pages/training.ts';

const codeFor = async (target: 'ts' | 'wasm'): Promise<string> => (await compile(restless, { target })).code;

/** The trainers, as files of a site. */
export const trainers = async (): Promise<Readonly<Record<string, string>>> => ({
  'ts.trainer': await codeFor('ts'),
  'wasm.trainer': await codeFor('wasm'),
});

/** The path of a program of the folder `pages`, as a text in code. */
export const pageFile = (name: string): string =>
  JSON.stringify(new URL(`./pages/${name}.ts`, import.meta.url).pathname);

/** A page for `run`. */
export const trainingPage = `
  import * as ts from './ts.trainer.ts';
  import * as wasm from './wasm.trainer.ts';
  import { trainingOf } from ${pageFile('training')};
  import { tampering } from ${pageFile('tampering')};
  Object.assign(globalThis, { training: trainingOf({ ts, wasm }), tampering });`;

/** The state after the training that nothing interrupted, in Node. */
export async function undisturbed(): Promise<string> {
  const trainer = createTrainer(await instantiate(await codeFor('ts')), { seed });
  for await (const _ of trainer.fit(data, fit));
  return hash128(trainer.save());
}

export const run = (page: Page, job: Job): Promise<Outcome> =>
  page.evaluate<Outcome>(`training.run(${JSON.stringify(job)})`);

/** Starts a job of which the test does not see the end, and waits for a step of it. */
export async function runUntil(page: Page, job: Job, step: number): Promise<void> {
  await page.evaluate(`void training.run(${JSON.stringify(job)})`);
  await page.waitForFunction(`training.step >= ${step}`, undefined, { polling: 5 });
}

/** Everything under the name of a place: steps or files, those that were set aside as damaged among them. */
export const contents = (page: Page, { place, name }: Job): Promise<readonly string[]> =>
  page.evaluate<readonly string[]>(`tampering.contents(${JSON.stringify(place)}, ${JSON.stringify(name)})`);

export const damage = (page: Page, { place, name }: Job, step: number, how: Damage): Promise<void> =>
  page.evaluate<void>(`tampering.damage(...${JSON.stringify([place, name, step, how])})`);
