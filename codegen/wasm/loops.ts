/** Loops and stores as instructions; a loop over neighbouring elements takes four of them per turn. */

import { startOf, strideOf } from '../../ir/affine.ts';
import { errors } from '../../ir/errors.ts';
import { type Index, offsetOf } from '../../ir/index-expr.ts';
import type { Bound, Statement } from '../../ir/kernel.ts';
import { accessKey, isLoopOverLanes } from '../../ir/lanes.ts';
import { bytesPerElement } from '../../ir/types.ts';
import type { Value } from '../../ir/value.ts';
import { expressionsOf, loadsOf } from '../../ir/walk.ts';
import { addressCode, dimCode, offsetAddress } from './addresses.ts';
import { contractCode } from './contract.ts';
import { countingLoop, withLocal } from './counting.ts';
import { scalarCode } from './expression.ts';
import type { Code, FunctionContext, Place } from './function.ts';
import { get, type Instruction, i32, type Local, plain, set } from './instructions.ts';
import { wasmType } from './operations.ts';

type For = Extract<Statement, { kind: 'for' }>;
type Store = Extract<Statement, { kind: 'store' }>;

export function statementsCode(statements: readonly Statement[], outer: FunctionContext): Code {
  let cx = outer;
  const code: Instruction[] = [];
  for (const statement of statements) {
    if (statement.kind === 'let') {
      const local = cx.fresh(statement.name, wasmType(statement.value.dtype, cx.lanes));
      code.push(...scalarCode(statement.value, cx), set(local));
      cx = withLocal(cx, statement.name, local);
    } else {
      for (const instruction of statementCode(statement, cx)) code.push(instruction);
    }
  }
  return code;
}

function statementCode(statement: Exclude<Statement, { kind: 'let' }>, cx: FunctionContext): Code {
  switch (statement.kind) {
    case 'for':
      return cx.lanes === 1 && isLoopOverLanes(statement)
        ? fourByFour(statement, cx)
        : oneByOne(statement, cx);
    case 'if':
      return [
        ...scalarCode(statement.condition, cx),
        { op: 'if', yes: statementsCode(statement.body, cx), no: [] },
      ];
    case 'set': {
      const local = cx.scope.get(statement.name);
      if (!local) throw errors.invalid(`the variable ${statement.name} is not declared`);
      return [...scalarCode(statement.value, cx), set(local)];
    }
    case 'fill':
      return fillCode(statement.to, statement.at, statement.value, cx);
    case 'store':
      return storeCode(statement, cx);
    case 'contract':
      return contractCode(statement, cx);
  }
}

/** The value of a bound. */
export function boundCode({ extent, times, multipleOf }: Bound, cx: FunctionContext): Code {
  if (typeof extent === 'number') {
    const value = extent * (times ?? 1);
    return [i32(multipleOf === undefined ? value : value - (value % multipleOf))];
  }
  const whole = [
    ...dimCode(extent, cx),
    ...(times === undefined || times === 1 ? [] : [i32(times), plain('i32.mul')]),
  ];
  if (multipleOf === undefined) return whole;
  return [...whole, ...whole, i32(multipleOf), plain('i32.rem_u'), plain('i32.sub')];
}

/** Where a loop begins and ends: as it says, or at the ends of the part at hand. */
const endsOf = (loop: For, cx: FunctionContext): { readonly begin: Code; readonly end: Code } =>
  cx.part?.of === loop
    ? { begin: [get(cx.part.from)], end: [get(cx.part.to)] }
    : { begin: boundCode(loop.from, cx), end: boundCode(loop.to, cx) };

function oneByOne(loop: For, cx: FunctionContext): Code {
  const { variable, step, body } = loop;
  const { begin, end: until } = endsOf(loop, cx);
  const local = cx.fresh(variable, 'i32');
  const end = cx.fresh(`${variable}End`, 'i32');
  const inside = statementsCode(body, withLocal(cx, variable, local));
  return [...begin, set(local), ...until, set(end), ...countingLoop(local, end, step, inside)];
}

interface Access {
  readonly value: Value;
  readonly index: readonly Index[];
}

function accessesOf(body: readonly Statement[]): readonly Access[] {
  const loads = loadsOf(body.flatMap(expressionsOf)).map(
    ({ from, index }): Access => ({ value: from, index }),
  );
  const stores = body.filter((statement): statement is Store => statement.kind === 'store');
  const all = [...loads, ...stores.map(({ to, index }): Access => ({ value: to, index }))];
  return all.filter(({ value }) => !(value.op === 'input' && value.shape.length === 0));
}

/** Four turns at a time as far as that goes, the rest one by one. Pointers are made before the loop. */
function fourByFour(loop: For, cx: FunctionContext): Code {
  const { variable, to, body } = loop;
  const index = cx.fresh(variable, 'i32');
  const bytes = cx.fresh(`${variable}Bytes`, 'i32');
  const whole = cx.fresh(`${variable}Whole`, 'i32');
  const end = cx.fresh(`${variable}End`, 'i32');
  const before: Instruction[] = [];
  const addresses = new Map<string, Place & { readonly moving?: Local }>();
  for (const { value, index: position } of accessesOf(body)) {
    const key = accessKey(value, position);
    if (addresses.has(key)) continue;
    const offset = offsetOf(position, value.shape);
    const moves = strideOf(offset, variable) === 1;
    const { code, offset: at } = offsetAddress(value, startOf(offset, new Set([variable])), cx);
    const pointer = cx.fresh('at', 'i32');
    before.push(...code, set(pointer));
    const moving = bytesPerElement[value.dtype] === 1 ? index : bytes;
    addresses.set(key, { pointer, offset: at, ...(moves ? { moving } : {}) });
  }
  const inner = withLocal(cx, variable, index);
  const four = statementsCode(body, { ...inner, lanes: 4, lane: variable, addresses });
  const { begin, end: until } = endsOf(loop, cx);
  const exact = typeof to.extent === 'number' && (to.extent * (to.times ?? 1)) % 4 === 0;
  const rest = exact ? [] : countingLoop(index, end, 1, statementsCode(body, inner));
  return [
    ...before,
    ...begin,
    { op: 'local.tee', local: index },
    i32(4),
    plain('i32.mul'),
    set(bytes),
    // A part begins at a multiple of 4.
    ...until,
    { op: 'local.tee', local: end },
    i32(-4),
    plain('i32.and'),
    set(whole),
    ...countingLoop(index, whole, 4, [...four, get(bytes), i32(16), plain('i32.add'), set(bytes)]),
    ...rest,
  ];
}

function storeCode({ to, index, value }: Store, cx: FunctionContext): Code {
  const { code, offset } = addressCode(to, index, cx);
  const op =
    cx.lanes === 4
      ? 'v128.store'
      : to.dtype === 'bool'
        ? 'i32.store8'
        : to.dtype === 'i32'
          ? 'i32.store'
          : (`${to.dtype}.store` as const);
  return [...code, ...scalarCode(value, cx), { op, offset }];
}

function fillCode(to: Value, at: readonly Index[], value: number, cx: FunctionContext): Code {
  if (!Object.is(value, 0)) throw errors.invalid(`fill with ${value}`);
  const rest = to.shape.slice(at.length);
  const padded = [...at, ...rest.map((): Index => ({ kind: 'const', value: 0 }))];
  const { code, offset } = offsetAddress(to, offsetOf(padded, to.shape), cx);
  const count = [
    i32(bytesPerElement[to.dtype]),
    ...rest.flatMap((dim) => [...dimCode(dim, cx), plain('i32.mul')]),
  ];
  return [...code, i32(offset), plain('i32.add'), i32(0), ...count, plain('memory.fill')];
}
