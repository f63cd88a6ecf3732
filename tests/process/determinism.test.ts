/** One seed, one file of weights, in 20 surroundings; one model, one text, in 100 compilations. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import {
  adam,
  dense,
  dropout,
  gradientDescent,
  model,
  relu,
  softmax,
  softmaxCrossEntropy,
} from '../../src/index.ts';
import { publishCounts } from '../counts.ts';
import { type Built, build } from './built.ts';
import { node, type Surroundings, sha256, temporaryFolder } from './children.ts';

/** Compiles a model that draws at random in every way there is, trains it for 20 steps, and prints both hashes. */
const program = (built: Built): string => `
import { createHash } from 'node:crypto';
import { adam, batchNorm, compile, dense, dropout, gelu, model, softmaxCrossEntropy, tanh } from ${built.url('src/index.ts')};
import { instantiate } from ${built.url('src/instantiate.ts')};
import { createTrainer } from ${built.url('src/runtime/index.ts')};
const declared = model('determined', (m) => {
  const x = m.input('x', ['batch', 6]);
  const hidden = dropout(gelu(batchNorm(dense(x, 8, { bias: false }))), { keep: 0.7 });
  return { loss: softmaxCrossEntropy(dense(tanh(dense(hidden, 5)), 3), m.label('y', { classes: 3 })) };
}, { batch: 8, optimizer: adam({ learningRate: 0.05 }) });
const { code } = await compile(declared);
const trainer = createTrainer(await instantiate(code), { seed: Number(process.argv[2] ?? 1) });
const x = Array.from({ length: 6 * 30 }, (_, i) => ((i * 7919) % 101) / 50 - 1);
const y = Array.from({ length: 30 }, (_, i) => (i * i) % 3);
for await (const _ of trainer.fit({ x, y }, { steps: 20, batch: 8 }));
const hash = (content) => createHash('sha256').update(content).digest('hex');
console.log(hash(code), hash(trainer.save()));
`;

const language = (name: string) => ({ LANG: name, LC_ALL: name });

/** Where the numbers must not come from: the clock, the language, the folder, the heap, and the compilers of V8. */
const surroundings: readonly (readonly [string, Surroundings])[] = [
  ['nothing in particular', {}],
  ['TZ=UTC', { env: { TZ: 'UTC' } }],
  ['TZ=Pacific/Kiritimati', { env: { TZ: 'Pacific/Kiritimati' } }],
  ['TZ=America/St_Johns', { env: { TZ: 'America/St_Johns' } }],
  ['LANG=C', { env: language('C') }],
  ['LANG=tr_TR.UTF-8', { env: language('tr_TR.UTF-8') }],
  ['LANG=ar_EG.UTF-8', { env: language('ar_EG.UTF-8') }],
  ['NODE_ENV=production', { env: { NODE_ENV: 'production' } }],
  ['--max-old-space-size=120', { flags: ['--max-old-space-size=120'] }],
  ['--max-old-space-size=4000', { flags: ['--max-old-space-size=4000'] }],
  ['--max-semi-space-size=1', { flags: ['--max-semi-space-size=1'] }],
  ['--no-opt', { flags: ['--no-opt'] }],
  ['--always-sparkplug', { flags: ['--always-sparkplug'] }],
  ['--no-sparkplug, no inline caches', { flags: ['--no-sparkplug', '--no-use-ic'] }],
  ['--jitless', { flags: ['--jitless', '--no-expose-wasm'] }],
  ['--gc-interval=20000', { flags: ['--gc-interval=20000'] }],
  ['--stress-compaction', { flags: ['--stress-compaction', '--max-semi-space-size=64'] }],
  ['--random-seed and --hash-seed', { flags: ['--random-seed=7', '--hash-seed=12', '--rehash-snapshot'] }],
  ['--single-threaded', { flags: ['--single-threaded'] }],
];

let built: Built;
let main: string;
beforeAll(() => {
  built = build();
  main = built.program('main.js', program(built));
}, 60_000);
afterAll(() => built.remove());

it('20 trainings with one seed leave one file, whatever surrounds the process', async () => {
  const folder = temporaryFolder();
  const waiting: (readonly [string, Surroundings])[] = [...surroundings, ['another folder', { cwd: folder }]];
  const hashes = new Map<string, string>();
  // Two at a time.
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      hashes.set(next[0], await node([main], next[1]));
  };
  await Promise.all([worker(), worker()]);
  publishCounts('determinism', { 'trainings with one seed': hashes.size });
  expect(hashes.size).toBe(20);
  const plain = hashes.get('nothing in particular') ?? '';
  expect(plain).toMatch(/^[0-9a-f]{64} [0-9a-f]{64}\n$/);
  expect(Object.fromEntries(hashes)).toEqual(
    Object.fromEntries([...hashes.keys()].map((name) => [name, plain])),
  );
}, 300_000);

it('another seed leaves the code as it is, and another file', async () => {
  const [code = '', weights = ''] = (await node([main, '1'])).split(' ');
  const [sameCode, otherWeights] = (await node([main, '2'])).split(' ');
  expect(sameCode).toBe(code);
  expect(otherWeights).not.toBe(weights);
});

const classifier = (units: number) =>
  model(
    'classifier',
    (m) => {
      const hidden = dropout(relu(dense(m.input('x', ['batch', 4]), units)), { keep: 0.5 });
      const logits = dense(hidden, 3);
      return {
        loss: softmaxCrossEntropy(logits, m.label('y', { classes: 3 })),
        outputs: { p: softmax(logits) },
      };
    },
    { batch: 4, optimizer: adam({ learningRate: 0.1 }) },
  );

it('100 compilations give one text, whatever else is compiled between them', async () => {
  const declared = classifier(5);
  const texts = new Set<string>();
  for (let i = 0; i < 100; i++) {
    texts.add(sha256((await compile(declared)).code));
    if (i % 10 === 0) await compile(classifier(i + 6), { dtype: i % 20 === 0 ? 'f32' : 'f64', verify: true });
    if (i % 25 === 0)
      await expect(
        compile(
          model('broken', (m) => ({ loss: m.constant(i) }), {
            batch: 1,
            optimizer: gradientDescent({ learningRate: 1 }),
          }),
        ),
      ).rejects.toThrow('no parameter');
  }
  publishCounts('determinism', { compilations: 100 });
  expect(texts.size).toBe(1);
});
