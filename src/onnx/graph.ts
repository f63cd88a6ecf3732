/** An ONNX graph as it was read: names, nodes and numbers, each with its place in the file. */

import type { ElementType } from '../../codegen/onnx/fields.ts';

/** A fixed size, or undefined for one that is known when it runs. */
export type Size = number | undefined;

/** Whole numbers and bools are kept as doubles, which hold all that shapes can be made of. */
export type Numbers = Float32Array | Float64Array;

export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Undefined for elements that no model of ours can hold. */
  readonly numbers: Numbers | undefined;
}

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'texts'; readonly count: number }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  /** Of a kind that is not read: subgraphs and the like. */
  | { readonly kind: 'other' };

export interface Node {
  readonly name: string;
  readonly op: string;
  /** Empty for the operators of ONNX itself. */
  readonly domain: string;
  /** An empty name stands for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly at: number;
}

export interface Interface {
  readonly name: string;
  /** Undefined for what is no tensor, or one of elements that are not known here. */
  readonly type: ElementType | undefined;
  /** Undefined where nothing is said of it. */
  readonly shape: readonly Size[] | undefined;
  readonly at: number;
}

export interface Graph {
  readonly name: string;
  readonly producer: string;
  readonly nodes: readonly Node[];
  readonly inputs: readonly Interface[];
  readonly outputs: readonly Interface[];
  readonly initializers: ReadonlyMap<string, Tensor>;
  /** The version of the operators of ONNX itself. */
  readonly opset: number;
}
