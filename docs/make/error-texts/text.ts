/** What the page of errors says of a code, and what it shows as an example. */

export interface ErrorText {
  readonly code: string;
  /** What has happened, in one sentence. */
  readonly means: string;
  /** Why it is refused and not put right silently. */
  readonly why: string;
  /** How to mend it. */
  readonly mend: string;
  readonly example: Example;
}

export type Example =
  /** The text of a model that is refused, or warned of, when it is compiled; `times` more than once for what shows then. */
  | { readonly kind: 'model'; readonly text: string; readonly times?: number }
  /** A program that throws, run beside the trainer of `model`: of the one at the top of the page unless given. */
  | { readonly kind: 'call'; readonly text: string; readonly model?: string }
  /** A command that fails, in a folder with `files` and the model at the top of the page. */
  | { readonly kind: 'command'; readonly words: string; readonly files?: Files; readonly model?: string }
  /** What takes another process, a network or a fault of ours: the words are told, and not made by running something. */
  | { readonly kind: 'told'; readonly message: string };

/** Contents by name; of bytes, a list of numbers. */
export type Files = Readonly<Record<string, string | readonly number[]>>;

/** A model around the lines that matter; what it uses of chainrule is imported. */
export function modelOf(
  lines: readonly string[],
  {
    more = [],
    options = 'batch: 8, optimizer: gradientDescent({ learningRate: 0.1 })',
    head = [],
  }: { readonly more?: readonly string[]; readonly options?: string; readonly head?: readonly string[] } = {},
): string {
  const used = ['model', ...(options.includes('gradientDescent') ? ['gradientDescent'] : []), ...more];
  const names = [...new Set(used)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return [
    `import { ${names.join(', ')} } from 'chainrule';`,
    '',
    ...head,
    "export default model('example', (m) => {",
    ...lines.map((line) => `  ${line}`),
    `}, { ${options} });`,
  ].join('\n');
}

/** A program on the trainer of `name`. */
export const callOf = (name: string, ...lines: readonly string[]): string =>
  [
    "import { createTrainer } from 'chainrule/runtime';",
    `import * as ${name} from './${name}.trainer.ts';`,
    '',
    ...lines,
  ].join('\n');

/** The model that calls and commands use. */
export const tiny = `import { dense, gradientDescent, model, softmax, softmaxCrossEntropy } from 'chainrule';

export default model('tiny', (m) => {
  const x = m.input('x', ['batch', 2]);
  const y = m.label('y', { classes: 2 });
  const scores = dense(x, 2);
  return { loss: softmaxCrossEntropy(scores, y), outputs: { probabilities: softmax(scores) } };
}, { data: 'moons', batch: 4, optimizer: gradientDescent({ learningRate: 0.1 }) });`;
