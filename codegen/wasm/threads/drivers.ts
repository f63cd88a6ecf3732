/** step, evaluate and predict with several threads: jobs are set off, and this thread takes part until they are done. */

import type { Phase } from '../../../ir/kernel.ts';
import { bytesPerElement } from '../../../ir/types.ts';
import { copyOut, type Driver, isRead, roomFor } from '../../ts/drivers.ts';
import type { Job } from './jobs.ts';

/** The lines of a driver over the jobs of its function. */
export function threadedBody(driver: Driver, jobs: readonly Job[]): readonly string[] {
  const { fn, outputs, context } = driver;
  const own = jobs.filter((job) => job.fn === fn);
  const inPhase = (phase?: Phase): readonly Job[] => own.filter((job) => job.phase === phase);
  const scalars = ['t', 'seed'].map((name) => (needs(driver, name) ? name : '0'));
  /** Samples, samples at hand, those before, the step, the seed, and the addresses of the rows at hand. */
  const run = ({ name }: Job, rows: string, from: string): string[] => [
    `${name}(${['n', rows, from, ...scalars, ...addressesOf(driver, from)].join(', ')});`,
    'join();',
  ];
  const each = inPhase('each');
  const tile = context.planned.tiling?.rows;
  return [
    ...columnsOf(driver),
    ...outputs.map(roomFor),
    ...inPhase().flatMap((job) => run(job, 'n', '0')),
    ...inPhase('before').flatMap((job) => run(job, 'n', '0')),
    ...(each.length > 0
      ? [
          `for (let from = 0; from < n; from += ${tile}) {`,
          `  const rows = Math.min(${tile}, n - from);`,
          ...each.flatMap((job) => run(job, 'rows', 'from')).map((line) => `  ${line}`),
          ...outputs.map((output) => `  ${copyOut(output)}`),
          '}',
        ]
      : []),
    ...inPhase('after').flatMap((job) => run(job, 'n', '0')),
  ];
}

/** The address of each column that is read. */
const columnsOf = ({ columns, groups, context }: Driver): readonly string[] =>
  columns.flatMap((column) => {
    const stage = context.staged.get(column);
    if (!stage || !isRead(column, groups)) return [];
    const count = stage.width === 1 ? 'n' : `n * ${stage.width}`;
    return [`const ${stage.at} = rowsOf(${context.names.inputs.get(column)}, ${stage.array}, 0, ${count});`];
  });

/** The address of the rows after `from` samples in each column, 0 where none is read. */
const addressesOf = ({ columns, groups, context }: Driver, from: string): readonly string[] =>
  context.planned.program.inputs.map(({ name, dtype }) => {
    const stage = context.staged.get(name);
    if (!stage || !columns.includes(name) || !isRead(name, groups)) return '0';
    return from === '0' ? stage.at : `${stage.at} + ${from} * ${stage.width * bytesPerElement[dtype]}`;
  });

const needs = ({ groups }: Driver, name: string): boolean =>
  groups.some(({ parameters }) =>
    parameters.some((parameter) => parameter.name === name && parameter.column === undefined),
  );
