/** A WebAssembly module as bytes (WebAssembly Core Specification 2.0, chapter 5). */

import { errors } from '../../ir/errors.ts';
import {
  atomicOps,
  type Instruction,
  type Local,
  laneOps,
  memoryOps,
  plainOps,
  type WasmFunction,
  type WasmModule,
  type WasmType,
} from './instructions.ts';

const typeCodes: { readonly [T in WasmType]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** The bytes of `module`, whose memory is imported as `env.memory`. */
export function encodeModule({ imports, functions, pages, shared }: WasmModule): Uint8Array<ArrayBuffer> {
  const signatures: string[] = [];
  const signatureOf = (parameters: readonly WasmType[], result: WasmType | undefined): number => {
    const bytes = [
      0x60,
      ...vector(parameters.map((type) => [typeCodes[type]])),
      ...vector(result === undefined ? [] : [[typeCodes[result]]]),
    ];
    const key = bytes.join();
    if (!signatures.includes(key)) signatures.push(key);
    return signatures.indexOf(key);
  };
  const indexOf = new Map([...imports, ...functions].map(({ name }, i) => [name, i] as const));
  const imported = imports.map(({ name, parameters, result }) => [
    ...text('math'),
    ...text(name),
    0x00,
    ...unsigned(signatureOf(parameters, result)),
  ]);
  // A shared memory must name a limit; this one does not grow.
  const limits = shared ? [0x03, ...unsigned(pages), ...unsigned(pages)] : [0x00, ...unsigned(pages)];
  const memory = [...text('env'), ...text('memory'), 0x02, ...limits];
  const declared = functions.map(({ parameters, result }) =>
    unsigned(
      signatureOf(
        parameters.map(({ type }) => type),
        result,
      ),
    ),
  );
  const exported = functions.flatMap(({ name, exported: out }) =>
    out ? [[...text(name), 0x00, ...unsigned(indexOf.get(name) ?? 0)]] : [],
  );
  const bodies = functions.map((fn) => encodeFunction(fn, indexOf));
  const types = signatures.map((key) => key.split(',').map(Number));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, types),
    ...section(2, [memory, ...imported]),
    ...section(3, declared),
    ...section(7, exported),
    ...section(10, bodies),
  ]);
}

function encodeFunction(
  { parameters, locals, body }: WasmFunction,
  functions: ReadonlyMap<string, number>,
): number[] {
  // Locals of a type stand together, so that they are declared as one run.
  const sorted = [...locals].sort((a, b) => typeCodes[b.type] - typeCodes[a.type]);
  const slots = new Map<Local, number>([...parameters, ...sorted].map((local, i) => [local, i]));
  const runs: { type: WasmType; count: number }[] = [];
  for (const { type } of sorted) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  const code = [
    ...vector(runs.map(({ type, count }) => [...unsigned(count), typeCodes[type]])),
    ...encodeAll(body, slots, functions),
    0x0b,
  ];
  return [...unsigned(code.length), ...code];
}

function encodeAll(
  body: readonly Instruction[],
  slots: ReadonlyMap<Local, number>,
  functions: ReadonlyMap<string, number>,
): number[] {
  const bytes: number[] = [];
  for (const instruction of body) for (const byte of encode(instruction, slots, functions)) bytes.push(byte);
  return bytes;
}

function encode(
  instruction: Instruction,
  slots: ReadonlyMap<Local, number>,
  functions: ReadonlyMap<string, number>,
): readonly number[] {
  const inside = (body: readonly Instruction[]): number[] => encodeAll(body, slots, functions);
  switch (instruction.op) {
    case 'block':
    case 'loop':
      return [instruction.op === 'block' ? 0x02 : 0x03, 0x40, ...inside(instruction.body), 0x0b];
    case 'if': {
      const { result, yes, no } = instruction;
      const rest = no.length > 0 ? [0x05, ...inside(no)] : [];
      return [0x04, result === undefined ? 0x40 : typeCodes[result], ...inside(yes), ...rest, 0x0b];
    }
    case 'local.get':
    case 'local.set':
    case 'local.tee': {
      const slot = slots.get(instruction.local);
      if (slot === undefined) throw errors.invalid(`the local ${instruction.local.name} is not declared`);
      return [{ 'local.get': 0x20, 'local.set': 0x21, 'local.tee': 0x22 }[instruction.op], ...unsigned(slot)];
    }
    case 'call': {
      const index = functions.get(instruction.name);
      if (index === undefined) throw errors.invalid(`there is no function ${instruction.name}`);
      return [0x10, ...unsigned(index)];
    }
    case 'br':
    case 'br_if':
      return [instruction.op === 'br' ? 0x0c : 0x0d, ...unsigned(instruction.depth)];
    case 'i32.const':
      return [0x41, ...signed(instruction.value)];
    case 'i64.const':
      return [0x42, ...signed(instruction.value)];
    case 'f32.const':
      return [0x43, ...new Uint8Array(Float32Array.of(instruction.value).buffer)];
    case 'f64.const':
      return [0x44, ...new Uint8Array(Float64Array.of(instruction.value).buffer)];
    case 'v128.const':
      return [0xfd, 0x0c, ...new Uint8Array(Int32Array.from(instruction.words).buffer)];
  }
  if ('offset' in instruction)
    return [...opcode(memoryOps[instruction.op]), 0, ...unsigned(instruction.offset)];
  // The alignment is a power of two: four bytes.
  if ('address' in instruction)
    return [...opcode(atomicOps[instruction.op]), 2, ...unsigned(instruction.address)];
  if ('lane' in instruction) return [...opcode(laneOps[instruction.op]), instruction.lane];
  return opcode(plainOps[instruction.op]);
}

/** What follows a prefix is a number of its own. */
function opcode(code: readonly number[]): readonly number[] {
  const [first = 0, second, ...rest] = code;
  return second === undefined ? [first] : [first, ...unsigned(second), ...rest];
}

const section = (id: number, items: readonly (readonly number[])[]): number[] => {
  const content = vector(items);
  return [id, ...unsigned(content.length), ...content];
};

function vector(items: readonly (readonly number[])[]): number[] {
  const bytes = unsigned(items.length);
  for (const item of items) for (const byte of item) bytes.push(byte);
  return bytes;
}

const text = (name: string): number[] => {
  const bytes = new TextEncoder().encode(name);
  return [...unsigned(bytes.length), ...bytes];
};

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const ends = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(ends ? low : low | 0x80);
    if (ends) return bytes;
  }
}
