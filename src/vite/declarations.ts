/**
 * A file of declarations for the trainers that a page imports: TypeScript reads `./model.ts?trainer` by pattern, and only the
 * plugin knows what the model behind it takes and gives.
 */

import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { printTypes } from '../../codegen/ts/layout.ts';
import type { Program } from '../../ir/program.ts';
import { writeOutput } from '../cli/output-file.ts';

const heading = `// Written by chainrule's plugin for Vite: what the trainers of this page take and give. Keep it with the sources.
`;

/** Stands before the declarations of each model; it has the path from the file of declarations. */
const mark = '// trainer of ';

export interface Declarations {
  /** Declares the trainer of the model in `file`, and writes the file if that is news. */
  declare(file: string, program: Program): void;
}

/** Into the file at `path`. What it says of other models is kept for as long as those exist. */
export function createDeclarations(path: string): Declarations {
  const folder = resolve(path, '..');
  return {
    declare(file, program) {
      const written = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const known = new Map([...typesIn(written)].filter(([model]) => existsSync(join(folder, model))));
      known.set(relative(folder, file).split(sep).join('/'), printTypes(program).slice(1).join('\n'));
      const text = declarationsOf(known);
      if (text !== written) writeOutput(path, text, false);
    },
  };
}

/** The types of each model, by its path. */
function typesIn(text: string): ReadonlyMap<string, string> {
  const parts = text.split(mark).slice(1);
  return new Map(
    parts.map((part) => {
      const [model = '', ...lines] = part.split('\n');
      const types = lines.flatMap((line) => /^ {2}(export type \w+ = \{.*)$/.exec(line)?.[1] ?? []);
      return [model, types.join('\n')];
    }),
  );
}

function declarationsOf(types: ReadonlyMap<string, string>): string {
  const models = [...types.keys()].sort();
  return [
    heading,
    ...models.map((model) => {
      const same = models.filter((other) => basename(other) === basename(model));
      // Patterns see the end of what is imported: of two models that are called the same, only what both have is known.
      if (same.length > 1 && same[0] !== model) return '';
      return declarationOf(model, same.length > 1 ? '' : (types.get(model) ?? ''));
    }),
  ].join('');
}

const importedType = (name: string): string => `import('chainrule/${name}')`;

function declarationOf(model: string, types: string): string {
  const pattern = (form: string): string =>
    `'*/${basename(model).replace(/[\\'*]/g, (sign) => (sign === '*' ? '' : `\\${sign}`))}?${form}'`;
  const module =
    types === ''
      ? `${importedType('runtime')}.TrainerModule`
      : `${importedType('runtime')}.TrainerModule<Batch, Metrics, Evaluation, Outputs>`;
  return `
${mark}${model}
declare module ${pattern('trainer')} {
${types.replace(/^(?=.)/gm, '  ')}
  type Module = ${module};
  export const layout: Module['layout'];
  export const create: Module['create'];
}
declare module ${pattern('trainer&target=wasm')} {
  export * from ${pattern('trainer')};
}
declare module ${pattern('trainer-worker')} {
  /** Starts a worker that serves the trainer, for \`connect\` of \`chainrule/worker\`. */
  const start: () => ${importedType('worker')}.Endpoint;
  export default start;
}
declare module ${pattern('trainer-worker&target=wasm')} {
  export { default } from ${pattern('trainer-worker')};
}
`;
}
