/** What the compiler makes of one use of an op: its notation, the types it takes, its gradient, its loops. */

import { createBuilder } from '../../ir/builder.ts';
import { describe } from '../../ir/describe.ts';
import { CompileError } from '../../ir/errors.ts';
import type { Notation } from '../../ir/notation.ts';
import { type OpName, opOf } from '../../ir/ops/index.ts';
import { printBlock } from '../../ir/print-loops.ts';
import type { Program } from '../../ir/program.ts';
import { type DType, isFloat } from '../../ir/types.ts';
import { reachable, showAttrs, type Value } from '../../ir/value.ts';
import { autodiff } from '../../passes/autodiff.ts';
import { fuse } from '../../passes/fuse.ts';
import { schedule } from '../../passes/schedule.ts';
import { simplify } from '../../passes/simplify.ts';
import { stabilize } from '../../passes/stabilize.ts';
import { named } from '../../src/derivation/tex-names.ts';
import { type Operand, type OpSample, opSamples } from './op-samples.ts';

/** The gradient at one operand, over the operands, the result z and the gradient dz at it; absent where none flows. */
export interface GradientAt {
  readonly operand: string;
  readonly notation?: Notation;
  /** The ops themselves, where the notation leaves out that something is moved or converted. */
  readonly ops?: string;
}

export interface OpFacts {
  readonly operands: readonly Operand[];
  readonly result: Value;
  readonly notation: Notation;
  /** Kinds of operands with that of the result: `float, float -> bool`. */
  readonly kinds: readonly string[];
  readonly gradients: readonly GradientAt[];
  /** The loops of a program that computes it alone, after the marker is differentiated or the sum made stable. */
  readonly loops?: string;
}

export function factsOf(op: OpName): OpFacts {
  const sample = opSamples[op];
  const { program, result } = programOf(sample);
  return {
    operands: sample.operands,
    result,
    notation: describe(result, symbolOf(program)),
    kinds: kindsOf(op, sample),
    gradients: isFloat(result.dtype) && op !== 'grad' ? gradientsOf(program, sample) : [],
    ...loopsOf(op, program),
  };
}

/** A program that predicts z = op(...), and the gradient of sum(z dz) at each float operand. */
function programOf({ operands, build }: OpSample): { readonly program: Program; readonly result: Value } {
  const o = createBuilder('f32');
  const leaves = operands.map(({ name, ...type }) => o.input({ name, ...type }));
  const result = build(o, ...leaves);
  o.annotate(result, { name: 'z' });
  const results = [{ name: 'z', value: result }];
  if (isFloat(result.dtype) && operands.length > 0) {
    const weight = o.input({ name: 'dz', dtype: 'f32', shape: result.shape });
    const axes = result.shape.map((_, axis) => axis);
    const loss = o.sum(o.mul(result, weight), { axes });
    for (const leaf of leaves)
      if (isFloat(leaf.dtype)) results.push({ name: `d${leaf.attrs.name}`, value: o.grad(loss, leaf) });
  }
  const program: Program = {
    name: 'op',
    float: 'f32',
    maxBatch: 8,
    inputs: operands.map((operand) => ({ role: 'input', ...operand })),
    states: [],
    functions: [{ name: 'predict', results, updates: [] }],
    notes: o.notes,
  };
  return { program, result };
}

/** Operands and gradients by their names; letters that are arrays are capitals in TeX. */
const symbolOf =
  (program: Program) =>
  (value: Value): Notation | undefined => {
    const own = value.op === 'input' || value.op === 'state' ? value.attrs.name : undefined;
    const name = typeof own === 'string' ? own : program.notes.get(value)?.name;
    return name === undefined ? undefined : named(name, value, name === 'dz' ? 'z' : undefined);
  };

function gradientsOf(program: Program, { operands }: OpSample): readonly GradientAt[] {
  const derived = simplify.run(autodiff.run(program));
  const results = new Map(derived.functions[0]?.results.map(({ name, value }) => [name, value]));
  const symbol = symbolOf(derived);
  return operands.flatMap(({ name, dtype }): readonly GradientAt[] => {
    const value = results.get(`d${name}`);
    if (!isFloat(dtype) || value === undefined) return [];
    if (value.op === 'constant' && value.attrs.value === 0) return [{ operand: name }];
    const told = { operand: name, notation: symbol(value) ?? describe(value, symbol) };
    const silent = reachable([value], (one) => (one.op === 'input' ? [] : one.inputs)).some(isSilent);
    return [silent ? { ...told, ops: showOps(value, symbol) } : told];
  });
}

const isSilent = ({ op }: Value): boolean => ['broadcast', 'reshape', 'cast'].includes(op);

/** `broadcast(dz, axes: [1], dims: [3])`. */
function showOps(value: Value, symbol: (value: Value) => Notation | undefined): string {
  const name = symbol(value)?.text;
  if (name !== undefined) return name;
  if (value.op === 'constant') return String(value.attrs.value);
  const attrs = showAttrs(value.attrs);
  const operands = value.inputs.map((input) => showOps(input, symbol));
  return `${value.op}(${[...operands, ...(attrs === '' ? [] : [attrs])].join(', ')})`;
}

const kindNames = { float: 'f32', int: 'i32', bool: 'bool' } as const;
type Kind = keyof typeof kindNames;
const kinds: readonly Kind[] = ['float', 'int', 'bool'];
const kindOf = (dtype: DType): Kind => (dtype === 'i32' ? 'int' : dtype === 'bool' ? 'bool' : 'float');

/** Tries every combination of kinds: what the op does not refuse, it takes. An index is an integer in any case. */
function kindsOf(op: OpName, { operands, build }: OpSample): readonly string[] {
  const { domains } = opOf(op).samples;
  const combinations = operands.reduce<readonly (readonly Kind[])[]>(
    (all, _, i) =>
      all.flatMap((before) =>
        (domains[i] === 'index' ? kinds.filter((kind) => kind === 'int') : kinds).map((kind) => [
          ...before,
          kind,
        ]),
      ),
    [[]],
  );
  return combinations.flatMap((chosen) => {
    const o = createBuilder('f32');
    const xs = operands.map(({ name, shape }, i) =>
      o.input({ name, shape, dtype: kindNames[chosen[i] ?? 'float'] }),
    );
    try {
      return [`${chosen.join(', ')} → ${kindOf(build(o, ...xs).dtype)}`.replace(/^ → /, '')];
    } catch (thrown) {
      if (thrown instanceof CompileError) return [];
      throw thrown;
    }
  });
}

/** Leaves have no loops: they are memory, or stand in the loops of others. */
function loopsOf(op: OpName, program: Program): { readonly loops?: string } {
  if (op === 'input' || op === 'state') return {};
  const functions = program.functions.map((fn) => ({
    ...fn,
    results: fn.results.filter(({ name }) => name === 'z'),
  }));
  const ready = stabilize.run(autodiff.run({ ...program, functions }));
  const lowered = withName(op === 'grad' ? simplify.run(ready) : ready);
  const { blocks } = schedule(fuse(lowered));
  const text = blocks.map((block) => printBlock(block, lowered)).join('\n');
  return text === '' ? {} : { loops: text };
}

/** What a marker becomes has no name of its own: here it is z as well. */
function withName(program: Program): Program {
  const value = program.functions[0]?.results[0]?.value;
  if (value === undefined) return program;
  const note = program.notes.get(value) ?? { role: 'forward' };
  return { ...program, notes: new Map(program.notes).set(value, { ...note, name: 'z' }) };
}
