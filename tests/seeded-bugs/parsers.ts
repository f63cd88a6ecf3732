/** Faults of parsers: what is damaged is accepted, what is right is refused, a place is wrong, or the time is unbounded. */

import { inFile, type SeededBug } from './bug.ts';

const fuzzed = (parser: string): string =>
  `the parser of ${parser} > gives a value or an error with a code and a place, in time, and poisons nothing`;
const fuzzing = (file: string) => inFile(file, 'tests/fuzz/fuzz.test.ts');
const nasty = (file: string) => inFile(file, 'tests/nasty/files.test.ts');

export const parsers: readonly SeededBug[] = [
  fuzzing('src/data/numbers.ts')(fuzzed('csv'), {
    id: 'number-square-time',
    what: 'a long text that is nearly a number takes the square of its length to be refused',
    find: '/^[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?$/',
    replace: '/^[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?$/',
  }),
  fuzzing('src/data/csv-scan.ts')(fuzzed('csv'), {
    id: 'csv-quote-in-quotes',
    what: 'two quotes within quotes end the cell',
    find: "if (state === 'start' || state === 'closed') return 'quoted';",
    replace: "if (state === 'start') return 'quoted';",
  }),
  inFile('src/data/csv-scan.ts', 'tests/fuzz/pieces.test.ts')(
    'a CSV file of 20 to 400 kB > has the cells that all of its text has, or is refused as that is',
    {
      id: 'csv-piece-ends-in-quotes',
      what: 'a line end within quotes may end a piece of the file',
      find: "if (state === 'quoted') continue;",
      replace: "if (state === 'quoted' && rowStart < 0) continue;",
    },
  ),
  inFile('src/data/csv-rows.ts', 'tests/fuzz/pieces.test.ts')(
    'a CSV file of 20 to 400 kB > has the cells that all of its text has, or is refused as that is',
    {
      id: 'csv-row-after-piece',
      what: 'each piece of a file ends with an empty row',
      find: "return lines.endsWith('\\n') ? data.slice(0, -1) : data;",
      replace: 'return data;',
    },
  ),
  nasty('src/data/csv-scan.ts')('case 37: a CSV file with a line of 10 MB is refused at its row and column', {
    id: 'csv-lines-by-line-feed',
    what: 'only line feeds count as the ends of lines',
    find: 'if (byte !== LF && byte !== CR) {',
    replace: 'if (byte !== LF) {',
  }),
  fuzzing('src/data/idx.ts')(fuzzed('idx'), {
    id: 'idx-offset-announced',
    what: 'a file that is cut off is said to be wrong where it was to end',
    find: 'Math.min(expected, bytes.length)',
    replace: 'expected',
  }),
  nasty('src/data/idx.ts')('case 36: a gzip file of 500 MB, where 28 bytes are announced is refused', {
    id: 'gzip-bomb-unpacked',
    what: 'a packed file is unpacked beyond what its header announces',
    find: 'return Math.min(announced, 4 * DEFAULT_UNPACKED_LIMIT);',
    replace: 'return Math.max(announced, DEFAULT_UNPACKED_LIMIT / 4);',
  }),
  inFile('src/data/gzip.ts', 'tests/fuzz/damage.test.ts')(
    'a file of gzip > with any byte after its end is refused',
    {
      id: 'gzip-trailing-zeros',
      what: 'zeros may follow the end of a gzip file',
      find: 'if (consumed !== bytes.length) {',
      replace: 'if (consumed > bytes.length) {',
    },
  ),
  fuzzing('src/runtime/safetensors-header.ts')(fuzzed('header'), {
    id: 'header-leading-zeros',
    what: 'numbers of a header may start with zeros, as those of JSON may not',
    find: "if (/^0./.test(digits)) throw malformed('a number starts with 0', start);",
    replace: '',
  }),
  fuzzing('src/data/spec.ts')(fuzzed('specs'), {
    id: 'spec-of-prototype',
    what: 'what every object has counts as a data set',
    find: 'const keys = Object.hasOwn(OPTION_KEYS, set) ? OPTION_KEYS[set] : undefined;',
    replace: 'const keys = OPTION_KEYS[set];',
  }),
  fuzzing('src/cli/arguments.ts')(fuzzed('arguments'), {
    id: 'option-empty-value',
    what: 'the value of an option may be empty',
    find: "value === undefined || value === '' ||",
    replace: 'value === undefined ||',
  }),
  inFile('src/runtime/worker/failure.ts', 'tests/fuzz/transport.test.ts')(
    'an error that a worker passes on has its code, its message, its help and its offset',
    {
      id: 'worker-offset-lost',
      what: 'the place of an error is lost on its way from a worker',
      find: 'details: { code, message, help, at, offset, replay }',
      replace: 'details: { code, message, help, at, offset: offset && undefined, replay }',
    },
  ),
];
