/** The declarations that the plugin for Vite keeps, as TypeScript reads them. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Project } from 'ts-morph';
import { expect, it, onTestFinished } from 'vitest';
import { compile } from '../../src/compile.ts';
import { loadModel } from '../../src/load-model.ts';
import { createDeclarations } from '../../src/vite/declarations.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const runtime = fileURLToPath(new URL('../../src/runtime', import.meta.url));
const graphOf = async (path: string) => (await compile(await loadModel(join(examples, path)))).graph;

function project() {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-declarations-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const types = join(folder, 'trainers.d.ts');
  const add = (path: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    return file;
  };
  /** What TypeScript says of a file beside the models. */
  const check = (text: string): readonly string[] => {
    const checked = new Project({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 9,
        module: 99,
        moduleResolution: 100,
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
        types: [],
        allowImportingTsExtensions: true,
        paths: {
          'chainrule/runtime': [join(runtime, 'index.ts')],
          'chainrule/worker': [join(runtime, 'worker', 'index.ts')],
        },
      },
    });
    checked.addSourceFileAtPath(types);
    const page = checked.createSourceFile(join(folder, 'page.ts'), text);
    return page.getPreEmitDiagnostics().map((one) => {
      const message = one.getMessageText();
      return typeof message === 'string' ? message : message.getMessageText();
    });
  };
  return { folder, types, add, check };
}

const page = (body: string): string => `
import { createTrainer } from 'chainrule/runtime';
import * as digits from './digits.model.ts?trainer';
const trainer = createTrainer(digits);
${body}`;

it('tell the editor which columns, metrics and outputs a trainer has', async () => {
  const { types, add, check } = project();
  createDeclarations(types).declare(add('digits.model.ts'), await graphOf('03-neural-network/model.ts'));
  const batch = '{ x: new Float32Array(784), y: new Int32Array(1) }';
  expect(check(page(`const n: number = trainer.evaluate(${batch}).accuracy; export { n };`))).toEqual([]);
  expect(check(page(`export const n = trainer.evaluate(${batch}).acuracy;`))).toEqual([
    expect.stringContaining("'acuracy' does not exist"),
  ]);
  expect(check(page('trainer.step({ x: new Float32Array(784) });'))).toEqual([
    expect.stringContaining("is not assignable to parameter of type 'Data<Batch>'"),
  ]);
}, 60_000);

it('keep what is said of other models, until those are gone', async () => {
  const { types, add, check } = project();
  const graph = await graphOf('01-logistic-regression/model.ts');
  const [first, second] = [add('first.model.ts'), add('deeper/second.model.ts')];
  createDeclarations(types).declare(first, graph);
  createDeclarations(types).declare(second, graph);
  const both = readFileSync(types, 'utf8');
  expect(both.match(/^\/\/ trainer of .*$/gm)).toEqual([
    '// trainer of deeper/second.model.ts',
    '// trainer of first.model.ts',
  ]);
  createDeclarations(types).declare(first, graph);
  expect(readFileSync(types, 'utf8')).toBe(both);
  expect(check("import * as one from './deeper/second.model.ts?trainer'; export { one };")).toEqual([]);
  rmSync(second);
  createDeclarations(types).declare(first, graph);
  expect(readFileSync(types, 'utf8')).not.toContain('second');
}, 60_000);

it('say of two models that are called the same what all trainers share', async () => {
  const { types, add, check } = project();
  const declarations = createDeclarations(types);
  declarations.declare(add('a/digits.model.ts'), await graphOf('01-logistic-regression/model.ts'));
  declarations.declare(add('digits.model.ts'), await graphOf('03-neural-network/model.ts'));
  expect(readFileSync(types, 'utf8').match(/declare module '\*\/digits.model.ts\?trainer' /g)).toHaveLength(
    1,
  );
  expect(check(page('const n: number | undefined = trainer.evaluate({}).accuracy; export { n };'))).toEqual(
    [],
  );
}, 60_000);

it('are never written over a file that is not theirs', async () => {
  const { types, add } = project();
  writeFileSync(types, 'export type Mine = 1;\n');
  const graph = await graphOf('01-logistic-regression/model.ts');
  expect(() => createDeclarations(types).declare(add('digits.model.ts'), graph)).toThrow(
    /exists and was not written by chainrule/,
  );
  expect(readFileSync(types, 'utf8')).toBe('export type Mine = 1;\n');
  expect(existsSync(types)).toBe(true);
});
