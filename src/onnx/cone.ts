/** Which nodes a model needs, and what they lead to. */

import { quote } from '../runtime/names.ts';
import { unsupported } from './cursor.ts';
import type { Graph, Interface, Node } from './graph.ts';

export const isFloat = ({ type }: Interface): boolean => type === 'FLOAT' || type === 'DOUBLE';

/** Nodes that make class indices of scores, and nothing else. */
const ofIndices: ReadonlySet<string> = new Set(['ArgMax', 'Cast', 'Identity', 'Squeeze', 'Reshape']);

/** The outputs that a model can have; each of the others is remarked on. */
export function wantedOutputs(
  graph: Graph,
  producers: ReadonlyMap<string, Node>,
  remarks: string[],
): readonly Interface[] {
  const wanted: Interface[] = [];
  for (const output of graph.outputs) {
    if (isWanted(output, producers)) wanted.push(output);
    else remarks.push(`left out the output ${quote(output.name)}, which is not made of numbers`);
  }
  if (wanted.length > 0) return wanted;
  const help = 'Export the scores or probabilities too.';
  throw unsupported('it has no output of floats', help, graph.outputs[0]?.at ?? 0);
}

/** Floats, what is a map from classes to floats, and indices of classes that are computed from scores alone. */
function isWanted(output: Interface, producers: ReadonlyMap<string, Node>): boolean {
  const producer = producers.get(output.name);
  if (isFloat(output) || producer?.op === 'ZipMap') return true;
  return chainFrom(producer, producers, ofIndices).some(({ op }) => op === 'ArgMax');
}

/** A node and those before it, each by its first input, as long as they are of some ops. */
function chainFrom(
  last: Node | undefined,
  producers: ReadonlyMap<string, Node>,
  ops: ReadonlySet<string>,
): readonly Node[] {
  const chain = new Set<Node>();
  for (let node = last; node !== undefined && ops.has(node.op) && !chain.has(node); ) {
    chain.add(node);
    node = producers.get(firstOf(node));
  }
  return [...chain];
}

/** The input that a node passes on: of 1 - p beside p, p comes second. */
const firstOf = ({ op, inputs }: Node): string => inputs[op === 'Concat' ? 1 : 0] ?? '';

/** In the order of the file, where what is read comes before its readers. */
export function nodesFor(graph: Graph, outputs: readonly Interface[]): readonly Node[] {
  const wanted = new Set(outputs.map(({ name }) => name));
  const needed: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => wanted.has(output))) continue;
    needed.push(node);
    for (const input of node.inputs) wanted.add(input);
  }
  return needed.reverse();
}

/** How often each value is read, by nodes and as an output. */
export function usesOf(nodes: readonly Node[], outputs: readonly Interface[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)])
    uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

const lastLayers: ReadonlySet<string> = new Set(['Softmax', 'LogSoftmax', 'Sigmoid']);
const passedThrough: ReadonlySet<string> = new Set(['Identity', 'Cast', 'ZipMap', 'Normalizer', 'Concat']);

/** What the last layer is computed from. */
export function logitsOf(output: string, producers: ReadonlyMap<string, Node>): string | undefined {
  const chain = chainFrom(producers.get(output), producers, passedThrough);
  const start = chain[chain.length - 1];
  const last = start === undefined ? producers.get(output) : producers.get(firstOf(start));
  return last !== undefined && lastLayers.has(last.op) ? last.inputs[0] : undefined;
}

/** The outputs, and what they are other names of. */
export function resultsOf(
  outputs: readonly Interface[],
  producers: ReadonlyMap<string, Node>,
): ReadonlySet<string> {
  return new Set(
    outputs.flatMap(({ name }) => [
      name,
      ...chainFrom(producers.get(name), producers, passedThrough).map(firstOf),
    ]),
  );
}
