/**
 * Trains emitted modules in whatever runs this, and prints one line of JSON: `HOST train.mjs DIST FOLDER`. DIST is the built package, FOLDER
 * has `ts.mjs` and `wasm.mjs`, trainers of one model, and `worker.mjs`, which serves the second.
 */

const [dist, folder] = process.argv.slice(2);
const urlOf = (path) => new URL(`file://${path}`).href;
const { createTrainer, decodeSafetensors } = await import(urlOf(`${dist}/src/runtime/index.js`));
const { connect } = await import(urlOf(`${dist}/src/runtime/worker/index.js`));

/** Points in and around a circle, from a generator that all hosts have: multiplication modulo 2^31 - 1. */
function circle(count) {
  const [x, y] = [new Float32Array(2 * count), new Int32Array(count)];
  let state = 1;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  for (let i = 0; i < count; i++) {
    const [a, b] = [2 * next() - 1, 2 * next() - 1];
    x.set([a, b], 2 * i);
    y[i] = a * a + b * b < 0.5 ? 1 : 0;
  }
  return { x, y };
}

const data = circle(512);
const options = { epochs: 10, batch: 32 };

async function hashOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function here(name) {
  const trainer = createTrainer(await import(urlOf(`${folder}/${name}.mjs`)), { seed: 3 });
  for await (const _ of trainer.fit(data, options));
  const weights = trainer.save();
  const again = createTrainer(await import(urlOf(`${folder}/${name}.mjs`)));
  again.load(weights);
  const same =
    `${again.predict({ x: data.x }).probabilities}` === `${trainer.predict({ x: data.x }).probabilities}`;
  const { accuracy } = trainer.evaluate(data);
  return { hash: await hashOf(weights), accuracy, tensors: decodeSafetensors(weights).tensors.size, same };
}

/** Node has its own kind of workers; the others have those of pages. */
async function startWorker() {
  const url = new URL(urlOf(`${folder}/worker.mjs`));
  if (typeof Worker !== 'undefined') return new Worker(url, { type: 'module' });
  const { Worker: NodeWorker } = await import('node:worker_threads');
  return new NodeWorker(url);
}

async function inWorker() {
  const worker = await startWorker();
  const trainer = await connect(worker, { seed: 3 });
  for await (const _ of trainer.fit(data, options));
  const weights = await trainer.save();
  const { accuracy } = await trainer.evaluate(data);
  await trainer.close();
  worker.terminate();
  return { hash: await hashOf(weights), accuracy };
}

console.log(JSON.stringify({ ts: await here('ts'), wasm: await here('wasm'), worker: await inWorker() }));
process.exit(0);
