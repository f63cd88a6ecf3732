/** The same program in another precision, and smaller versions of a program: what a reduction tries. */

import { type Builder, createBuilder } from '../../ir/builder.ts';
import { isOpName } from '../../ir/ops/index.ts';
import { type Program, rootsOf, valuesOf } from '../../ir/program.ts';
import { type DType, type Float, isFloat, type Shape, sameShape } from '../../ir/types.ts';
import { type Attrs, type AttrValue, reachable, type Value } from '../../ir/value.ts';
import { rebuild } from '../../passes/rebuild.ts';

const mapAttrs = (attrs: Attrs, map: (attr: AttrValue, name: string) => AttrValue): Attrs =>
  Object.fromEntries(Object.entries(attrs).map(([name, attr]) => [name, map(attr, name)]));

/** `program` with every attribute of every value mapped; throws where the result is no valid graph. */
function withAttrs(
  program: Program,
  float: Float,
  map: (attr: AttrValue, name: string) => AttrValue,
): Program {
  const o = createBuilder(float);
  const rebuilt = rebuild(program, o, (old, renamed) =>
    isOpName(old.op) ? o.make(old.op, old.inputs.map(renamed), mapAttrs(old.attrs, map)) : undefined,
  );
  return { ...rebuilt, float };
}

/** `program` in the precision `float`: the same graph, every float of another size. */
export function recast(program: Program, float: Float): Program {
  if (program.float === float) return program;
  const dtype = (of: DType): DType => (isFloat(of) ? float : of);
  const recasted = withAttrs(program, float, (attr, name) =>
    name === 'dtype' && (attr === 'f32' || attr === 'f64') ? float : attr,
  );
  return {
    ...recasted,
    inputs: program.inputs.map((decl) => ({ ...decl, dtype: dtype(decl.dtype) })),
    states: program.states.map((decl) => ({ ...decl, dtype: dtype(decl.dtype) })),
  };
}

/** `program` with every size `from` replaced by 1. */
export function withSizeOne(program: Program, from: number): Program {
  const dims = (shape: Shape): Shape => shape.map((dim) => (dim === from ? 1 : dim));
  const smaller = withAttrs(program, program.float, (attr, name) => {
    if ((name === 'shape' || name === 'dims') && typeof attr === 'object')
      return attr.map((dim) => (dim === from ? 1 : dim));
    return name === 'classes' && attr === from ? 1 : attr;
  });
  return {
    ...smaller,
    inputs: program.inputs.map((decl) => ({ ...decl, shape: dims(decl.shape) })),
    states: program.states.map((decl) => ({ ...decl, shape: dims(decl.shape).map(Number) })),
  };
}

/** Its loss alone, trained by plain descent. Undefined where there is no loss, or none that a parameter has a gradient of. */
export function lossAlone(program: Program): Program | undefined {
  const loss = program.functions[0]?.results.find(({ name }) => name === 'loss');
  return loss && trainedOn(program, loss.value, (_o, value) => value);
}

/** For each result and next state of `program`: a model that has its sum for a loss. */
export function* rootsAsLosses(program: Program): Generator<() => Program | undefined> {
  const roots = program.functions.flatMap(rootsOf).filter(({ dtype }) => isFloat(dtype));
  for (const root of new Set(roots)) {
    const axes = root.shape.map((_, axis) => axis);
    yield () => trainedOn(program, root, (o, value) => o.sum(value, { axes }));
  }
}

/** What a user would write: a loss made of one value of `program`, and plain descent. */
function trainedOn(
  program: Program,
  root: Value,
  lossOf: (o: Builder, value: Value) => Value,
): Program | undefined {
  const o = createBuilder(program.float);
  const results = [{ name: 'loss', value: root }];
  const alone = rebuild({ ...program, functions: [{ name: 'step', results, updates: [] }] }, o);
  const [value] = alone.functions.flatMap(rootsOf);
  if (!value) return undefined;
  const loss = lossOf(o, value);
  const values = reachable([loss]);
  const states = program.states.filter(
    ({ name, role }) =>
      role === 'parameter' && values.some(({ op, attrs }) => op === 'state' && attrs.name === name),
  );
  const reached = reachable([loss], ({ op, inputs }) =>
    op === 'stopGradient' ? [] : inputs.filter(({ dtype }) => isFloat(dtype)),
  );
  const isTrained = states.some(({ name }) =>
    reached.some(({ op, attrs }) => op === 'state' && attrs.name === name),
  );
  if (!isTrained || values.some(({ op }) => op === 'grad')) return undefined;
  const updates = o.within({ role: 'update' }, () =>
    states.map(({ name, dtype, shape }) => {
      const state = o.state({ name, dtype, shape });
      return { state: name, value: o.sub(state, o.mul(0.1, o.grad(loss, state))) };
    }),
  );
  const result = { name: 'loss', value: loss };
  return pruned({
    ...program,
    states: program.states.filter(({ name }) => values.some(({ attrs }) => attrs.name === name)),
    functions: [
      { name: 'step', results: [result], updates },
      { name: 'evaluate', results: [result], updates: [] },
      { name: 'predict', results: [], updates: [] },
    ],
    notes: o.notes,
  });
}

/** `program` without the inputs and states that nothing reads or writes. */
export function pruned(program: Program): Program {
  const used = new Set(valuesOf(program).map(({ attrs }) => attrs.name));
  const updated = new Set(program.functions.flatMap((fn) => fn.updates.map(({ state }) => state)));
  return {
    ...program,
    inputs: program.inputs.filter(({ name }) => used.has(name)),
    states: program.states.filter(({ name }) => used.has(name) || updated.has(name)),
  };
}

/** `program` with one value replaced: by a value it is computed from, a leaf of its type, or ones. */
export function* replacements(program: Program): Generator<() => Program> {
  const values = valuesOf(program);
  const leaves = values.filter(({ op }) => op === 'input' || op === 'state');
  for (const value of [...values].reverse()) {
    if (leaves.includes(value) || value.op === 'constant' || value.op === 'grad') continue;
    const below = reachable(value.inputs).reverse();
    const fitting = [...below, ...leaves].filter(
      (other) => other.id < value.id && other.dtype === value.dtype && sameShape(other.shape, value.shape),
    );
    for (const other of new Set(fitting)) yield () => replaced(program, value, other);
    yield () => replaced(program, value, undefined);
    if (isFloat(value.dtype)) yield () => withLeaf(program, value);
  }
}

function replaced(program: Program, value: Value, other: Value | undefined): Program {
  const o = createBuilder(program.float);
  return pruned(
    rebuild(program, o, (old, renamed) =>
      old !== value ? undefined : other ? renamed(other) : o.fill(old, 1),
    ),
  );
}

/** A new input or parameter in the place of a value, where one of its shape can be declared. */
function withLeaf(program: Program, value: Value): Program {
  const o = createBuilder(program.float);
  const name = `c${program.inputs.length + program.states.length}`;
  const { dtype, shape } = value;
  const batched = shape[0] === 'batch';
  const rebuilt = rebuild(program, o, (old) =>
    old !== value ? undefined : batched ? o.input({ name, dtype, shape }) : o.state({ name, dtype, shape }),
  );
  if (batched)
    return pruned({ ...rebuilt, inputs: [...program.inputs, { name, role: 'input', dtype, shape }] });
  const init = { kind: 'normal', mean: 0, std: 1 } as const;
  const fresh = { name, role: 'parameter', dtype, shape: shape.map(Number), init } as const;
  return pruned({ ...rebuilt, states: [...program.states, fresh] });
}

/** `program` with one result or update less. */
export function* omissions(program: Program): Generator<() => Program> {
  for (const fn of program.functions) {
    for (const root of [...fn.results, ...fn.updates]) {
      const less = {
        ...fn,
        results: fn.results.filter((result) => result !== root),
        updates: fn.updates.filter((update) => update !== root),
      };
      if (rootsOf(less).length === 0 && fn.name === 'step') continue;
      yield () =>
        pruned({ ...program, functions: program.functions.map((other) => (other === fn ? less : other)) });
    }
  }
}
