/** Hostile surroundings: what others have put on every object, odd options of Node.js, other languages and clocks. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transpile } from '../../codegen/ts/transpile.ts';
import { compile } from '../../src/compile.ts';
import { dense, softmaxCrossEntropy } from '../../src/index.ts';
import { type Built, build } from '../process/built.ts';
import { node, type Surroundings } from '../process/children.ts';
import { small } from './support.ts';

/** Compiles a small model, trains it, and prints hashes of the code and of the saved file, and the names it met. */
const program = (built: Built): string => `
const { createHash } = await import('node:crypto');
const { adam, batchNorm, compile, dense, dropout, model, relu, softmaxCrossEntropy, softmax, accuracy } =
  await import(${built.url('src/index.ts')});
const { instantiate } = await import(${built.url('src/instantiate.ts')});
const { createTrainer } = await import(${built.url('src/runtime/index.ts')});
const declared = model('ISTANBUL istanbul \\u0130', (m) => {
  const x = m.input('I', ['batch', 3]);
  const y = m.label('i', { classes: 3 });
  const hidden = dropout(relu(batchNorm(dense(x, 5, { bias: false }))), { keep: 0.8 });
  const logits = dense(hidden, 3, { name: 'toLocaleString' });
  const metrics = { accuracy: accuracy(logits, y) };
  return { loss: softmaxCrossEntropy(logits, y), metrics, outputs: { p: softmax(logits) } };
}, { batch: 4, optimizer: adam({ learningRate: 0.1 }) });
const { code, layout } = await compile(declared);
const wasm = await compile(declared, { target: 'wasm', threads: 2 });
const trainer = createTrainer(await instantiate(code), { seed: 7 });
const inWasm = createTrainer(await instantiate((await compile(declared, { target: 'wasm' })).code), { seed: 7 });
const I = Array.from({ length: 30 }, (_, k) => Math.sin(k * k));
const i = Array.from({ length: 10 }, (_, k) => k % 3);
const names = new Set();
for (const each of [trainer, inWasm])
  for await (const progress of each.fit({ I, i }, { epochs: 7 })) for (const name of Object.keys(progress)) names.add(name);
const refused = (() => { try { trainer.step({ I }); return ''; } catch (error) { return error.code; } })();
const hash = (content) => createHash('sha256').update(content).digest('hex');
console.log(JSON.stringify({
  code: hash(code), wasm: hash(wasm.code), text: hash(wasm.wat()),
  weights: hash(trainer.save()), weightsOfWasm: hash(inWasm.save()), names: [...names], refused,
  states: Object.keys(trainer.state), outputs: Object.keys(trainer.predict({ I })), layout: layout.state.length,
}));
`;

/** Own keys only: what every object has besides is neither a name, nor an option, nor data. */
const pollution = `
for (const [name, value] of [
  ['polluted', 'polluted'], ['i', [0]], ['extra', { shape: [1], data: [1] }], ['toJSON', undefined], ['0', 7],
]) Object.defineProperty(Object.prototype, name, { value, writable: true, configurable: true });
Object.prototype.helper = function helper() { return 'helper'; };
Array.prototype.last = function last() { return this[this.length - 1]; };
`;

/** As careless programs do it: every loop over the keys of an object meets these. */
const enumerable = `
Object.prototype.polluted = 'polluted';
Object.prototype.i = [0];
Object.prototype.extra = { shape: [1], data: [1] };
Array.prototype.last = 'last';
`;

const surroundings: readonly (readonly [string, string, Surroundings])[] = [
  ['Object.prototype polluted before the compiler is loaded', pollution, {}],
  ['no __proto__', '', { env: { NODE_OPTIONS: '--disable-proto=throw' } }],
  [
    'odd options of Node.js',
    '',
    {
      env: {
        NODE_OPTIONS: '--stack-trace-limit=1 --no-warnings --throw-deprecation --unhandled-rejections=strict',
      },
    },
  ],
  ['source maps switched on', '', { env: { NODE_OPTIONS: '--enable-source-maps' } }],
  ['the language tr-TR', '', { env: { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr' } }],
  ['the time zone Pacific/Kiritimati', '', { env: { TZ: 'Pacific/Kiritimati' } }],
  ['a time zone that does not exist', '', { env: { TZ: 'Nowhere/Land', LANG: 'xx_YY' } }],
];

describe('the same bytes and the same weights', () => {
  let built: Built;
  let main: string;
  let plain: string;

  beforeAll(async () => {
    built = build();
    main = built.program('main.js', program(built));
    plain = await node([main]);
  }, 60_000);
  afterAll(() => built.remove());

  it('case 50: in plain surroundings the program names what the model names, and nothing else', () => {
    expect(JSON.parse(plain)).toEqual({
      code: expect.stringMatching(/^[0-9a-f]{64}$/),
      wasm: expect.stringMatching(/^[0-9a-f]{64}$/),
      text: expect.stringMatching(/^[0-9a-f]{64}$/),
      weights: JSON.parse(plain).weightsOfWasm,
      weightsOfWasm: expect.stringMatching(/^[0-9a-f]{64}$/),
      names: expect.arrayContaining(['loss', 'learningRate', 'momentum', 'accuracy', 'step', 'skipped']),
      refused: 'data/missing-column',
      states: expect.arrayContaining([
        'w1',
        'g1',
        'b1',
        'mean1',
        'variance1',
        'toLocaleString.w',
        'toLocaleString.w.m',
      ]),
      outputs: ['p'],
      layout: 17,
    });
  });

  it.each(surroundings)('case 50: with %s', async (_, preload, around) => {
    // Loaded before everything else.
    const flags = ['--import', built.program('preload.js', preload)];
    expect(await node([main], { ...around, flags })).toBe(plain);
  });

  it.each(['ts', 'wasm'] as const)(
    'case 50: a trainer in %s and the runtime meet nothing of what is enumerable on every object',
    async (target) => {
      const { code } = await compile(
        small((m) => {
          const logits = dense(m.input('x', ['batch', 3]), 3);
          return { loss: softmaxCrossEntropy(logits, m.label('i', { classes: 3 })), outputs: { logits } };
        }),
        { target },
      );
      built.program(`trainer-${target}.js`, transpile(code));
      const training = built.program(
        `train-${target}.js`,
        `import { createTrainer } from ${built.url('src/runtime/index.ts')};
      import * as module from './trainer-${target}.js';
      const trainer = createTrainer(module, { seed: 3, init: { b1: [1, 2, 3] } });
      const x = Array.from({ length: 30 }, (_, k) => Math.sin(k * k));
      const i = Array.from({ length: 10 }, (_, k) => k % 3);
      let text = '';
      for await (const progress of trainer.fit({ x, i }, { epochs: 3 })) text += JSON.stringify(progress);
      const again = createTrainer(module);
      again.load(trainer.save());
      try { again.step({ x }); } catch (error) { text += error.code; }
      console.log(text, Buffer.from(again.save()).toString('base64'), Object.keys(again.predict({ x })).join());`,
      );
      const flags = ['--import', built.program('enumerable.js', enumerable)];
      const clean = await node([training]);
      expect(clean).toMatch(/"loss":.*data\/missing-column .* logits$/m);
      expect(await node([training], { flags })).toBe(clean);
    },
  );
});
