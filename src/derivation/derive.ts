/** The derivation of every gradient of a model, as data: what the compiler did, rule by rule, with the equations that fired. */

import { reachable, type Site, type Value } from '../../ir/value.ts';
import type { Model } from '../dsl/model.ts';
import { trace } from '../dsl/trace.ts';
import { InputError } from '../runtime/errors.ts';
import { didYouMean, quote } from '../runtime/names.ts';
import { type Formulas, formulasOf } from './formulas.ts';
import { type Stages, toldStages } from './stages.ts';
import { texName } from './tex-names.ts';

/** A formula of one named value. */
export interface Line {
  readonly name: string;
  /** `left = right` in TeX. */
  readonly tex: string;
  /** The right side as text. */
  readonly text: string;
  readonly site?: Site | undefined;
}

export interface GradientStep {
  /** The gradient, such as dZ2, and what it is the gradient at. */
  readonly name: string;
  readonly at: string;
  readonly symbol: string;
  /** The chain rule from the loss, where there is one way only: a product of partial derivatives. */
  readonly chain?: string | undefined;
  /** The chain rule by one line: a sum over what reads the value. */
  readonly local: string;
  /** The op whose rule was applied, and the line it was applied to. */
  readonly rule?: string | undefined;
  readonly of?: string | undefined;
  readonly site?: Site | undefined;
  /** As the rules give it; absent where nothing was simplified. */
  readonly derived?: string | undefined;
  readonly equations: readonly string[];
  readonly result: Line;
}

export interface Derivation {
  readonly model: string;
  /** What is given: inputs and parameters with their spaces. */
  readonly given: readonly { readonly name: string; readonly tex: string; readonly role: string }[];
  readonly forward: readonly Line[];
  /** What of the forward pass is simplified before it is differentiated. */
  readonly simplified: readonly (Line & { readonly equations: readonly string[] })[];
  readonly gradients: readonly GradientStep[];
  readonly updates: readonly Line[];
}

/**
 * Derives. `only` is the name of a parameter or a forward value: then only what its gradient needs is told. Throws
 * `CompileError` as `compile` does, and `train/option` for a name that has no gradient.
 */
export function derive(
  model: Model,
  readSource: (file: string) => string | undefined,
  only?: string,
): Derivation {
  // In f64, because rounding is no part of a derivation.
  const stages = toldStages(trace(model, { float: 'f64', readSource }).program);
  const [written, derived] = [formulasOf(stages.written), formulasOf(stages.derived.program)];
  const [simplified, result] = [formulasOf(stages.simplified.program), formulasOf(stages.result.program)];
  const gradients = chosen(derived, only);
  const needed = new Set(gradients.map(([name]) => derived.gradients.get(name) ?? ''));
  const forward = [...written.named].filter(([, value]) => written.lossPath.has(value));
  return {
    model: model.name,
    given: givenOf(stages, written),
    forward: forward.map(([name, value]) => lineOf(written, name, value)),
    simplified: forward.flatMap(([name, value]) => {
      const now = simplified.named.get(name);
      if (now === undefined || simplified.formula(now).tex === written.formula(value).tex) return [];
      const equations = stages.simplified.firings.behind(now, (one) => simplified.nameOf(one) !== undefined);
      return [{ ...lineOf(simplified, name, now), equations }];
    }),
    gradients: gradients.map(([name, value]) =>
      gradientStep(name, value, { stages, simplified, derived, result }),
    ),
    updates: updatesOf(stages, result, only === undefined ? undefined : needed),
  };
}

/** The gradients to tell of, from the loss to the first layers. */
function chosen(derived: Formulas, only: string | undefined): readonly (readonly [string, Value])[] {
  const gradients = [...derived.named].filter(([name]) => derived.gradients.has(name));
  const ordered = gradients.sort(([, a], [, b]) => a.id - b.id);
  if (only === undefined) return ordered;
  const wanted = ordered.find(([name]) => derived.gradients.get(name) === only || name === only);
  if (wanted === undefined) {
    const names = ordered.map(([name]) => derived.gradients.get(name) ?? name);
    throw new InputError({
      code: 'train/option',
      message: `There is no gradient at ${quote(only)}.`,
      help: didYouMean(only, names),
    });
  }
  const needed = new Set(reachable([wanted[1]]));
  return ordered.filter(([, value]) => needed.has(value));
}

function givenOf({ written }: Stages, formulas: Formulas): Derivation['given'] {
  const space = (shape: readonly (number | 'batch')[]): string =>
    shape.length === 0
      ? '\\mathbb{R}'
      : `\\mathbb{R}^{${shape.map((dim) => (dim === 'batch' ? 'm' : dim)).join(' \\times ')}}`;
  const leaves = [...formulas.leaves()];
  const declared = [...written.inputs, ...written.states.filter(({ role }) => role === 'parameter')];
  return declared.flatMap(({ name, role, shape, ...rest }) => {
    const leaf = leaves.find((value) => formulas.nameOf(value) === name);
    if (leaf === undefined) return [];
    const classes = 'classes' in rest ? rest.classes : undefined;
    const values = classes === undefined ? space(shape) : `\\{0, \\dots, ${Number(classes) - 1}\\}^{m}`;
    return [{ name, role, tex: `${formulas.symbol(leaf)} \\in ${values}` }];
  });
}

function lineOf(formulas: Formulas, name: string, value: Value): Line {
  const { tex, text } = formulas.formula(value);
  return { name, text, tex: `${formulas.symbol(value)} = ${tex}`, site: formulas.siteOf(value) };
}

interface Told {
  readonly stages: Stages;
  readonly simplified: Formulas;
  readonly derived: Formulas;
  readonly result: Formulas;
}

function gradientStep(
  name: string,
  value: Value,
  { stages, simplified, derived, result }: Told,
): GradientStep {
  const at = derived.gradients.get(name) ?? name;
  const note = stages.derived.program.notes.get(value);
  const now = result.named.get(name);
  const final = now === undefined ? lineOf(derived, name, value) : lineOf(result, name, now);
  const asDerived = lineOf(derived, name, value).tex;
  // The next value of a parameter has its name as well, and comes after the loss.
  const forward =
    [...simplified.leaves()].find((leaf) => simplified.nameOf(leaf) === at) ?? simplified.named.get(at);
  return {
    name,
    at,
    symbol: derived.symbol(value),
    chain: forward === undefined ? undefined : chainOf(simplified, forward),
    local: forward === undefined ? '' : localRule(simplified, forward),
    rule: note?.rule,
    of: note?.of?.(),
    site: note?.site,
    derived: asDerived === final.tex ? undefined : asDerived,
    equations:
      now === undefined ? [] : stages.result.firings.behind(now, (one) => result.nameOf(one) !== undefined),
    result: final,
  };
}

const partial = (of: string, at: string): string => `\\frac{\\partial ${of}}{\\partial ${at}}`;

/** dL/dZ2 dZ2/dA1 dA1/dZ1 dZ1/dW1, if each is read by one named value alone. */
function chainOf(formulas: Formulas, start: Value): string | undefined {
  const factors: string[] = [];
  for (let value = start; formulas.nameOf(value) !== 'loss'; ) {
    const [reader, ...others] = onLossPath(formulas, value);
    if (reader === undefined || others.length > 0) return undefined;
    factors.unshift(partial(formulas.symbol(reader), formulas.symbol(value)));
    value = reader;
  }
  // Two factors are the one step that is told anyway.
  return factors.length < 3 ? undefined : `${partial('L', formulas.symbol(start))} = ${factors.join(' ')}`;
}

/** One step of the chain rule: a sum over the named values that read this one. */
function localRule(formulas: Formulas, value: Value): string {
  const own = formulas.symbol(value);
  const terms = onLossPath(formulas, value).map((reader) =>
    formulas.nameOf(reader) === 'loss'
      ? partial('L', own)
      : `${partial('L', formulas.symbol(reader))} ${partial(formulas.symbol(reader), own)}`,
  );
  return `\\partial ${own} = ${partial('L', own)}${terms.length === 1 && terms[0] === partial('L', own) ? '' : ` = ${terms.join(' + ')}`}`;
}

/** Those readers that the loss is computed from. */
const onLossPath = (formulas: Formulas, value: Value): readonly Value[] =>
  formulas.readersOf(value).filter((reader) => formulas.lossPath.has(reader));

/** The next value of every state, after what they share, such as a rate that changes. */
function updatesOf(
  { result }: Stages,
  formulas: Formulas,
  only: ReadonlySet<string> | undefined,
): readonly Line[] {
  const step = result.program.functions.find(({ name }) => name === 'step');
  const leaves = [...formulas.leaves()];
  const isTold = (state: string): boolean =>
    only === undefined || only.has(state) || only.has(state.slice(0, Math.max(0, state.lastIndexOf('.'))));
  const updates = (step?.updates ?? []).filter(({ state }) => isTold(state));
  const next = updates.map(({ state, value }) => {
    const leaf = leaves.find((one) => formulas.nameOf(one) === state);
    const { tex, text } = formulas.formula(value);
    const left = leaf === undefined ? texName(state, true) : formulas.symbol(leaf);
    return { name: state, text, tex: `${left} \\leftarrow ${tex}`, site: formulas.siteOf(value) };
  });
  const states = new Set(step?.updates.map(({ state }) => state));
  const needed = new Set(reachable(updates.map(({ value }) => value)));
  const shared = [...formulas.named].filter(
    ([name, value]) =>
      result.program.notes.get(value)?.role === 'update' && needed.has(value) && !states.has(name),
  );
  return [...shared.map(([name, value]) => lineOf(formulas, name, value)), ...next];
}
