/** Names for people: every tensor of a written graph is called what the model calls it, and no two are called the same. */

import { hidden } from './emitter.ts';
import type { NodeProto } from './encode.ts';

export interface Labelling {
  /** Names of inputs and weights, which nothing else may have. */
  readonly reserved: readonly string[];
  /** What the model calls its results, and the tensors that hold them. */
  readonly results: readonly { readonly name: string; readonly tensor: string }[];
  /** What the model calls other tensors. */
  readonly suggestions: ReadonlyMap<string, string>;
}

export interface Labelled {
  readonly nodes: readonly NodeProto[];
  readonly rename: (tensor: string) => string;
  /** The tensor of each result: its own name, unless an input or a weight has it. */
  readonly outputs: ReadonlyMap<string, string>;
}

export function labelNodes(
  nodes: readonly NodeProto[],
  { reserved, results, suggestions }: Labelling,
): Labelled {
  const used = new Set(reserved);
  const claim = (wanted: string, suffix: string): string => {
    let name = wanted;
    for (let i = 2; used.has(name); i++) name = i === 2 ? `${wanted}${suffix}` : `${wanted}${suffix}${i}`;
    used.add(name);
    return name;
  };
  const outputs = new Map(results.map(({ name }) => [name, claim(name, '.output')]));
  const made = new Set(nodes.flatMap(({ outputs: own }) => own));
  const names = new Map<string, string>(reserved.map((name) => [name, name]));
  const copies: NodeProto[] = [];
  for (const { name, tensor } of results) {
    const output = outputs.get(name) ?? name;
    // An input, a weight, or what another result is already called after, is copied.
    if (made.has(tensor) && !names.has(tensor)) names.set(tensor, output);
    else copies.push({ op: 'Identity', inputs: [tensor], outputs: [output], attributes: {} });
  }
  const counts = new Map<string, number>();
  const numbered = (op: string): string => {
    const count = (counts.get(op) ?? 0) + 1;
    counts.set(op, count);
    return claim(`${op.charAt(0).toLowerCase()}${op.slice(1)}${count}`, '_');
  };
  for (const { op, outputs: own } of nodes) {
    for (const tensor of own) {
      if (names.has(tensor)) continue;
      const suggested = suggestions.get(tensor);
      names.set(tensor, suggested === undefined ? numbered(op) : claim(suggested, '_'));
    }
  }
  const rename = (tensor: string): string => {
    const known = names.get(tensor) ?? claim(tensor.replace(hidden, '').replaceAll(' ', '_'), '_');
    names.set(tensor, known);
    return known;
  };
  const renamed = nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  const copied = copies.map((copy) => ({ ...copy, inputs: copy.inputs.map(rename) }));
  return { nodes: [...renamed, ...copied], rename, outputs };
}
