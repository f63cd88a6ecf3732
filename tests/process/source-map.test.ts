/** From the emitted trainer back to the model: maps that debuggers follow, and what each line is about. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { describe, expect, it } from 'vitest';
import { chainrule, repository, temporaryFolder } from '../cli/run.ts';
import { compileExample } from '../golden/modules.ts';
import { node } from './children.ts';

const model = 'examples/03-neural-network/model.ts';
const modelLines = readFileSync(join(repository, model), 'utf8').split('\n');

/** Stops the main thread at lines of the trainer, through the protocol that every debugger speaks, and notes where it stopped. */
const debuggerWorker = `
import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
// A session alone does not keep a thread alive.
parentPort.on('message', () => {});
const session = new Session();
session.connectToMainThread();
const post = (method, params) => new Promise((resolve, reject) =>
  session.post(method, params, (error, result) => (error ? reject(error) : resolve(result))));
const scripts = new Map();
session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params));
session.on('Debugger.paused', ({ params }) => {
  const { location, functionName } = params.callFrames[0];
  const { url, sourceMapURL } = scripts.get(location.scriptId);
  parentPort.postMessage({ url, sourceMapURL, line: location.lineNumber + 1, column: location.columnNumber, functionName });
  post('Debugger.resume');
});
await post('Debugger.enable');
for (const line of workerData.lines)
  await post('Debugger.setBreakpointByUrl', { lineNumber: line - 1, urlRegex: 'trainer\\\\.mjs$' });
parentPort.postMessage('ready');
`;

const main = `
import { Worker } from 'node:worker_threads';
const lines = JSON.parse(process.argv[2]);
const worker = new Worker(new URL('./debugger.mjs', import.meta.url), { workerData: { lines } });
const stops = [];
const { create, layout } = await import('./trainer.mjs');
await new Promise((resolve) => worker.on('message', (stop) => (stop === 'ready' ? resolve() : stops.push(stop))));
const program = create();
const batch = { x: new Float32Array(4 * 784).fill(0.1), y: new Int32Array(4) };
program.step(batch, 4, 0, 0);
setTimeout(async () => { await worker.terminate(); console.log(JSON.stringify(stops)); }, 300);
`;

describe('a source map', () => {
  it('leads a breakpoint in the emitted code to the line of the model', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'trainer.mjs');
    const { code, stdout, stderr } = await chainrule('compile', model, '--source-map', '-o', out);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('trainer.mjs.map');
    writeFileSync(join(folder, 'debugger.mjs'), debuggerWorker);
    writeFileSync(join(folder, 'main.mjs'), main);
    const emitted = readFileSync(out, 'utf8').split('\n');
    const lineOf = (start: string): number => emitted.findIndex((line) => line.trim().startsWith(start)) + 1;
    // Lines that run once: each stop is one message.
    const wanted = new Map([
      [lineOf('dB2.fill('), 'const z2 = a1.matmul(w2).add(b2);'],
      [lineOf('dB1.fill('), 'const z1 = x.matmul(w1).add(b1);'],
      [lineOf('loss[0] ='), 'const loss = y.oneHot(10).mul(a2.log()).sum(1).mean().neg();'],
    ]);
    expect([...wanted.keys()]).not.toContain(0);
    const stops: readonly { line: number; column: number; sourceMapURL: string }[] = JSON.parse(
      await node([join(folder, 'main.mjs'), JSON.stringify([...wanted.keys()])]),
    );
    expect(new Set(stops.map(({ line }) => line))).toEqual(new Set(wanted.keys()));
    for (const { line, column, sourceMapURL } of stops) {
      expect(sourceMapURL).toBe('trainer.mjs.map');
      const map = new TraceMap(readFileSync(join(folder, sourceMapURL), 'utf8'));
      const original = originalPositionFor(map, { line, column });
      expect(modelLines[(original.line ?? 0) - 1]?.trim()).toBe(wanted.get(line));
      expect(join(folder, decodeURIComponent(original.source ?? ''))).toBe(join(repository, model));
    }
  });

  it('is refused for WebAssembly, and written over its own file alone', async () => {
    const out = join(temporaryFolder(), 'a b.trainer.ts');
    for (let time = 0; time < 2; time++)
      expect(await chainrule('compile', model, '--source-map', '-o', out)).toMatchObject({ code: 0 });
    expect(readFileSync(out, 'utf8')).toMatch(/\n\/\/# sourceMappingURL=a%20b\.trainer\.ts\.map\n$/);
    const { code, stderr } = await chainrule('compile', model, '--source-map', '--target', 'wasm', '-o', out);
    expect(code).toBe(2);
    expect(stderr).toContain('option --source-map is about TypeScript.');
  });
});

describe('the provenance of a line', () => {
  it('is the value that it stores, the rule, the forward line and the line of the model', async () => {
    const { code, provenance } = await compileExample('03-neural-network/model');
    const lines = code.split('\n');
    const found = provenance?.() ?? [];
    const about = (start: string) =>
      found.find(({ line, stores }) => stores && lines[line - 1]?.trim().startsWith(start));
    expect(about('for (let j = 0; j < n; j++) for (let i = 0; i < 10; i++) dB2')).toMatchObject({
      name: 'dB2',
      formula: 'sum[0](dZ2)',
      role: 'backward',
      rule: 'broadcast',
      of: 'z2 = a1 @ w2 + b2',
      site: { line: 17 },
    });
    expect(about('w1[i] =') ?? about('for (let i = 0; i < 25088; i++) w1[i] =')).toMatchObject({
      name: 'w1',
      role: 'update',
    });
    // A softmax is one paragraph of four values, each with lines of its own.
    expect(about('for (let j = 0; j < 10; j++) a2Exponential[')?.name).not.toBe('a2');
    expect(about('for (let j = 0; j < 10; j++) a2[')?.name).toBe('a2');
  });

  it('is known of every line of every function that computes', async () => {
    for (const example of [
      '03-neural-network/model',
      '09-optimization/adam',
      '10-normalization/batch-norm',
    ]) {
      const { code, provenance } = await compileExample(example);
      const known = new Set((provenance?.() ?? []).map(({ line }) => line));
      const lines = code.split('\n');
      let inside = false;
      for (const [index, line] of lines.entries()) {
        if (/^ {2}function (?!step|evaluate|predict)\w+\(.*\): void \{$/.test(line)) {
          inside = true;
          continue;
        }
        if (line === '  }') inside = false;
        if (inside) expect(known.has(index + 1), `${example}: ${line}`).toBe(true);
      }
      expect(known.size).toBeGreaterThan(40);
    }
  });
});
