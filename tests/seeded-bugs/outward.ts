/** Faults of texts on their way out: to terminals, reports, listings and lines of JSON, and of clocks and terminals. */

import { inFile, type SeededBug } from './bug.ts';

const plain = inFile('src/cli/plain.ts', 'tests/injection/terminal.test.ts');
const output = inFile('src/cli/output.ts', 'tests/injection/terminal.test.ts');
const html = inFile('src/report/html.ts', 'tests/injection/reports.test.ts');
const chart = 'a chart has the elements and attributes of any other, and is well-formed';

export const outward: readonly SeededBug[] = [
  plain('a text made plain > spells out a sequence that would look like a colour of ours', {
    id: 'controls-on-terminal',
    what: 'control characters of a name reach the terminal',
    find: '[\\p{Cc}\\p{Cf}',
    replace: '[\\p{Cf}',
  }),
  plain('a text made plain > holds nothing that steers a terminal, and is as it was where it held none', {
    id: 'direction-on-terminal',
    what: 'marks of writing direction reach the terminal',
    find: '\\p{Cc}\\p{Cf}\\p{Co}',
    replace: '\\p{Cc}\\p{Co}',
  }),
  plain('lines of JSON are one line each, and read back as the same text', {
    id: 'json-unescaped',
    what: 'lines of JSON are printed without escapes beyond those of JSON',
    find: 'plain(JSON.stringify(value))',
    replace: 'JSON.stringify(value)',
  }),
  output('errors of every kind are one message each', {
    id: 'message-forges-line',
    what: 'a line break in a message begins a line of its own',
    find: "message.replace(/\\r?\\n/g, '\\n    ')",
    replace: 'message',
  }),
  inFile('src/cli/metric-table.ts', 'tests/injection/terminal.test.ts')(
    'tables and progress stay in their lines',
    {
      id: 'table-row-broken',
      what: 'a line break in the name of a metric breaks the row of a table',
      find: '...names.map(plain)',
      replace: '...names',
    },
  ),
  html(chart, {
    id: 'markup-unescaped',
    what: 'a name may open an element in a report',
    find: '.replace(/[&<>"\']/g,',
    replace: '.replace(/[&"\']/g,',
  }),
  html('a page on classes has the elements and attributes of any other', {
    id: 'report-controls',
    what: 'control characters of a name stand in a report',
    find: '[\\p{Cc}\\p{Cs}\\p{Bidi_Control}',
    replace: '[\\p{Cs}\\p{Bidi_Control}',
  }),
  inFile('ir/describe.ts', 'tests/injection/found.test.ts')(
    'a name with line breaks is one word of a listing and of an explanation',
    {
      id: 'listing-line-broken',
      what: 'a name with line breaks writes lines of its own into a listing',
      find: '? name : JSON.stringify(name)',
      replace: '? name : name',
    },
  ),
  inFile('codegen/wasm/module.ts', 'tests/injection/found.test.ts')(
    'a column called $x is read in WebAssembly',
    {
      id: 'dollar-not-a-word',
      what: 'a variable with a dollar sign is taken for one that nobody reads',
      find: '.match(/[\\w$]+/g)',
      replace: '.match(/\\w+/g)',
    },
  ),
  inFile('src/cli/progress.ts', 'tests/nasty/surroundings.test.ts')(
    'case 45: the time left is never negative, not even if durations were',
    {
      id: 'time-left-negative',
      what: 'the seconds left are negative when a clock goes backwards',
      find: 'Math.max((performance.now() - begin) / 1000, 1e-6)',
      replace: '((performance.now() - begin) / 1000)',
    },
  ),
];
