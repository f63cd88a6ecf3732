/** What the file of a pass says of itself. */

import { code, link, list } from './markdown.ts';
import { purposeOf } from './sources.ts';

/** `Purpose`, `Needs` and `Ensures` of the file of a pass. */
export function headerOf(file: string): string {
  const text = purposeOf(file).replace(/\n(?!Purpose|Needs|Ensures)/g, ' ');
  const parts = [...text.matchAll(/(Purpose|Needs|Ensures): (.*)/g)];
  return list([
    ...parts.map(([, word = '', what = '']) => `**${word}:** ${what}`),
    `**In:** ${link(code(file), `../${file}`)}`,
  ]);
}

export const fileOf = (pass: string): string =>
  `passes/${pass === 'simplify-gradients' ? 'simplify' : pass}.ts`;
