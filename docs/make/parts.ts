/** Parts of a derivation on a page among others: deeper headings, and formulas that GitHub leaves alone. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role, Site } from '../../ir/value.ts';
import { derive } from '../../src/derivation/derive.ts';
import { documentOf, type Part, type Words } from '../../src/derivation/document.ts';
import { loadModel } from '../../src/load-model.ts';
import { blocks, code, formula, list, math } from './markdown.ts';
import { repository } from './sources.ts';

const readSource = (file: string): string => readFileSync(file, 'utf8');
const lineAt = ({ file, line }: Site): string | undefined => readSource(file).split('\n')[line - 1];

/** The parts of an example's derivation that are about some named values, in the order of the derivation. */
export type Told = (section: Section, names: readonly string[]) => string;

/** `result` is the last formula of a gradient, without the way there. */
export type Section = Role | 'simplified' | 'result';

/** Derives an example, such as `03-neural-network/model`, by the path of its model. */
export async function tell(model: string): Promise<Told> {
  const parts = documentOf(derive(await loadModel(join(repository, model)), readSource), lineAt);
  const backwardAt = sectionAt(parts, 'Backward');
  const simplifiedAt = sectionAt(parts, 'Simplified');
  const ranges = {
    forward: [0, simplifiedAt < 0 ? backwardAt : simplifiedAt],
    simplified: [simplifiedAt < 0 ? backwardAt : simplifiedAt, backwardAt],
    backward: [backwardAt, parts.length],
    result: [backwardAt, parts.length],
    update: [backwardAt, parts.length],
  } as const;
  return (section, names) => {
    const role = section === 'simplified' ? 'forward' : section === 'result' ? 'backward' : section;
    const own = parts.slice(...ranges[section]).filter(({ about }) => about?.role === role);
    const chosen = own.filter(({ about }) => names.length === 0 || names.includes(about?.name ?? ''));
    const missing = names.filter((name) => !own.some(({ about }) => about?.name === name));
    if (missing.length > 0 || chosen.length === 0)
      throw new Error(`The derivation of ${model} has nothing of ${missing.join(', ')} in ${section}.`);
    const shown = section === 'result' ? chosen.filter((part, i) => isLast(chosen, part, i)) : chosen;
    return blocks(...withoutRepeats(shown.map(partText)));
  };
}

/** What is simplified before it is differentiated has the role of the forward pass as well, in a section of its own. */
const sectionAt = (parts: readonly Part[], start: string): number =>
  parts.findIndex((part) => part.kind === 'section' && String(part.words[0]).startsWith(start));

/** Whether it is the last formula of what it is about. */
const isLast = (parts: readonly Part[], { about }: Part, i: number): boolean =>
  parts[i + 1]?.about?.name !== about?.name;

/** Several formulas of one line of the model name it once, after the last of them. */
const withoutRepeats = (texts: readonly string[]): readonly string[] =>
  texts.filter((text, i) => text.startsWith('```') || text !== texts[i + 2]);

function partText(part: Part): string {
  switch (part.kind) {
    case 'title':
    case 'section':
    case 'step':
      return `#### ${inline(part.words)}`;
    case 'text':
      return inline(part.words);
    case 'formula':
      return formula(part.tex);
    case 'list':
      return list(part.items.map(inline));
  }
}

const inline = (words: readonly Words[]): string =>
  words
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      return piece.kind === 'math' ? math(piece.tex) : code(piece.text);
    })
    .join('');
