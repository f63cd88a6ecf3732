/** Holds the gradients that a model compiles to against three oracles that share nothing with how they were derived. */

import { layoutOf, targets } from '../../codegen/targets.ts';
import { reachable, type Value } from '../../ir/value.ts';
import { createRandom } from '../data/random.ts';
import type { Model } from '../dsl/model.ts';
import { instantiate } from '../instantiate.ts';
import { leafOf } from '../leaf-data.ts';
import { complexStep, isPiecewiseSmooth } from '../oracle/complex-step.ts';
import { centralDifference } from '../oracle/differences.ts';
import { type Direction, type DualBindings, directionalDerivative } from '../oracle/dual.ts';
import { runPipeline } from '../pipeline.ts';
import { type Column, checkColumns, rowSize } from '../runtime/columns.ts';
import type { Batch, Layout } from '../runtime/module.ts';
import { drawBatch, drawState } from './draw.ts';
import { gradientPrograms } from './gradients.ts';

export const oracleNames = ['forward mode', 'complex step', 'differences'] as const;
/** A way to a derivative that shares nothing with gradient rules. */
export type OracleName = (typeof oracleNames)[number];

/**
 * The largest error that each oracle is to find. Forward mode and the complex step are exact but for rounding, and their
 * errors are relative to the sum of the absolute terms of the derivative; differences are not, and theirs are relative to the
 * larger of 1 and the derivative.
 */
export const tolerances: Readonly<Record<OracleName, number>> = {
  'forward mode': 1e-10,
  'complex step': 1e-10,
  differences: 1e-6,
};

/** What one oracle found for one parameter. */
export interface Finding {
  /** The largest error; undefined when nothing was compared. */
  readonly worst: number | undefined;
  readonly compared: number;
  /** Directions in which the oracle has no answer, such as across a kink. */
  readonly skipped: number;
  readonly passed: boolean;
}

/** What the oracles found for one parameter. */
export interface ParameterReport {
  readonly parameter: string;
  readonly shape: readonly number[];
  readonly findings: Readonly<Record<OracleName, Finding>>;
}

/** What the oracles found for the gradients of a model. */
export interface GradcheckReport {
  readonly records: number;
  readonly parameters: readonly ParameterReport[];
  /** True when no oracle disagrees, and forward mode has looked at every parameter. */
  readonly passed: boolean;
  /** Why an oracle was not asked at all. */
  readonly notes: readonly string[];
}

/** What `gradcheck` may be told. */
export interface GradcheckOptions {
  /** Records to compute the gradients of: columns by name, of which the first rows are taken; random ones unless given. */
  readonly columns?: { readonly [name: string]: Column };
  /** How many; 4 unless given, and no more than the model takes. */
  readonly records?: number;
  /** Decides the initial values, the random records and where to look; 0 by default. */
  readonly seed?: number;
  /** Single elements of each parameter to look at, besides two directions through all of them; 5 by default. */
  readonly elements?: number;
}

/** What the directions are tried on. */
interface Trial {
  readonly loss: Value;
  readonly bindings: DualBindings;
  readonly oracles: ReadonlySet<OracleName>;
}

/** Compiles the gradients of `model` in f64, runs the emitted code, and asks the oracles about every parameter. */
export async function gradcheck(
  model: Model,
  { columns, records, seed = 0, elements = 5 }: GradcheckOptions = {},
): Promise<GradcheckReport> {
  const { gradients, loss, parameters } = gradientPrograms(model);
  const { planned } = runPipeline(gradients, { verify: true });
  const layout: Layout = layoutOf(planned);
  const wanted = Math.min(records ?? 4, layout.maxBatch);
  const { batch, data } = columns
    ? firstRows(layout, columns, wanted)
    : { batch: wanted, data: drawBatch(layout, wanted, seed) };
  const running = (await instantiate(targets.ts.emit(planned).code)).create();
  drawState(layout, running.state, seed);
  const computed = running.predict(data, batch, 0, seed);
  const { oracles, notes } = oraclesFor(loss);
  const trial: Trial = { loss, bindings: { batch, leaf: leafOf(data, running.state, 0, seed) }, oracles };
  const reports = parameters.map(({ decl, leaf }): ParameterReport => {
    const found = Float64Array.from(computed[decl.name] ?? []);
    const directions = directionsFor(found.length, elements, seed + leaf.id);
    return { parameter: decl.name, shape: decl.shape, findings: askOracles(trial, leaf, found, directions) };
  });
  const passed = reports.every(
    ({ findings, shape }) =>
      Object.values(findings).every((finding) => finding.passed) &&
      (findings['forward mode'].compared > 0 || shape.includes(0)),
  );
  return { records: batch, parameters: reports, passed, notes };
}

/** The first rows of columns, checked as those of a training are. */
function firstRows(layout: Layout, columns: { readonly [name: string]: Column }, wanted: number) {
  const { count, arrays } = checkColumns(layout, columns, 'all');
  const batch = Math.min(wanted, count);
  const cut = layout.inputs.map(
    ({ name, shape }) => [name, arrays.get(name)?.slice(0, batch * rowSize(shape))] as const,
  );
  const data: Batch = Object.fromEntries(
    cut.flatMap(([name, array]) => (array ? [[name, array] as const] : [])),
  );
  return { batch, data };
}

/** Oracles that look at numbers alone see through a stopped gradient, which is what it is for. */
function oraclesFor(loss: Value): {
  readonly oracles: ReadonlySet<OracleName>;
  readonly notes: readonly string[];
} {
  const stops = reachable([loss]).some(({ op }) => op === 'stopGradient');
  if (stops)
    return {
      oracles: new Set(['forward mode']),
      notes: ['The loss stops gradients, which a complex step and differences would see through.'],
    };
  if (isPiecewiseSmooth(loss)) return { oracles: new Set(oracleNames), notes: [] };
  return {
    oracles: new Set(['forward mode', 'differences']),
    notes: ['The loss has an operation that a complex step cannot take.'],
  };
}

/** Single elements, spread at random, and two directions that move all of them. */
function directionsFor(size: number, elements: number, seed: number): readonly Float64Array[] {
  if (size === 0) return [];
  const random = createRandom(seed);
  const chosen =
    size <= elements
      ? Array.from({ length: size }, (_, i) => i)
      : Array.from({ length: elements }, () => random.below(size));
  const units = [...new Set(chosen)].map((at) =>
    Float64Array.from({ length: size }, (_, i) => (i === at ? 1 : 0)),
  );
  const all = [0, 1].map(() => Float64Array.from({ length: size }, () => random.between(-1, 1)));
  return [...units, ...all];
}

function askOracles(
  { loss, bindings, oracles }: Trial,
  leaf: Value,
  gradient: Float64Array,
  directions: readonly Float64Array[],
): ParameterReport['findings'] {
  const errors: Record<OracleName, (number | undefined)[]> = {
    'forward mode': [],
    'complex step': [],
    differences: [],
  };
  for (const toward of directions) {
    const direction: Direction = (moved) => (moved === leaf ? toward : undefined);
    const slope = gradient.reduce((sum, g, i) => sum + g * (toward[i] ?? 0), 0);
    const { tangent, terms } = directionalDerivative(loss, bindings, direction);
    const scale = Math.max(terms[0] ?? 0, Number.MIN_VALUE);
    errors['forward mode'].push(errorOf(slope, tangent[0] ?? Number.NaN, scale));
    if (oracles.has('complex step')) {
      const derivative = complexStep(loss, bindings, direction);
      errors['complex step'].push(Number.isNaN(derivative) ? undefined : errorOf(slope, derivative, scale));
    }
    if (oracles.has('differences')) {
      const difference = centralDifference(loss, bindings, direction);
      const answered = difference.kind === 'converged';
      errors.differences.push(
        answered ? errorOf(slope, difference.derivative, Math.max(1, Math.abs(slope))) : undefined,
      );
    }
  }
  return {
    'forward mode': findingOf('forward mode', errors['forward mode']),
    'complex step': findingOf('complex step', errors['complex step']),
    differences: findingOf('differences', errors.differences),
  };
}

const errorOf = (found: number, expected: number, scale: number): number =>
  found === expected ? 0 : Math.abs(found - expected) / scale;

function findingOf(oracle: OracleName, errors: readonly (number | undefined)[]): Finding {
  const answers = errors.filter((error): error is number => error !== undefined);
  return {
    worst: answers.length > 0 ? Math.max(...answers) : undefined,
    compared: answers.length,
    skipped: errors.length - answers.length,
    // NaN passes no comparison.
    passed: answers.every((error) => error <= tolerances[oracle]),
  };
}
