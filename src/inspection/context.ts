/** What all parts of an inspection are made with: keys of values, and places for sites. */

import { knownName } from '../../ir/describe.ts';
import type { Program } from '../../ir/program.ts';
import type { Site, Value } from '../../ir/value.ts';
import type { Key, Linked, Place, Source } from './inspection.ts';
import { createKeys, type KeyOf } from './keys.ts';
import { type Arrow, type Box, type Drawing, draw } from './layout.ts';

export interface Context {
  keysOf(program: Program): KeyOf;
  placeOf(site: Site | undefined): Place | undefined;
  /** As `draw` does; a pass that leaves a graph as it was gets the drawing that there is. */
  draw(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing;
  /** The files that places were asked for, in that order. */
  sources(): readonly Source[];
}

export function createContext(readSource: (file: string) => string | undefined): Context {
  const keys = createKeys();
  const files: string[] = [];
  const drawings = new Map<string, Drawing>();
  return {
    draw(boxes, arrows) {
      const same = JSON.stringify([boxes, arrows]);
      const drawing = drawings.get(same) ?? draw(boxes, arrows);
      drawings.set(same, drawing);
      return drawing;
    },
    keysOf: keys.of,
    placeOf(site) {
      if (site === undefined) return undefined;
      if (!files.includes(site.file)) files.push(site.file);
      return { source: files.indexOf(site.file), line: site.line };
    },
    sources: () =>
      files.map((file) => ({ name: file.split(/[\\/]/).pop() ?? file, text: readSource(file) ?? '' })),
  };
}

/** The link of what is about `keys`, written where `site` says. */
export function linked(keys: readonly Key[], site: Place | undefined): Linked {
  return { keys: [...new Set(keys)], ...(site === undefined ? {} : { site }) };
}

/** Values without a place in memory that are computed where `root` is, in registers. */
export function computedWith(root: Value, isStored: (value: Value) => boolean): readonly Value[] {
  const found = new Set<Value>();
  for (const stack = [...root.inputs]; stack.length > 0; ) {
    const value = stack.pop();
    if (value === undefined || found.has(value) || isStored(value) || isLeaf(value)) continue;
    found.add(value);
    stack.push(...value.inputs);
  }
  return [...found];
}

export const isLeaf = ({ op }: Value): boolean => op === 'input' || op === 'state' || op === 'constant';

/** For formulas: what has a name is written by it. */
export const namesOf =
  ({ notes }: Program) =>
  (value: Value): string | undefined =>
    knownName(notes, value);

/** So long a text is read in one line. */
const longest = 160;

export const cut = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
