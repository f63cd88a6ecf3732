/** Text from outside as a terminal may show it: what would steer the terminal, or turn the order of letters, is spelled out. */

/** Controls, marks of writing direction and other invisible characters, halves of characters, separators of lines. */
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

const escapeUnits = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** `text` in one line: a line break in a name must not begin a line that looks like one of ours. */
export const plain = (text: string): string => text.replace(unprintable, escapeUnits);

/** `text` with its line breaks. */
export const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

/** A value as one line of JSON: the escapes are those of JSON, so that it reads back as the same text. */
export const jsonLine = (value: unknown): string => plain(JSON.stringify(value));
