/** Gradients of a training graph by the autodiff pass are those of forward mode, along a random direction. */

import { createBuilder } from '../../ir/builder.ts';
import { evaluate } from '../../ir/evaluate.ts';
import type { Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { rebuild } from '../../passes/rebuild.ts';
import { directionalDerivative } from '../../src/oracle/dual.ts';
import { randomFrom } from '../arbitraries/draw.ts';
import { programOf, resultsOf } from '../properties/programs.ts';
import type { Mismatch, Subject } from './check-passes.ts';

export interface GradientCheck {
  readonly mismatch: Mismatch | undefined;
  /** The error, relative to the sum of the absolute terms of the derivative. */
  readonly error: number;
}

/** No gradient may be off by more; 99.9 % of them are within 1e-13. */
export const gradientTolerance = 1e-9;

export function checkGradients({ program: traced, batch, leaf }: Subject): GradientCheck {
  const o = createBuilder('f64');
  const [step] = rebuild(traced, o).functions;
  const loss = step?.results.find(({ name }) => name === 'loss')?.value;
  if (!loss) return { error: 0, mismatch: undefined };
  const parameters = traced.states.filter(({ role }) => role === 'parameter');
  const states = parameters.map(({ name, dtype, shape }) => o.state({ name, dtype, shape }));
  const markers = states.map((state) => o.grad(loss, state));
  const gradients = resultsOf(autodiff.run(programOf(o, markers)));
  const values = evaluate(gradients, { batch, float: 'f64', leaf });
  const random = randomFrom(batch + loss.id);
  const directions = new Map<Value, Float64Array>();
  let found = 0;
  gradients.forEach((gradient, i) => {
    const data = values.get(gradient)?.data ?? new Float64Array();
    const direction = Float64Array.from(data, () => Math.floor(random() * 5) - 2);
    const state = states[i];
    if (state) directions.set(state, direction);
    for (let at = 0; at < data.length; at++) found += (data[at] ?? 0) * (direction[at] ?? 0);
  });
  const { tangent, terms } = directionalDerivative(loss, { batch, leaf }, (at) => directions.get(at));
  const expected = tangent[0] ?? Number.NaN;
  const error =
    Object.is(found, expected) || found === expected ? 0 : Math.abs(found - expected) / (terms[0] ?? 0);
  const detail = `the loss changes by ${found} along a direction, by forward mode ${expected}`;
  return { error, mismatch: error <= gradientTolerance ? undefined : { stage: 'autodiff', detail } };
}
