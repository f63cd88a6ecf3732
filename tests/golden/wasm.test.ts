/** What the compiler emits as WebAssembly, and around it, byte for byte as committed. */

import { it } from 'vitest';
import { compileExample, expectGolden } from './modules.ts';

const example = '02-softmax-regression/model';
const wasmFile = '02-wasm.wasm';

it('the trainer around WebAssembly in a file is as committed', async () => {
  const { code } = await compileExample(example, { target: 'wasm', wasmFile });
  expectGolden(code, 'tests/golden/02-wasm.txt');
});

it('the trainer for several threads is as committed', async () => {
  const { code } = await compileExample(example, { target: 'wasm', threads: 2, wasmFile });
  expectGolden(code, 'tests/golden/02-wasm-threads.txt');
});

it('the WebAssembly as text is as committed', async () => {
  const { wat } = await compileExample(example, { target: 'wasm' });
  expectGolden(wat?.() ?? '', 'tests/golden/02-wasm.wat');
});
