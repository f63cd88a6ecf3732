/** Markup whose inserted texts are escaped by construction: only what this file made goes in as it is. */

/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

export type Content = string | number | Markup | readonly Content[];

/** Markup from a template; strings and numbers in it become text, whatever they hold. */
export const html = (parts: TemplateStringsArray, ...values: readonly Content[]): Markup => ({
  markup: parts.map((part, i) => (i === 0 ? part : render(values[i - 1] ?? '') + part)).join(''),
});

/** Marks text as markup. Never for text of a user: a file, a name, a number format. */
export const trusted = (markup: string): Markup => ({ markup });

const isList = (content: Content): content is readonly Content[] => Array.isArray(content);

function render(content: Content): string {
  if (isList(content)) return content.map(render).join('');
  return typeof content === 'object' ? content.markup : escapeText(String(content));
}

/**
 * What neither HTML nor XML can hold: control characters, halves of surrogate pairs, two that are no characters. And marks
 * of writing direction, which would turn the order of the words around a name.
 */
const unprintable = /[\p{Cc}\p{Cs}\p{Bidi_Control}\uFFFE\uFFFF]/gu;

/** `text` in one line, without characters that a document cannot hold or should not. */
export const cleaned = (text: string): string => text.replace(/\s+/g, ' ').replace(unprintable, '\uFFFD');

const entities: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Text as it stands in an element or a quoted attribute, of HTML or XML. */
export const escapeText = (text: string): string =>
  cleaned(text).replace(/[&<>"']/g, (character) => entities.get(character) ?? character);

/** At most `length` characters, the last of them an ellipsis if some are left out. */
export function shortened(text: string, length: number): string {
  const characters = [...cleaned(text)];
  return characters.length <= length ? characters.join('') : `${characters.slice(0, length - 1).join('')}…`;
}
