/** What the nasty cases share: models of one function, trainers, and the errors that a training ends in. */

import { expect } from 'vitest';
import { type Compiled, compile } from '../../src/compile.ts';
import type {
  Model,
  ModelContext,
  ModelOptions,
  ModelResult,
  Origin,
  Shape,
  Tensor,
} from '../../src/index.ts';
import { explainNonFinite } from '../../src/index.ts';
import { instantiate } from '../../src/instantiate.ts';
import { createTrainer, InputError, type TrainerOptions } from '../../src/runtime/index.ts';
import { type Precision, showGradient, small, type Trainer, target } from '../systems/support.ts';

export {
  type Precision,
  precisions,
  showGradient,
  small,
  type Trainer,
  target,
  trainerOf,
} from '../systems/support.ts';

/** The float nearest to `x` in a precision. */
export const rounded = (x: number, dtype: Precision): number => (dtype === 'f32' ? Math.fround(x) : x);

/** A function of one parameter `p`. */
export type Use = (p: Tensor<readonly [number]>, m: ModelContext) => Tensor<Shape>;

/** A model that computes `use` of a parameter of `size` numbers, and whose step writes down its gradient. */
const modelOf = (use: Use, size: number): Model =>
  small(
    (m) => {
      const y = use(
        m.param('p', [size], () => ({ kind: 'constant', value: 0 })),
        m,
      );
      return { loss: y.sum(), outputs: { y } };
    },
    { optimizer: showGradient },
  );

/** What `use` is at a point, and the gradient of the sum of its elements there, whatever numbers they are. */
export async function atPoint(use: Use, point: readonly number[], dtype: Precision) {
  const { trainer } = await trained(modelOf(use, point.length), dtype);
  trainer.state.p?.set(point);
  const value = Array.from(trainer.predict({}).y ?? []);
  await collect(trainer.fit({}, { steps: 1, onNonFinite: 'continue' }));
  return { value, gradient: Array.from(trainer.state.p ?? []) };
}

/** The trainer of a model, with all that was made on the way. */
export async function trained(declared: Model, dtype: Precision = 'f32', options: TrainerOptions = {}) {
  const compiled: Compiled = await compile(declared, { dtype, target });
  const module = await instantiate(compiled.code);
  const trainer: Trainer = createTrainer(module, options);
  return { compiled, module, trainer };
}

/** The trainer of a model that is written down in place. */
export const trainerFor = async (
  build: (m: ModelContext) => ModelResult,
  options: Partial<ModelOptions> = {},
  dtype: Precision = 'f32',
): Promise<Trainer> => (await trained(small(build, options), dtype)).trainer;

export async function collect<T>(iterable: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const one of iterable) all.push(one);
  return all;
}

/** The InputError that a call or a promise ends in; any other end fails the test. */
export async function faultOf(run: () => unknown): Promise<InputError> {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
}

export interface Explained {
  readonly error: InputError;
  readonly origin: Origin;
}

/** The error of a step that is not finite, and where it began. */
export async function explained(declared: Model, dtype: Precision, run: () => unknown): Promise<Explained> {
  const error = await faultOf(run);
  const origin = await explainNonFinite(declared, error, { dtype });
  if (!origin) throw new Error(`No operation was found for: ${error.message}`);
  return { error, origin };
}

/** Equal to six digits after the point. */
export function expectClose(found: ArrayLike<number> | undefined, expected: readonly number[]): void {
  const digits = (xs: ArrayLike<number>): number[] => Array.from(xs, (x) => Math.round(x * 1e6) / 1e6 + 0);
  expect(digits(found ?? [])).toEqual(digits(expected));
}
