/** A folder with a model, data and names that are all hostile, for the command line to work in. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Built, build } from '../process/built.ts';

/** Names that Linux lets folders have, and that end a literal, a comment and a line. */
const folderName = `it's "a" \`$${'{x}'}\` *\u2028/\n\u001b[31mred \u202e #?%27`;

export interface Project {
  readonly folder: string;
  readonly remove: () => void;
  readonly model: string;
  /** What the option --data takes. */
  readonly data: string;
  readonly built: Built;
  /** The program that is the command line. */
  readonly cli: string;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** Names that are no UTF-8 do not reach a file as they are; a cell is cut at its spaces, and has one kind of line breaks. */
const inFile = (names: readonly string[]): readonly string[] =>
  [...new Set(names.map((name) => `${Buffer.from(name).toString().replaceAll('\r', '\n')}.`.trim()))].map(
    (name, i) => `${i}${name}`,
  );

/** With names for everything; the first are classes and columns, what is left over is not used. */
export function project(names: readonly string[]): Project {
  const built = build({ withCli: true });
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'chainrule-hostile-')));
  const folder = join(top, folderName);
  mkdirSync(folder, { recursive: true });
  const [one = '', two = '', a = '', b = '', c = '', ...rest] = inFile(names);
  const [label = '', output = '', metric = '', value = '', modelName = ''] = rest;
  const rows = Array.from({ length: 30 }, (_, i) =>
    [i % 3, Math.cos(i), quoted([a, b, c][i % 3] ?? '')].join(','),
  );
  const table = join(folder, 'da\u001b[2Jta.csv');
  const data = `csv:${table}?label=${encodeURIComponent(label)}`;
  writeFileSync(table, `${[one, two, label].map(quoted).join(',')}\n${rows.join('\n')}\n`);
  const text = JSON.stringify;
  const model = join(folder, 'mo\u202edel.ts');
  writeFileSync(
    model,
    `import { accuracy, adam, dense, model, softmax, softmaxCrossEntropy } from 'chainrule';
export default model(${text(modelName)}, (m) => {
  const x = m.input('x ' + ${text("it's")}, ['batch', 2]);
  const y = m.label("*/ process.exit(3) /*", { classes: 3 });
  m.param('\`unused\`', [2], () => ({ kind: 'constant', value: 0 }));
  const logits = dense(x, 3, { name: '</script>' }).named(${text(value)});
  return {
    loss: softmaxCrossEntropy(logits, y),
    metrics: { [${text(metric)}]: accuracy(logits, y), ['__proto__']: logits.mean() },
    outputs: { [${text(output)}]: softmax(logits), constructor: logits },
  };
}, { batch: 8, epochs: 2, optimizer: adam({ learningRate: 0.1 }) });
`,
  );
  const cli = built.program(
    'cli.js',
    `import { main } from ${built.url('src/cli/main.ts')};\nawait main(process.argv.slice(2));\n`,
  );
  const remove = (): void => {
    built.remove();
    rmSync(top, { recursive: true, force: true });
  };
  return { folder, remove, model, data, built, cli };
}
