/** Faults of names and texts on their way into emitted code, files and messages. */

import type { SeededBug } from './bug.ts';

type Fault = Pick<SeededBug, 'id' | 'what' | 'find' | 'replace'>;

const inFile =
  (file: string, test: string) =>
  (name: string, fault: Fault): SeededBug => ({
    ...fault,
    file,
    test: `tests/${test}.test.ts`,
    name,
  });

const literal = inFile('codegen/ts/literal.ts', 'dsl/hostile-names');
const names = inFile('codegen/ts/names.ts', 'dsl/hostile-names');
const declared = inFile('src/dsl/recording.ts', 'dsl/declarations');

const keepsForm = 'in every name leaves the form of the module as it is, in ASCII';
const word = (text: string): string =>
  `a name that is a word of the language, of the module or of every object > ${text} trains as any other`;

export const escaping: readonly SeededBug[] = [
  literal(`a single quote > ${keepsForm}`, {
    id: 'quote-not-escaped',
    what: 'a single quote in a name ends the literal',
    find: '.replace(/\'/g, "\\\\\'")',
    replace: '',
  }),
  literal(
    'a double quote > in every name trains as any other, and is called in results as it is in the model',
    {
      id: 'double-quote-dropped',
      what: 'a double quote in a name is dropped',
      find: '.replace(/\\\\"/g, \'"\')',
      replace: '.replace(/\\\\"/g, "\',\'")',
    },
  ),
  literal(`another alphabet > ${keepsForm}`, {
    id: 'non-ascii-emitted',
    what: 'letters beyond ASCII are emitted as they are',
    find: ".replace(/[^\\x20-\\x7e]/g, escapeUnit)}'`;",
    replace: "}'`;",
  }),
  literal('the name "a\\nb" of a model, a value or a result is text too', {
    id: 'line-break-in-comment',
    what: 'a line break in a name breaks the comment',
    find: "text.replace(/[^\\x20-\\x7e]/g, escapeUnit).replace(/\\*\\//g, '*\\\\/')",
    replace: "text.replace(/\\*\\//g, '*\\\\/')",
  }),
  literal(`the end of a comment > ${keepsForm}`, {
    id: 'comment-ended',
    what: 'a name ends the comment that it stands in',
    find: ".replace(/\\*\\//g, '*\\\\/')",
    replace: '',
  }),
  literal(word('__proto__'), {
    id: 'proto-as-property',
    what: 'a property called __proto__ sets the prototype of the object',
    find: "/^[A-Za-z_$][\\w$]*$/.test(name) && name !== '__proto__'",
    replace: '/^[A-Za-z_$][\\w$]*$/.test(name)',
  }),
  literal(`a digit > ${keepsForm}`, {
    id: 'property-unquoted',
    what: 'a name that begins with a digit is read as a property without quotes',
    find: '$/.test(name) ?',
    replace: "$/.test('a' + name) ?",
  }),
  names(word('class'), {
    id: 'reserved-word-as-variable',
    what: 'words of the language are taken as variables',
    find: "const used = new Set(taken.split(' '));",
    replace: 'const used = new Set<string>();',
  }),
  names(`a backtick > ${keepsForm}`, {
    id: 'name-as-variable',
    what: 'any name without spaces is taken as a variable',
    find: '/^[A-Za-z_$][\\w$]{0,40}$/.test(wanted)',
    replace: '/^[^ ]{1,40}$/.test(wanted)',
  }),
  names(word('sum'), {
    id: 'local-hides-array',
    what: 'a variable of a loop hides the array that a user gave its name',
    find: 'used.has(name) || retired.has(name) ||',
    replace: 'retired.has(name) ||',
  }),
  declared('names > that look the same are the same: é as one character and as two', {
    id: 'names-not-normalized',
    what: 'names that look the same count as different',
    find: "name.normalize('NFC')",
    replace: 'name',
  }),
  declared('names > of a line separator are refused for parameters, inputs and labels', {
    id: 'separator-accepted',
    what: 'a name may have line separators',
    find: '\\p{Zl}\\p{Zp}]/u',
    replace: ']/u',
  }),
  inFile('ir/value.ts', 'properties/text')(
    'a program read back from its text > keeps the constant -0 to the bit',
    {
      id: 'constant-cut',
      what: 'constants lose digits when a program is written down',
      find: "Object.is(attr, -0) ? '-0' : String(attr)",
      replace: "Object.is(attr, -0) ? '0' : String(attr)",
    },
  ),
  inFile('src/runtime/safetensors.ts', 'runtime/safetensors')('encode refuses > the name __metadata__', {
    id: 'metadata-as-tensor',
    what: 'a tensor may have the name that the format keeps for itself',
    find: "if (name === '__metadata__') {",
    replace: "if (name === '') {",
  }),
];
