/** Trains the model three times, in TypeScript, in WebAssembly and in a worker, and shows that all give the same bits. */

import { createTrainer } from 'chainrule/runtime';
import { connect } from 'chainrule/worker';
import { moons } from './data.ts';
import * as plain from './model.ts?trainer';
import * as compact from './model.ts?trainer&target=wasm';
import startWorker from './model.ts?trainer-worker&target=wasm';

const fit = { epochs: 20, batch: 32 };
const data = moons(1);

/** The first digits of a SHA-256. */
async function hashOf(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Row {
  readonly accuracy: number;
  readonly hash: string;
}

async function inPage(module: typeof plain): Promise<Row> {
  const trainer = createTrainer(module, { seed: 1 });
  for await (const { loss, step } of trainer.fit(data, fit))
    if (step % 25 === 0) say(`loss ${loss.toFixed(4)}`);
  const { accuracy } = trainer.evaluate(data);
  return { accuracy, hash: await hashOf(trainer.save()) };
}

async function inWorker(): Promise<Row> {
  const trainer = await connect<typeof plain>(startWorker(), { seed: 1 });
  for await (const { loss } of trainer.fit(data, fit)) say(`loss ${loss.toFixed(4)}`);
  const { accuracy } = await trainer.evaluate(data);
  const row = { accuracy, hash: await hashOf(await trainer.save()) };
  await trainer.close();
  return row;
}

const status = document.querySelector('#status');
function say(text: string): void {
  if (status) status.textContent = text;
}

function show(name: string, { accuracy, hash }: Row): void {
  const row = document.querySelector<HTMLTableElement>('#results')?.insertRow();
  for (const text of [name, `${(100 * accuracy).toFixed(1)} %`, hash]) {
    const cell = row?.insertCell();
    if (cell) cell.textContent = text;
  }
}

show('TypeScript', await inPage(plain));
show('WebAssembly', await inPage(compact));
show('WebAssembly in a worker', await inWorker());
say('done');
