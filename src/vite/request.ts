/** What a module asks for: `./digits.model.ts?trainer`, with the options of the command line as further words of the query. */

import { usageError } from '../cli/failure.ts';
import { precision, target } from '../cli/options.ts';
import type { CompileOptions } from '../compile.ts';

export type Form = 'trainer' | 'trainer-worker' | 'trainer-worker-entry';

export interface Request {
  /** Path of the model's file. */
  readonly file: string;
  readonly form: Form;
  readonly options: Pick<CompileOptions, 'dtype' | 'target' | 'relaxed' | 'threads'>;
  /** The query as it was written, without the form, so that all forms of one request have the same options. */
  readonly query: string;
}

const forms: readonly Form[] = ['trainer', 'trainer-worker', 'trainer-worker-entry'];
const known = ['target', 'dtype', 'relaxed', 'threads'];

/** The request that an id makes, or undefined if it makes none. Throws for options that do not exist or have no such value. */
export function requestIn(id: string): Request | undefined {
  const mark = id.indexOf('?');
  if (mark < 0) return undefined;
  const words = new URLSearchParams(id.slice(mark + 1));
  const form = forms.find((name) => words.get(name) === '');
  if (form === undefined) return undefined;
  words.delete(form);
  // A bundler may add words of its own, such as the time of a change.
  for (const name of ['t', 'import', 'v', 'worker_file', 'type']) words.delete(name);
  const options = new Map(words);
  const unknown = [...options.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw usageError(`${id}: there is no option "${unknown}".`, `There are ${known.join(', ')}.`);
  return {
    file: id.slice(0, mark),
    form,
    options: { dtype: precision(options), ...target(options) },
    query: words.size === 0 ? '' : `&${words}`,
  };
}
