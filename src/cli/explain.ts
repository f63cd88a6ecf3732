/** `chainrule explain`: the gradients of a model as mathematics, with the lines of the model that they come from. */

import { extname } from 'node:path';
import type { Site } from '../../ir/value.ts';
import { derive } from '../derivation/derive.ts';
import { documentOf, type Part } from '../derivation/document.ts';
import { markdownOf } from '../derivation/markdown.ts';
import { loadModel } from '../load-model.ts';
import type { Call } from './command.ts';
import { exitCodes, usageError } from './failure.ts';
import { readSource } from './files.ts';
import { colors, print, shortPath } from './output.ts';
import { checkOutput, writeOutput } from './output-file.ts';

export async function explainCommand({ model: path, options }: Call): Promise<number> {
  const out = options.get('out');
  const kind = out === undefined || out === '-' ? '.md' : extname(out).toLowerCase();
  if (kind !== '.md' && kind !== '.html')
    throw usageError(`option --out: expected a file name that ends in .md or .html, got "${out}".`);
  const force = options.has('force');
  if (out !== undefined && out !== '-') checkOutput(out, force);
  const derivation = derive(await loadModel(path), readSource, options.get('for'));
  const parts = documentOf(derivation, lineAt);
  const text = kind === '.md' ? markdownOf(parts) : await pageText(derivation.model, parts);
  if (out === undefined || out === '-') {
    print(text.trimEnd());
    return exitCodes.ok;
  }
  writeOutput(out, kind === '.md' ? `${text}\n<!-- Written by chainrule explain. -->\n` : text, force);
  print(`wrote ${colors.bold(shortPath(out))}: ${derivation.gradients.length} gradients`);
  return exitCodes.ok;
}

/** The library that sets formulas is loaded only for those who want a page. */
async function pageText(model: string, parts: readonly Part[]): Promise<string> {
  const { derivationPage } = await import('../derivation/page.ts');
  return derivationPage(model, parts);
}

const lineAt = ({ file, line }: Site): string | undefined => readSource(file)?.split('\n')[line - 1];
