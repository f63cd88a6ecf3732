/** Emitted code and the command line where strings cannot become code and nothing has `__proto__`. */

import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transpile } from '../../codegen/ts/transpile.ts';
import { environment, finished } from '../cli/run.ts';
import { publishCounts } from '../counts.ts';
import { node } from '../process/children.ts';
import { compiled, type Names, namesFrom, namesPerModel, numbersOf, stateNames } from './named.ts';
import { groupsOf, hostileNames, unsafeIn } from './names.ts';
import { type Project, project } from './project.ts';

const flags = ['--disallow-code-generation-from-strings', '--disable-proto=throw'];
const names = hostileNames();
let made: Project;
const counted = new Map<string, number>();

beforeAll(() => {
  made = project(names.filter((name) => name.length < 300 && !/[\0/]/.test(name)).slice(60));
}, 60_000);
afterAll(() => {
  made.remove();
  publishCounts('injection', Object.fromEntries(counted));
});

/** Trains each module as `numbersOf` does, and tells what all objects and the global scope have afterwards. */
const program = (modules: readonly { readonly file: string; readonly names: Names }[]): string => `
import { createTrainer, decodeSafetensors } from ${made.built.url('src/runtime/index.ts')};
const shared = [Object, Array, Function, String, Map, Promise, Float32Array].flatMap((it) => [it, it.prototype]);
const keys = () => [globalThis, ...shared].map((object) => Reflect.ownKeys(object).map(String).join());
const before = keys();
const refused = [() => new Function('return 1')(), () => (0, eval)('1 + 1'), () => ({}).__proto__].map((use) => {
  try { use(); return 'allowed'; } catch (error) { return error.name; }
});
const results = [];
for (const { file, names, states } of JSON.parse(${JSON.stringify(
  JSON.stringify(modules.map((each) => ({ ...each, states: stateNames(each.names) }))),
)})) {
  const trainer = createTrainer(await import(file), { seed: 3 });
  const columns = Object.fromEntries([...names.inputs, ...names.labels].map((name, i) => [name, [1, -2, 0.5, i]]));
  const own = (object, name) => Object.getOwnPropertyDescriptor(object, name).value;
  const steps = [trainer.step(columns), trainer.step(columns)];
  const { tensors } = decodeSafetensors(trainer.save());
  trainer.load(trainer.save());
  const evaluated = trainer.evaluate(columns);
  const predicted = trainer.predict(columns);
  results.push({
    losses: steps.map(({ loss }) => loss),
    metrics: names.metrics.map((name) => [...steps, evaluated].map((step) => own(step, name))),
    outputs: names.outputs.map((name) => [...own(predicted, name)]),
    saved: states.map((name) => [...tensors.get(name).data]),
    states: tensors.size,
  });
}
const after = keys();
console.log(JSON.stringify({ refused, results, changed: after.filter((each, i) => each !== before[i]) }));
`;

describe('an emitted trainer', () => {
  it.each(['ts', 'wasm'] as const)(
    'for %s gives the same numbers, and leaves nothing behind',
    async (target) => {
      const models = groupsOf(names, namesPerModel)
        .slice(0, 40)
        .map((group) => namesFrom(group, (kind, i) => `spare ${kind} ${i}`));
      const expected: unknown[] = [];
      const modules: { readonly file: string; readonly names: Names }[] = [];
      for (const [i, each] of models.entries()) {
        const { code } = await compiled(each, { target });
        expected.push(await numbersOf(code, each));
        const file = `./${target}-${i}.trainer.js`;
        writeFileSync(join(made.built.folder, file), transpile(code));
        modules.push({ file, names: each });
      }
      const main = made.built.program(`${target}.js`, program(modules));
      const { refused, results, changed } = JSON.parse(await node([main], { flags }));
      expect(refused).toEqual(['EvalError', 'EvalError', 'Error']);
      expect(changed).toEqual([]);
      expect(results).toEqual(expected);
      counted.set(`executed ${target}`, models.length);
    },
    120_000,
  );
});

describe('the command line', () => {
  /** What it prints on stdout; on stderr it may say what it likes, plainly. */
  async function run(...words: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [...flags, made.cli, ...words], {
      cwd: made.folder,
      env: environment,
    });
    const { code, stdout, stderr } = await finished(child);
    expect({ code, said: code === 0 ? '' : stderr }).toEqual({ code: 0, said: '' });
    expect(unsafeIn(stderr)).toBeUndefined();
    expect(stderr).not.toMatch('one thread:');
    return stdout;
  }
  const data = (): readonly string[] => ['--data', made.data];

  it('compiles, with a test and a worker, and prints nothing that steers a terminal', async () => {
    const out = join(made.folder, "out 'x' */", 'net.trainer.ts');
    const text = await run('compile', made.model, '-o', out, '--with-test', '--with-worker');
    expect(unsafeIn(text)).toBeUndefined();
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((line) => line.startsWith('wrote')),
    ).toHaveLength(3);
    for (const file of readdirSync(dirname(out)))
      expect(readFileSync(join(dirname(out), file), 'utf8')).toMatch(/^[\n\x20-\x7e]*$/);
    const printed = await run('compile', made.model, '-o', '-');
    expect(printed).toBe(readFileSync(out, 'utf8'));
  }, 60_000);

  it('shows listings and schedules in plain lines', async () => {
    for (const words of [
      ['--print-after', 'simplify'],
      ['--print-after', 'plan-memory'],
      ['--explain-schedule'],
    ])
      expect(unsafeIn(await run('compile', made.model, '--target', 'wasm', ...words))).toBeUndefined();
  }, 60_000);

  it.each(['ts', 'wasm'])(
    'trains for %s, writes a report, and predicts',
    async (target) => {
      const out = join(made.folder, `run ${target}`);
      const text = await run('train', made.model, ...data(), '--out', out, '--target', target);
      expect(unsafeIn(text)).toBeUndefined();
      const lines = await run('train', made.model, ...data(), '--json', '--target', target);
      expect(unsafeIn(lines)).toBeUndefined();
      const events = lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(events.at(-1)).toMatchObject({ event: 'done', steps: 8 });
      expect(Object.keys(events[0])).toContain('__proto__');
      const weights = ['--weights', join(out, 'weights.safetensors')];
      const classes = await run('predict', made.model, ...weights, ...data());
      expect(unsafeIn(classes)).toBeUndefined();
      expect(classes.trimEnd().split('\n')).toHaveLength(30);
      for (const words of [[], ['--json']])
        expect(unsafeIn(await run('eval', made.model, ...weights, ...data(), ...words))).toBeUndefined();
    },
    120_000,
  );

  it('starts threads, whose script is a constant', async () => {
    const words = ['train', made.model, ...data(), '--target', 'wasm', '--threads', '2', '--json'];
    const plain = await run('train', made.model, ...data(), '--target', 'wasm', '--json');
    const lines = (text: string): readonly string[] => text.trimEnd().split('\n').slice(0, -1);
    expect(lines(await run(...words))).toEqual(lines(plain));
  }, 60_000);

  it('checks gradients and sweeps learning rates', async () => {
    expect(unsafeIn(await run('gradcheck', made.model, ...data()))).toBeUndefined();
    const swept = await run('lr-range', made.model, ...data(), '--out', join(made.folder, 'a\nb.svg'));
    expect(unsafeIn(swept)).toBeUndefined();
    expect(swept.trimEnd().split('\n').at(-1)).toMatch(/^wrote .*a\\u000ab\.svg$/);
  }, 60_000);
});
