/** Translates the nodes of a graph one after the other; what cannot be written is collected, to be told all at once. */

import type { Shape } from '../../ir/types.ts';
import type { InputError } from '../runtime/errors.ts';
import { quote } from '../runtime/names.ts';
import { isFloat, logitsOf, nodesFor, resultsOf, usesOf, wantedOutputs } from './cone.ts';
import type { Context } from './context.ts';
import { malformed, unsupported } from './cursor.ts';
import type { Graph, Interface, Node } from './graph.ts';
import { valueOfTensor } from './ops/constants.ts';
import { handlerOf, supportedOps } from './ops/index.ts';
import { type Expression, isRefusal, refusal, type Val } from './values.ts';
import { named, niceName, type Writer } from './writer.ts';

export interface Translated {
  /** What the model predicts, the first one what it is trained for. */
  readonly outputs: readonly { readonly name: string; readonly expression: Expression }[];
  /** What was not taken over as it is. */
  readonly remarks: readonly string[];
}

/** Why a node cannot be written. */
interface Problem {
  readonly node: Node;
  readonly why: string;
}

export function translate(graph: Graph, writer: Writer): Translated {
  const producers = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) producers.set(output, node);
  const remarks: string[] = [];
  const outputs = wantedOutputs(graph, producers, remarks);
  const needed = nodesFor(graph, outputs);
  const values = new Map<string, Val>();
  const surroundings: Surroundings = {
    graph,
    writer,
    values,
    producers,
    done: new Set(),
    remarks,
    fixedBatch: declareInputs(graph, writer, values, remarks),
  };
  const settling: Settling = {
    uses: usesOf(needed, outputs),
    results: resultsOf(outputs, producers),
    logits: logitsOf(outputs[0]?.name ?? '', producers),
  };
  const problems: Problem[] = [];
  for (const node of needed) {
    const results = attempt(node, contextOf(surroundings, node), problems);
    surroundings.done.add(node);
    node.outputs.forEach((name, i) => {
      const result = results[i];
      if (result !== undefined) values.set(name, settled(writer, name, result, settling));
    });
  }
  if (problems.length > 0) throw problemsIn(problems);
  return {
    remarks,
    outputs: outputs.map((output) => ({ name: output.name, expression: resultOf(output, values) })),
  };
}

/** Declares what flows in; gives the number of samples where the file fixes it. */
function declareInputs(
  graph: Graph,
  writer: Writer,
  values: Map<string, Val>,
  remarks: string[],
): number | undefined {
  let fixed: number | undefined;
  for (const input of graph.inputs.filter(({ name }) => !graph.initializers.has(name))) {
    const [samples, ...sizes] = input.shape ?? [];
    if (!isFloat(input) || input.shape === undefined || input.shape.length === 0)
      throw unsupported(
        `the input ${quote(input.name)} is not an array of floats with an axis of samples`,
        'Export it with such inputs.',
        input.at,
      );
    const known = sizes.map((size) => {
      if (size !== undefined) return size;
      const help = 'Export it with sizes for all axes but the first, which counts the samples.';
      throw unsupported(`the input ${quote(input.name)} has more than one open axis`, help, input.at);
    });
    if (samples !== undefined && samples > 0) {
      fixed ??= samples;
      remarks.push(
        `the input ${quote(input.name)} was made for ${samples} at a time; the model takes any number`,
      );
    }
    const shape: Shape = ['batch', ...known];
    const name = writer.dataName(input.name, 'x');
    const identifier = writer.identifier(name);
    writer.declareInput(identifier, name, shape);
    values.set(input.name, named(identifier, shape, 'float', true));
  }
  return fixed;
}

/** What the nodes have in common. */
interface Surroundings {
  readonly graph: Graph;
  readonly writer: Writer;
  readonly values: ReadonlyMap<string, Val>;
  readonly producers: ReadonlyMap<string, Node>;
  readonly done: Set<Node>;
  readonly remarks: string[];
  readonly fixedBatch: number | undefined;
}

function contextOf(
  { graph, writer, values, producers, done, remarks, fixedBatch }: Surroundings,
  node: Node,
): Context {
  const find = (name: string): Val | undefined => {
    const known = values.get(name);
    const stored = known === undefined ? graph.initializers.get(name) : undefined;
    return stored === undefined ? known : valueOfTensor(stored, true);
  };
  const optional = (i: number): Val | undefined => {
    const name = node.inputs[i] ?? '';
    if (name === '') return undefined;
    const found = find(name);
    const producer = producers.get(name);
    if (found === undefined && (producer === undefined || !done.has(producer)))
      throw malformed(`${quote(name)} is read before anything computes it`, node.at);
    return found;
  };
  return {
    node,
    opset: graph.opset,
    fixedBatch,
    freezesScaling: graph.producer === 'skl2onnx',
    writer,
    optional,
    input(i) {
      const found = optional(i);
      if (found !== undefined) return found;
      throw refusal((node.inputs[i] ?? '') === '' ? `its input ${i} is missing` : follows);
    },
    count: node.inputs.length,
    valueOf: find,
    producerOf: (name) => producers.get(name),
    remark: (text) => void remarks.push(text),
  };
}

/** What reads from a node that cannot be written is not told of as well. */
const follows = 'it follows from what cannot be read';

function attempt(node: Node, context: Context, problems: Problem[]): readonly (Val | undefined)[] {
  const handler = handlerOf(node.domain, node.op);
  if (handler === undefined) {
    problems.push({ node, why: '' });
    return [];
  }
  try {
    const results = handler(context);
    return 'kind' in results ? [results] : results;
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown;
    if (thrown.message !== follows) problems.push({ node, why: thrown.message });
    return [];
  }
}

interface Settling {
  readonly uses: ReadonlyMap<string, number>;
  readonly results: ReadonlySet<string>;
  readonly logits: string | undefined;
}

const isCall = (text: string): boolean => /^[a-zA-Z]+\(/.test(text);

/** Gives an expression a name where it is used twice, where a layer ends, and before the loss. */
function settled(writer: Writer, name: string, value: Val, { uses, results, logits }: Settling): Val {
  if (value.kind !== 'expression' || value.bound) return value;
  const wanted = name === logits ? 'logits' : niceName(name);
  const labelled = wanted === undefined ? value : { ...value, wanted };
  const isOnce = (uses.get(name) ?? 0) < 2 && name !== logits;
  if (isOnce && (results.has(name) || !isCall(value.text))) return labelled;
  return writer.bind(value, wanted ?? writer.nextFor(value));
}

function resultOf(output: Interface, values: ReadonlyMap<string, Val>): Expression {
  const found = values.get(output.name);
  if (found?.kind === 'expression' && found.element !== 'bool') return found;
  throw unsupported(
    `the output ${quote(output.name)} is not computed from inputs`,
    'Export what the network predicts.',
    output.at,
  );
}

/** As many as fit on a screen. */
const mostTold = 20;

function problemsIn(problems: readonly Problem[]): InputError {
  const told = problems.slice(0, mostTold).map(({ node, why }) => {
    const op = node.domain === '' ? node.op : `${node.domain} ${node.op}`;
    return `${quote(op)}${node.name === '' ? '' : ` (node ${quote(node.name)})`}${why === '' ? '' : `: ${why}`}`;
  });
  const more = problems.length > mostTold ? `; and ${problems.length - mostTold} more` : '';
  return unsupported(
    `there is nothing to write for ${told.join('; ')}${more}`,
    `These can be imported: ${supportedOps.join(', ')}.`,
    problems[0]?.node.at ?? 0,
  );
}
