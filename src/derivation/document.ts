/** A derivation as a document: what is said in which order, whether it becomes Markdown or a page. */

import type { Role, Site } from '../../ir/value.ts';
import type { Derivation, GradientStep } from './derive.ts';

export type Part = (
  | { readonly kind: 'title' | 'section' | 'step'; readonly words: readonly Words[] }
  | { readonly kind: 'text'; readonly words: readonly Words[] }
  | { readonly kind: 'formula'; readonly tex: string }
  | { readonly kind: 'list'; readonly items: readonly (readonly Words[])[] }
) & { readonly about?: Subject };

/** What a part is about: a named value, and the line of the model that it was written in. */
export interface Subject {
  readonly name: string;
  readonly role: Role;
  readonly site?: Site | undefined;
}

/** A piece of a sentence. */
export type Words =
  | string
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'math'; readonly tex: string };

const code = (text: string): Words => ({ kind: 'code', text });
const math = (tex: string): Words => ({ kind: 'math', tex });

/** `lineAt` gives the text of a line of the model. */
export function documentOf(
  derivation: Derivation,
  lineAt: (site: Site) => string | undefined,
): readonly Part[] {
  const { model, given, forward, simplified, gradients, updates } = derivation;
  const source = (site: Site | undefined): readonly Words[] => {
    if (site === undefined) return [];
    const text = lineAt(site)?.trim();
    return [
      ...(text === undefined || text === '' ? [] : [code(text), ' ']),
      `(${site.file.split(/[\\/]/).pop()}:${site.line})`,
    ];
  };
  return [
    { kind: 'title', words: [`${model}: its gradients, derived`] },
    { kind: 'text', words: legend },
    { kind: 'section', words: ['What is given'] },
    { kind: 'list', items: given.map(({ tex, role }) => [math(tex), `, ${role}`]) },
    { kind: 'section', words: ['Forward'] },
    ...forward.flatMap((line) =>
      about(line, 'forward', [
        { kind: 'formula', tex: line.tex },
        { kind: 'text', words: source(line.site) },
      ]),
    ),
    ...simplifications(simplified),
    { kind: 'section', words: ['Backward, by the chain rule'] },
    ...gradients.flatMap((step) => about(step, 'backward', gradientParts(step, source))),
    { kind: 'section', words: ['Update'] },
    ...updates.flatMap((line) => about(line, 'update', [{ kind: 'formula', tex: line.tex }])),
  ];
}

const about = (
  { name, site }: { readonly name: string; readonly site?: Site | undefined },
  role: Role,
  parts: readonly Part[],
): readonly Part[] => parts.map((part) => ({ ...part, about: { name, role, site } }));

const legend: readonly Words[] = [
  math('m'),
  ' is the number of samples, which are rows; ',
  math('i'),
  ' counts them and ',
  math('j'),
  ' what is in a row. ',
  math('\\partial Z'),
  ' is the gradient of the loss at ',
  math('Z'),
  ', of the shape of ',
  math('Z'),
  '; ',
  math('\\odot'),
  ' multiplies element by element, and ',
  math('[\\,\\cdot\\,]'),
  ' is 1 where its condition holds and 0 elsewhere. Everything below was worked out by the compiler, and is what the emitted code computes.',
];

function simplifications(lines: Derivation['simplified']): readonly Part[] {
  if (lines.length === 0) return [];
  return [
    { kind: 'section', words: ['Simplified before it is differentiated'] },
    ...lines.flatMap((line) =>
      about(line, 'forward', [{ kind: 'formula', tex: line.tex }, ...because(line.equations)]),
    ),
  ];
}

function gradientParts(
  step: GradientStep,
  source: (site: Site | undefined) => readonly Words[],
): readonly Part[] {
  const { symbol, chain, local, rule, of, site, derived, equations, result } = step;
  const formula = (tex: string): Part => ({ kind: 'formula', tex });
  return [
    { kind: 'step', words: [math(symbol)] },
    ...(chain === undefined ? [] : [formula(chain)]),
    formula(local),
    { kind: 'text', words: ruleWords({ rule, of }, source(site)) },
    ...(derived === undefined ? [] : [formula(derived)]),
    ...(derived === undefined ? [] : because(equations)),
    formula(result.tex),
  ];
}

function ruleWords(
  { rule, of }: Pick<GradientStep, 'rule' | 'of'>,
  source: readonly Words[],
): readonly Words[] {
  const where: readonly Words[] = of === undefined ? [] : [' in ', code(of)];
  const what: readonly Words[] = rule === undefined ? ['By the chain rule'] : ['By the rule of ', code(rule)];
  return [...what, ...where, ...(source.length === 0 ? [] : [', which is ', ...source]), ':'];
}

function because(equations: readonly string[]): readonly Part[] {
  if (equations.length === 0) return [];
  return [
    { kind: 'text', words: ['by'] },
    { kind: 'list', items: equations.map((name) => [code(name)]) },
  ];
}
