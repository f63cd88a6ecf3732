/** Parsers in processes of their own, where their time and memory can be measured: the file is read there as well. */

import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const compilerOptions: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

export type Reader = 'safetensors' | 'idx' | 'csv';

/** Reads a small file first, so that only what the other one takes is measured. */
const program = `
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { loadCsv } from './src/data/csv.js';
import { readIdxFile } from './src/data/idx.js';
import { decodeSafetensors } from './src/runtime/safetensors.js';
const readers = {
  csv: (path) => [loadCsv(path).train].map(({ features, labels }) => features.byteLength + labels.byteLength)[0],
  idx: (path) => readIdxFile(path).data.byteLength,
  safetensors: (path) =>
    [...decodeSafetensors(readFileSync(path)).tensors.values()].reduce((sum, { data }) => sum + data.byteLength, 0),
};
const [, , reader, small, path] = process.argv;
readers[reader](small);
gc();
const peak = () => Number(/^VmHWM:\\s*(\\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
// Linux forgets the peak of the start when it is told to; where it cannot be told, that counts as well.
const canForget = existsSync('/proc/self/clear_refs');
if (canForget) writeFileSync('/proc/self/clear_refs', '5');
const before = process.memoryUsage().rss;
const begin = performance.now();
let told;
try {
  told = { result: readers[reader](path) };
} catch (error) {
  const { code, message, at, offset } = error;
  told = { code: code ?? String(error), message, at: at?.slice(path.length), offset };
}
const ms = performance.now() - begin;
const growth = (canForget ? peak() : process.resourceUsage().maxRSS * 1024) - before;
console.log(JSON.stringify({ ...told, ms, growth, size: statSync(path).size }));
`;

export interface Measured {
  /** Bytes of the arrays that were read, or the error. */
  readonly result?: number;
  readonly code?: string;
  readonly message?: string;
  readonly at?: string;
  readonly offset?: number;
  readonly ms: number;
  /** Bytes by which the process became larger while it read, at its largest. */
  readonly growth: number;
  readonly size: number;
}

export interface Children {
  readonly measure: (reader: Reader, small: Uint8Array, input: Uint8Array) => Measured;
  readonly remove: () => void;
}

/** The parsers as they are now, as JavaScript in a folder of its own, to be removed when the tests are done. */
export function openChildren(): Children {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-parsers-'));
  for (const file of ['src/data', 'src/runtime'].flatMap(filesOf)) {
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const source = readFileSync(join(repository, file), 'utf8');
    writeFileSync(target, ts.transpileModule(source, { compilerOptions }).outputText);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const [main, small, large] = [join(folder, 'main.js'), join(folder, 'small'), join(folder, 'large')];
  writeFileSync(main, program);
  return {
    measure(reader, warm, input) {
      writeFileSync(small, warm);
      writeFileSync(large, input);
      const words = ['--expose-gc', main, reader, small, large];
      const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      if (status !== 0) throw new Error(`the ${reader} reader ended with ${status}:\n${stderr}`);
      return JSON.parse(stdout);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(repository, folder), { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
