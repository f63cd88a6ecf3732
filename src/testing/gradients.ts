/** The gradients that a model compiles to, as numbers, and the loss as its oracles see it. */

import { createBuilder } from '../../ir/builder.ts';
import { errors } from '../../ir/errors.ts';
import { type Program, type StateDecl, valuesOf } from '../../ir/program.ts';
import type { Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { rebuild } from '../../passes/rebuild.ts';
import type { Model } from '../dsl/model.ts';
import { trace } from '../dsl/trace.ts';

export interface GradientPrograms {
  /** Predicts the gradient of every trained parameter, by the parameter's name. */
  readonly gradients: Program;
  /** The loss as it was written, with no gradient derived of it but those that it contains itself. */
  readonly loss: Value;
  /** The trained parameters, and the leaf of each in the graph of `loss`. */
  readonly parameters: readonly { readonly decl: StateDecl; readonly leaf: Value }[];
}

/** In f64. Parameters that the optimizer does not update have no gradient. */
export function gradientPrograms(model: Model): GradientPrograms {
  const { program } = trace(model, { float: 'f64' });
  const [step] = program.functions;
  const results = (step?.results ?? []).filter(({ name }) => name === 'loss');
  const updated = new Set(step?.updates.map(({ state }) => state));
  const trained = program.states.filter(({ name, role }) => role === 'parameter' && updated.has(name));
  const alone: Program = { ...program, functions: [{ name: 'step', results, updates: [] }] };
  return {
    gradients: withGradients(alone, trained),
    ...lossOf(autodiff.run(alone), trained),
  };
}

function lossOf(program: Program, trained: readonly StateDecl[]): Omit<GradientPrograms, 'gradients'> {
  const [loss] = program.functions.flatMap((fn) => fn.results.map(({ value }) => value));
  if (!loss) throw errors.invalid('the model has no loss');
  const leaves = valuesOf(program).filter(({ op }) => op === 'state');
  const parameters = trained.flatMap((decl) => {
    const leaf = leaves.find(({ attrs }) => attrs.name === decl.name);
    return leaf ? [{ decl, leaf }] : [];
  });
  return { loss, parameters };
}

/** The program whose predictions are the gradients of its loss. */
function withGradients(program: Program, trained: readonly StateDecl[]): Program {
  const o = createBuilder(program.float);
  const rebuilt = rebuild(program, o);
  const results = rebuilt.functions.flatMap((fn) => fn.results);
  const gradients = results.flatMap(({ value: loss }) =>
    trained.map(({ name, dtype, shape }) => ({
      name,
      value: o.grad(loss, o.state({ name, dtype, shape })),
    })),
  );
  return {
    ...rebuilt,
    functions: [
      { name: 'step', results, updates: [] },
      { name: 'evaluate', results, updates: [] },
      { name: 'predict', results: gradients, updates: [] },
    ],
    notes: o.notes,
  };
}
