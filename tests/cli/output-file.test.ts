/** What a command may write over, without the command around it. */

import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkOutput, withMark, writeOutput } from '../../src/cli/output-file.ts';
import { compile } from '../../src/compile.ts';
import { loadModel } from '../../src/load-model.ts';
import { createTrainer } from '../../src/runtime/index.ts';
import { linear } from '../runtime/linear.ts';
import { model, repository, temporaryFolder } from './run.ts';

const refused = expect.objectContaining({ code: 'output/exists', exitCode: 1 });
const thrownBy = (run: () => void): unknown => {
  try {
    run();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

it("a file of the user's is refused before the work and at the end of it", () => {
  const path = join(temporaryFolder(), 'notes.txt');
  for (const text of [
    'mine',
    "import { model } from 'chainrule';\n",
    ' '.repeat(5000),
    'a chainrule of mine',
  ]) {
    writeFileSync(path, text);
    expect(thrownBy(() => checkOutput(path, false))).toEqual(refused);
    expect(thrownBy(() => writeOutput(path, 'new', false))).toEqual(refused);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
  writeOutput(path, 'new', true);
  expect(readFileSync(path, 'utf8')).toBe('new');
});

it('every kind of file that is written by us is known again', async () => {
  const folder = temporaryFolder();
  const declared = await loadModel(join(repository, model('tiny')));
  const { code, wasm } = await compile(declared, { target: 'wasm' });
  const contents = [code, withMark(wasm ?? new Uint8Array()), createTrainer(linear()).save(), ''];
  for (const [index, content] of contents.entries()) {
    const path = join(folder, String(index));
    writeOutput(path, content, false);
    writeOutput(path, content, false);
    expect(readFileSync(path)).toEqual(Buffer.from(content));
  }
});

it('a link is refused, and when it is forced, it is the link that is replaced', () => {
  const folder = temporaryFolder();
  const [ours, link] = [join(folder, 'ours.ts'), join(folder, 'link.ts')];
  const text = '/** compiled by chainrule. Change the model, not this file. */';
  writeFileSync(ours, text);
  symlinkSync(ours, link);
  expect(thrownBy(() => writeOutput(link, 'new', false))).toEqual(refused);
  writeOutput(link, 'new', true);
  expect(lstatSync(link).isFile()).toBe(true);
  expect(readFileSync(ours, 'utf8')).toBe(text);
});

it('a marked module of WebAssembly is one that every host takes', async () => {
  const { wasm } = await compile(await loadModel(join(repository, model('tiny'))), { target: 'wasm' });
  const host: { validate(bytes: Uint8Array): boolean } = Reflect.get(globalThis, 'WebAssembly');
  expect(wasm && host.validate(withMark(wasm))).toBe(true);
});
