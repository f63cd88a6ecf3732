/** From the bytes of an ONNX file to a model in TypeScript that a person could have written, and its weights. */

import { commentText, propertyName, textLiteral } from '../../codegen/ts/literal.ts';
import { encodeSafetensors, type Tensor } from '../runtime/safetensors.ts';
import { decodeOnnx } from './decode.ts';
import { type Loss, type Objective, objectiveOf } from './loss.ts';
import { translate } from './translate.ts';
import { createWriter, type Parameter, type Writer } from './writer.ts';

export interface ImportOptions {
  /** What the model is called. */
  readonly name: string;
  /** The file that the weights will be in, for the comment that says so. */
  readonly weightsFile: string;
  /** By the last layer unless given. */
  readonly loss?: Loss | undefined;
}

export interface Imported {
  /** The text of the model file. */
  readonly model: string;
  /** All parameters by their names, as a safetensors file. */
  readonly weights: Uint8Array;
  readonly loss: Loss;
  readonly parameters: number;
  /** What was not taken over as it is. */
  readonly remarks: readonly string[];
}

/** Throws `onnx/format` for what is malformed, and `onnx/unsupported` with all that cannot be written. */
export function importOnnx(bytes: Uint8Array, options: ImportOptions): Imported {
  const graph = decodeOnnx(bytes);
  const writer = createWriter();
  const { outputs, remarks } = translate(graph, writer);
  const [first, ...others] = outputs;
  if (first === undefined) throw new Error('a graph without outputs was translated');
  const objective = objectiveOf(first.expression, options.loss, writer);
  const names = new Set<string>();
  const results = [{ ...first, expression: objective.output }, ...others].map(({ name, expression }) => {
    const key = /^[ -~]{1,256}$/.test(name) && !names.has(name) ? name : `output${names.size + 1}`;
    names.add(key);
    return `${propertyName(key)}: ${expression.text}`;
  });
  return {
    model: textOf(writer, objective, results, options),
    weights: encodeSafetensors(
      new Map(writer.parameters.map((parameter) => [parameter.name, tensorOf(parameter)])),
      new Map([
        ['format', 'chainrule'],
        ['model', options.name],
      ]),
    ),
    loss: objective.kind,
    parameters: writer.parameters.length,
    remarks,
  };
}

function tensorOf({ shape, numbers }: Parameter): Tensor {
  return numbers instanceof Float32Array
    ? { dtype: 'F32', shape, data: numbers }
    : { dtype: 'F64', shape, data: numbers };
}

function textOf(
  writer: Writer,
  { loss, metrics, label }: Objective,
  results: readonly string[],
  { name, weightsFile }: ImportOptions,
): string {
  const optimizer = writer.use('adam');
  const imports = [...writer.imports, 'model'].sort((a, b) => (a < b ? -1 : 1));
  const declarations = [...writer.inputs, label, ...writer.declarations];
  const lines = [
    `/** Written by chainrule import, to be changed: \`train --init ${commentText(weightsFile)}\` starts where it was. */`,
    '',
    ...fitting('', 'import {', imports, "} from 'chainrule';"),
    '',
    'export default model(',
    `  ${textLiteral(name)},`,
    '  (m) => {',
    ...declarations.map((line) => `    ${line}`),
    '',
    ...writer.statements.flatMap((statement) => statementLines(statement)),
    ...(writer.statements.length > 0 ? [''] : []),
    '    return {',
    `      loss: ${loss},`,
    ...(metrics === undefined ? [] : [`      metrics: ${metrics},`]),
    ...fitting('      ', 'outputs: {', results, '},'),
    '    };',
    '  },',
    `  { batch: 32, epochs: 10, optimizer: ${optimizer}({ learningRate: 0.001 }) },`,
    ');',
    '',
  ];
  return lines.join('\n');
}

/** As wide as a page is read. */
const width = 110;

/** Between brackets: in one line if it fits, else one line for each part. */
function fitting(indent: string, open: string, parts: readonly string[], close: string): readonly string[] {
  const line = `${indent}${open} ${parts.join(', ')} ${close}`;
  if (line.length <= width) return [line];
  return [`${indent}${open}`, ...parts.map((part) => `${indent}  ${part},`), `${indent}${close}`];
}

/** A long chain of methods has one of them on each line. */
function statementLines(statement: string): readonly string[] {
  if (statement.length + 4 <= width) return [`    ${statement}`];
  const parts: string[] = [];
  let [depth, from, quoted] = [0, 0, false];
  for (let i = 0; i < statement.length; i++) {
    const character = statement[i] ?? '';
    if (character === "'") quoted = !quoted;
    if (quoted) continue;
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    if (
      character === '.' &&
      depth === 0 &&
      /[a-zA-Z]/.test(statement[i + 1] ?? '') &&
      !/= m$/.test(statement.slice(from, i))
    ) {
      parts.push(statement.slice(from, i));
      from = i;
    }
  }
  parts.push(statement.slice(from));
  return parts.map((part, i) => (i === 0 ? `    ${part}` : `      ${part}`));
}
