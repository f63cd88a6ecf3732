/** What the training reaches, on the samples it learns from and on those it does not. */

import { metric } from '../../../report/numbers.ts';
import type { Studio } from '../state/studio.ts';

export function Metrics({ studio }: { readonly studio: Studio }) {
  const evaluation = studio.training.evaluation.value;
  if (evaluation === undefined) return null;
  const names = [...new Set([...Object.keys(evaluation.train), ...Object.keys(evaluation.test)])];
  const show = (values: Readonly<Record<string, number>>, name: string): string => {
    const value = values[name];
    return value === undefined ? '–' : metric(name, value);
  };
  return (
    <section aria-labelledby="metrics-title">
      <h2 id="metrics-title">Metrics at step {evaluation.step}</h2>
      <table class="metrics">
        <thead>
          <tr>
            <th scope="col">metric</th>
            <th scope="col">train</th>
            <th scope="col">test</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-metric={`train ${name}`}>{show(evaluation.train, name)}</td>
              <td data-metric={`test ${name}`}>{show(evaluation.test, name)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
