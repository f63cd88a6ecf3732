/** Source maps from an emitted trainer to the file of its model, so that debuggers and stack traces lead there. */

import { addMapping, GenMapping, setSourceContent, toEncodedMap } from '@jridgewell/gen-mapping';
import type { Provenance } from './provenance.ts';

export interface SourceMapOptions {
  /** The name of the trainer's file. */
  readonly file: string;
  /** How the map names a source file, such as its path from where the map lies. */
  readonly sourceOf: (file: string) => string;
  /** Text of a source file: it is put into the map, and tells where in a line the statement begins. */
  readonly readSource: (file: string) => string | undefined;
}

/** The map as JSON, of version 3 (ECMA-426). Lines of the trainer that come from no line of the model have no entry. */
export function sourceMapOf(
  code: string,
  provenance: readonly Provenance[],
  options: SourceMapOptions,
): string {
  const map = new GenMapping({ file: options.file });
  const lines = code.split('\n');
  const sources = new Map<string, readonly string[]>();
  for (const { line, site, name } of provenance) {
    if (site === undefined) continue;
    const source = options.sourceOf(site.file);
    if (!sources.has(site.file)) {
      const text = options.readSource(site.file);
      sources.set(site.file, text?.split('\n') ?? []);
      if (text !== undefined) setSourceContent(map, source, text);
    }
    const original = { line: site.line, column: indentOf(sources.get(site.file)?.[site.line - 1]) };
    const generated = { line, column: indentOf(lines[line - 1]) };
    if (name === undefined) addMapping(map, { generated, original, source });
    else addMapping(map, { generated, original, source, name });
  }
  return JSON.stringify(toEncodedMap(map));
}

const indentOf = (line = ''): number => line.length - line.trimStart().length;
