/** Functions that the loops call: exp, log and their kin spelled out, for one float or for four. */

import { errors } from '../../ir/errors.ts';
import { derivedArguments, expand, isDerived } from '../../ir/expansions.ts';
import { type Scalar, scalarBuilder } from '../../ir/scalar.ts';
import { scalarCode } from './expression.ts';
import { createLocals, type FunctionContext, type ModuleContext } from './function.ts';
import {
  get,
  type Instruction,
  type Local,
  plain,
  type WasmFunction,
  type WasmImport,
} from './instructions.ts';
import { wasmType } from './operations.ts';

/** The functions behind `wanted` and behind those that they call. */
export function helpersFor(
  wanted: ReadonlySet<string>,
  module: ModuleContext,
): { readonly functions: readonly WasmFunction[]; readonly imports: readonly WasmImport[] } {
  const functions = new Map<string, WasmFunction>();
  const imports = new Map<string, WasmImport>();
  const open = [...wanted];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (functions.has(name) || imports.has(name)) continue;
    if (name.startsWith('host_'))
      imports.set(name, { name, parameters: ['f64'], result: name === 'host_toInt' ? 'i32' : 'f64' });
    else
      functions.set(
        name,
        helper(name, {
          ...module,
          uses: (other) => {
            open.push(other);
            return other;
          },
        }),
      );
  }
  const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
  return { functions: [...functions.values()].sort(byName), imports: [...imports.values()].sort(byName) };
}

function helper(name: string, module: ModuleContext): WasmFunction {
  if (name === 'wholeOf') return wholeOf();
  if (name === 'wholeOf4') {
    module.uses('wholeOf');
    return wholeOfFour();
  }
  return derived(name, module);
}

/** JavaScript's `x | 0`: modulo 2^32. From 2^63 on a float32 is a multiple of 2^40, which is 0. */
function wholeOf(): WasmFunction {
  const x: Local = { name: 'x', type: 'f32' };
  const body: Instruction[] = [
    get(x),
    plain('i64.trunc_sat_f32_s'),
    plain('i32.wrap_i64'),
    { op: 'i32.const', value: 0 },
    get(x),
    plain('f32.abs'),
    { op: 'f32.const', value: 2 ** 63 },
    plain('f32.lt'),
    plain('select'),
  ];
  return { name: 'wholeOf', doc: 'x | 0', parameters: [x], result: 'i32', locals: [], body, exported: false };
}

function wholeOfFour(): WasmFunction {
  const x: Local = { name: 'x', type: 'v128' };
  const body: Instruction[] = [{ op: 'v128.const', words: [0, 0, 0, 0] }];
  for (let lane = 0; lane < 4; lane++) {
    body.push(
      get(x),
      { op: 'f32x4.extract_lane', lane },
      { op: 'call', name: 'wholeOf' },
      { op: 'i32x4.replace_lane', lane },
    );
  }
  return {
    name: 'wholeOf4',
    doc: 'x | 0 in each lane',
    parameters: [x],
    result: 'v128',
    locals: [],
    body,
    exported: false,
  };
}

/** A derived function as its expansion says. */
function derived(name: string, module: ModuleContext): WasmFunction {
  const lanes = name.endsWith('4') ? 4 : 1;
  const fn = lanes === 4 ? name.slice(0, -1) : name;
  if (!isDerived(fn)) throw errors.invalid(`no helper ${name}`);
  const dtype = fn === 'uniform' ? 'i32' : module.float;
  const names = derivedArguments[fn];
  const parameters = names.map((arg): Local => ({ name: arg, type: wasmType(dtype, lanes) }));
  const args = names.map((arg): Scalar => ({ kind: 'local', name: arg, dtype }));
  const root = expand(
    fn,
    scalarBuilder(module.float, () => ''),
    args,
  );
  const { fresh, all } = createLocals();
  const none: Local = { name: 'none', type: 'i32' };
  const cx: FunctionContext = {
    ...module,
    fresh,
    scope: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    lanes,
    rows: none,
    count: none,
    step: none,
    seed: none,
  };
  const body = scalarCode(root, cx);
  const result = wasmType(module.float, lanes);
  const doc = `${fn} of ${lanes === 4 ? 'four floats' : 'a float'}`;
  return { name, doc, parameters, result, locals: all, body, exported: false };
}
