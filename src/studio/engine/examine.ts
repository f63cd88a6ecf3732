/** Works the next step of a training out in the evaluator, value by value, before the trainer makes it. */

import { describe, knownName, shownName } from '../../../ir/describe.ts';
import { errors } from '../../../ir/errors.ts';
import { evaluate } from '../../../ir/evaluate.ts';
import type { LoopBlock } from '../../../ir/kernel.ts';
import { type Program, type ProgramFunction, rootsOf } from '../../../ir/program.ts';
import type { Tensor } from '../../../ir/tensor.ts';
import type { Value } from '../../../ir/value.ts';
import { leafOf } from '../../leaf-data.ts';
import { checkColumns } from '../../runtime/columns.ts';
import type { Batch, State } from '../../runtime/module.ts';
import { shuffle } from '../../runtime/shuffle.ts';
import { createStage, sourceOf } from '../../runtime/stage.ts';
import { pictureOf } from './array-picture.ts';
import type { Opened } from './opened.ts';
import type { ArrayPicture, Examination } from './protocol.ts';

export interface Examined {
  readonly examination: Examination;
  /** Whether the trainer's state now is the one that was worked out, in every bit. */
  readonly isReached: () => boolean;
}

export function examineStep(opened: Opened): Examined {
  const { compiled, trainer } = opened;
  const { graph, loops } = compiled;
  const step = stepOf(graph);
  const { batch, count } = nextBatch(opened);
  const t = trainer.steps;
  const leaf = leafOf(batch, trainer.state, t, trainer.seed);
  const tensors = evaluate(rootsOf(step), { batch: count, float: graph.float, leaf });
  const isParameter = parametersIn(graph, step);
  const blocks = loops.blocks.flatMap((block, position) =>
    block.usedBy.has('step')
      ? [{ block: position, values: storedBy(block, graph, tensors, isParameter) }]
      : [],
  );
  const after = stateAfter(step, trainer.state, tensors);
  const refused = isRefused(step, trainer.state, after, tensors);
  return {
    examination: { step: t, samples: count, blocks },
    // A step that would make the state NaN or infinite is not made, and that was worked out as well.
    isReached: () => (trainer.steps === t ? refused : sameBits(trainer.state, after)),
  };
}

function stepOf({ functions }: Program): ProgramFunction {
  const found = functions.find(({ name }) => name === 'step');
  if (found === undefined) throw errors.invalid('the program has no training step');
  return found;
}

/** The rows that the trainer takes for its next step: those of `fit`, in the order of its epoch. */
function nextBatch({ trainer, columns, dataset, batch }: Opened): {
  readonly batch: Batch;
  readonly count: number;
} {
  const { layout, seed, steps } = trainer;
  const source = sourceOf(checkColumns(layout, columns.train, 'all'));
  const stepsPerEpoch = Math.ceil(dataset.train.count / batch);
  const order = new Uint32Array(source.count);
  shuffle(order, seed, Math.floor(steps / stepsPerEpoch));
  const from = (steps % stepsPerEpoch) * batch;
  const count = Math.min(batch, source.count - from);
  return { batch: createStage(layout).gather(source, order, from, count), count };
}

/** Which values are the next ones of parameters. */
function parametersIn({ states }: Program, { updates }: ProgramFunction): (value: Value) => boolean {
  const names = new Set(states.filter(({ role }) => role === 'parameter').map(({ name }) => name));
  const values = new Set(updates.filter(({ state }) => names.has(state)).map(({ value }) => value));
  return (value) => values.has(value);
}

function storedBy(
  { roots, statements }: LoopBlock,
  { notes }: Program,
  tensors: ReadonlyMap<Value, Tensor>,
  isParameter: (value: Value) => boolean,
): readonly ArrayPicture[] {
  const nameOf = (value: Value): string | undefined => {
    const name = knownName(notes, value);
    return name === undefined ? undefined : shownName(name);
  };
  // A sum that grows with each tile begins at 0.
  const clears = statements.every(({ kind }) => kind === 'fill');
  return roots.flatMap((root) => {
    const tensor = tensors.get(root);
    if (tensor === undefined) return [];
    const name = nameOf(root) ?? describe(root, nameOf).text;
    const data = clears ? new Float64Array(tensor.data.length) : tensor.data;
    return [pictureOf(name, isParameter(root) ? 'parameter' : 'activation', tensor.shape, data)];
  });
}

/** All of the state, with what the step does not change as it is now. */
function stateAfter(
  { updates }: ProgramFunction,
  state: State,
  tensors: ReadonlyMap<Value, Tensor>,
): ReadonlyMap<string, ArrayLike<number>> {
  const after = new Map(
    Object.entries(state).map(([name, array]): [string, ArrayLike<number>] => [name, array.slice()]),
  );
  for (const { state: name, value } of updates) {
    const tensor = tensors.get(value);
    if (tensor !== undefined) after.set(name, tensor.data);
  }
  return after;
}

/** As the runtime's guard has it: what was not finite before may stay so. */
function isRefused(
  { results }: ProgramFunction,
  before: State,
  after: ReadonlyMap<string, ArrayLike<number>>,
  tensors: ReadonlyMap<Value, Tensor>,
): boolean {
  const loss = results.find(({ name }) => name === 'loss');
  if (loss === undefined || !Number.isFinite(tensors.get(loss.value)?.data[0])) return true;
  return Object.entries(before).some(([name, array]) => {
    const next = after.get(name) ?? array;
    return array.some((x, i) => Number.isFinite(x) && !Number.isFinite(next[i]));
  });
}

const sameBits = (state: State, expected: ReadonlyMap<string, ArrayLike<number>>): boolean =>
  Object.entries(state).every(([name, array]) => {
    const other = expected.get(name);
    return other?.length === array.length && array.every((x, i) => Object.is(x, other[i]));
  });
