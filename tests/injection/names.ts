/** Names that try to be code, markup, sequences of a terminal, or something that every object has. */

import fc from 'fast-check';
import { seed } from '../properties/seed.ts';

/** Names that are drawn; soaking asks for more. */
export const count: number = Number(process.env.CHAINRULE_NAMES ?? 2000);

if (!Number.isSafeInteger(count) || count < 100)
  throw new Error(`CHAINRULE_NAMES must be a whole number from 100, got ${process.env.CHAINRULE_NAMES}`);

/** Milliseconds that a test of all names may take on a machine that is busy. */
export const limit: number = 90_000 * Math.max(1, count / 2000);

/** What ends a literal, a comment, an element or a line where names end up, and what stands for it. */
const breakers = [
  "'",
  '"',
  '`',
  '$' + '{process.exit(1)}',
  '$&',
  '$`',
  "$'",
  '$$',
  '*/',
  '/*',
  '//',
  ';;',
  '(;',
  ';)',
  '\\',
  '\\u0027',
  '\\u{27}',
  "\\'",
  '&#39;',
  '&quot;',
  '%27',
  '})];',
  '"); process.exit(1); ("',
  '</script><script>globalThis.hacked = 1</script>',
  '<!--',
  '-->',
  ']]>',
  '<![CDATA[',
  '</style>',
  '</svg>',
  '</title>',
  '<img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  'javascript:alert(1)',
  '{bar}',
  '{value}',
];

/** Characters that no one sees, or that turn, join and cut what one sees. */
const unseen = [
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\0',
  '\b',
  '\u001b[31m',
  '\u001b[2J\u001b[H',
  '\u001b]0;title\u0007',
  '\u001b]8;;http://example.org\u001b\\',
  '\u009b31m',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202e',
  '\u2066',
  '\u200f',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\ud800',
  '\udc00',
  '\ue000',
  '\u{e0041}',
  '\ufffe',
];

/** What looks like something else. */
const alike = [
  'а',
  'ο',
  'ѕ',
  'ｗ',
  'ﬁ',
  'é',
  'e\u0301',
  'Å',
  '\u212b',
  'ı',
  'İ',
  'ß',
  'a\u0336\u0489',
  '日本',
  '😀',
  '\u0660',
];

/** Words that mean something to the language, to an emitted module, to a file format or to every object. */
export const words: readonly string[] = (
  '__proto__ constructor prototype toString valueOf hasOwnProperty __defineGetter__ __metadata__ then toJSON default ' +
  'class await yield enum static eval arguments undefined NaN Infinity null this let of async import new super delete ' +
  'length name layout create arena batch n t seed step state metrics evaluation outputs columns Batch Math Float32Array ' +
  'f32 exp log i j k l forward backward update measure v v1 dLoss sum p max row rows memory run code bytes url pages join ' +
  'team module half single word uniform instance WebAssembly globalThis process require exports Object Array $ $$ $x x$ _ u1 u2 forward2 ' +
  '__ event lr loss learningRate momentum epoch skipped samplesSeen stepsTotal index label train test data_offsets dtype shape'
).split(' ');

const digits = ['0', '1', '10', '2', '-1', '1e3', '0x10', '4294967295', '01', '1.5'];

const paths = [
  '../../etc/passwd',
  '..\\..\\x',
  'C:\\con',
  '/dev/null',
  'a/b',
  './x.ts',
  'file:///x',
  'a?b#c',
  '~',
  '-rf',
  '--json',
  '.',
  '..',
];

const fragment = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...breakers) },
  { weight: 4, arbitrary: fc.constantFrom(...unseen) },
  { weight: 2, arbitrary: fc.constantFrom(...alike) },
  { weight: 2, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constantFrom(...digits, ...paths, ' ', 'a', 'W1') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);

/** Of fragments that the language of models accepts in a name: most of what is drawn is to be emitted, not refused. */
const seen = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...breakers) },
  { weight: 2, arbitrary: fc.constantFrom(...alike, ...words, ...digits, ...paths) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }) },
);

/** Names at the bounds of what is allowed, and far beyond. */
const long = fc
  .tuple(fragment, fc.constantFrom(255, 256, 257, 10_240))
  .filter(([text]) => text !== '')
  .map(([text, length]) => text.repeat(Math.ceil(length / text.length)).slice(0, length));

const joined = (of: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(of, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

export const hostileName: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: joined(seen) },
  { weight: 7, arbitrary: joined(fragment) },
  { weight: 2, arbitrary: fc.constantFrom(...words, ...digits, ...paths, ...alike) },
  { weight: 1, arbitrary: long },
);

/** `wanted` hostile names, no two alike: every word and fragment as it is, then drawn ones. */
export function hostileNames(wanted: number = count): readonly string[] {
  const found = new Set([...words, ...breakers, ...unseen, ...alike, ...digits, ...paths]);
  for (let round = 0; found.size < wanted; round++)
    for (const name of fc.sample(hostileName, { seed: seed + round, numRuns: wanted }))
      if (name !== '') found.add(name);
  return [...found].slice(0, wanted);
}

/** Whether parameters, inputs and labels may be called so: written down from the documentation, not from the code. */
export function isAllowed(name: string): boolean {
  const invisible =
    /[\p{Control}\p{Format}\p{Private_Use}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}]/u;
  return name.length >= 1 && name.length <= 256 && !invisible.test(name) && name !== '__metadata__';
}

/** `all` in groups of `size`. */
export const groupsOf = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

/** What a terminal must not be given: controls, marks of direction, halves of characters, other ends of lines. */
const unsafe =
  /(?!\n)[\p{Control}\p{Format}\p{Private_Use}\p{Surrogate}\p{Line_Separator}\p{Paragraph_Separator}\p{Noncharacter_Code_Point}]/u;

/** The first of it in a text, with what stands around it. */
export function unsafeIn(text: string): string | undefined {
  const at = text.search(unsafe);
  return at < 0 ? undefined : JSON.stringify(text.slice(Math.max(0, at - 40), at + 40));
}
