/** A derivation as Markdown with LaTeX between dollars, as GitHub and most editors show it. */

import type { Part, Words } from './document.ts';

const marks = { title: '#', section: '##', step: '###' } as const;

export function markdownOf(parts: readonly Part[]): string {
  return `${parts.map(partText).join('\n\n')}\n`;
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'title':
    case 'section':
    case 'step':
      return `${marks[part.kind]} ${inline(part.words)}`;
    case 'text':
      return inline(part.words);
    case 'formula':
      return `$$\n${part.tex}\n$$`;
    case 'list':
      return part.items.map((words) => `- ${inline(words)}`).join('\n');
  }
}

const inline = (words: readonly Words[]): string =>
  words
    .map((piece) => {
      if (typeof piece === 'string') return piece.replace(/[\\`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ');
      return piece.kind === 'math' ? `$${piece.tex}$` : codeText(piece.text);
    })
    .join('');

/** More backticks around it than there are in it. */
function codeText(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${text.replace(/\s+/g, ' ')}${space}${fence}`;
}
