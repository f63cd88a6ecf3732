/** The file of a worker that is written beside a trainer: it serves the trainer to a page. */

import { basename } from 'node:path';
import { commentText, textLiteral } from '../../codegen/ts/literal.ts';

/** `model.trainer.ts` becomes `model.worker.ts` beside it. */
export const workerPath = (trainer: string): string =>
  trainer.replace(/(\.trainer)?(\.[cm]?[jt]s)?$/, '.worker.ts');

/** The text of the file of a worker for the trainer at `trainer`, which is made for so many threads. */
export function trainerWorker(name: string, trainer: string, threads = 1): string {
  const several = threads > 1;
  const worker = textLiteral(`./${basename(workerPath(trainer))}`);
  return `/**
 * ${commentText(name)}: the trainer in a worker, so that a page stays responsive while it trains.
 * Written by chainrule compile --with-worker; a page starts it with
 *
 *   const worker = new Worker(new URL(${commentText(worker)}, import.meta.url), { type: 'module' });
 *   const trainer = await connect<typeof import(${commentText(textLiteral(`./${basename(trainer)}`))})>(worker, { seed: 1 });
 *
 * where connect is imported from chainrule/worker.
 */

${several ? "import { withThreads } from 'chainrule/threads';\n" : ''}import { serve } from 'chainrule/worker';
import * as trainer from ${textLiteral(`./${basename(trainer)}`)};

serve(${several ? 'await withThreads(trainer)' : 'trainer'});
`;
}
