/** What the tests of the model language share: small models, and the diagnostics that wrong ones end in. */

import { readFileSync } from 'node:fs';
import { CompileError, type Diagnostic } from '../../ir/errors.ts';
import { type Compiled, type CompileOptions, compile } from '../../src/compile.ts';
import type { Dim, Shape } from '../../src/dsl/shapes.ts';
import type { Kind, Tensor } from '../../src/dsl/tensor.ts';
import {
  gradientDescent,
  type Initializer,
  type ModelContext,
  type ModelOptions,
  type ModelResult,
  model,
} from '../../src/index.ts';

export const options: ModelOptions = { batch: 4, optimizer: gradientDescent({ learningRate: 0.1 }) };

export const readSource = (file: string): string => readFileSync(file, 'utf8');

/** A tensor whose shape the type checker has forgotten, so that the compiler must find the mistake. */
export const unchecked = <K extends Kind>(x: Tensor<Shape, K>): Tensor<Shape, K> => x;

/** A context that takes names and shapes of any type, as a program in JavaScript would give them. */
interface Untyped {
  input(name: unknown, shape: readonly unknown[]): Tensor<readonly ['batch', ...Dim[]]>;
  label(name: unknown, what: unknown): Tensor<readonly ['batch', ...Dim[]]>;
  param(name: unknown, shape: readonly unknown[], init: unknown): Tensor<readonly number[]>;
}

/** The context without its types. */
export const untyped = (m: ModelContext): Untyped => {
  const anything: unknown = m;
  return anything as Untyped;
};

export type Build = (m: ModelContext) => ModelResult;

/** The loss of a model that is in order but for what a test adds: the mean of x w. */
export function plainLoss(m: ModelContext, init: Initializer = () => ({ kind: 'constant', value: 1 })) {
  return m
    .input('x', ['batch', 2])
    .matmul(m.param('w', [2, 1], init))
    .mean();
}

export const compiled = (build: Build, compileOptions: CompileOptions = {}): Promise<Compiled> =>
  compile(model('test', build, options), { readSource, ...compileOptions });

/** What `run` is refused with. */
export async function refusal(run: () => unknown): Promise<Diagnostic> {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof CompileError) return thrown.diagnostic;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
}

/** The diagnostic of a model that does not compile. */
export const diagnosticOf = (build: Build): Promise<Diagnostic> => refusal(() => compiled(build));

/** A finder of lines in a test file: the line that ends in `// <mark>`. */
export function linesOf(url: string): (mark: string) => { readonly file: string; readonly line: number } {
  const file = decodeURIComponent(new URL(url).pathname);
  const lines = readFileSync(file, 'utf8').split('\n');
  return (mark) => {
    const line = lines.findIndex((text) => text.endsWith(`// ${mark}`)) + 1;
    if (line === 0) throw new Error(`No line ends in // ${mark}.`);
    return { file, line };
  };
}
