/** WebAssembly as data: instructions by their names in the specification, and functions made of them. */

export type WasmType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** `[name, ...immediates]`; a structure holds the instructions inside it. */
export type Instruction =
  | { readonly op: 'block' | 'loop'; readonly body: readonly Instruction[] }
  | {
      readonly op: 'if';
      readonly result?: WasmType;
      readonly yes: readonly Instruction[];
      readonly no: readonly Instruction[];
    }
  | { readonly op: 'local.get' | 'local.set' | 'local.tee'; readonly local: Local }
  | { readonly op: 'call'; readonly name: string }
  | { readonly op: 'br' | 'br_if'; readonly depth: number }
  | { readonly op: 'i32.const' | 'i64.const' | 'f32.const' | 'f64.const'; readonly value: number }
  /** Four words of 32 bits. */
  | { readonly op: 'v128.const'; readonly words: readonly number[] }
  | { readonly op: MemoryOp; readonly offset: number }
  | { readonly op: AtomicOp; readonly address: number }
  | { readonly op: LaneOp; readonly lane: number }
  | { readonly op: PlainOp };

/** A variable of a function; parameters come first. */
export interface Local {
  readonly name: string;
  readonly type: WasmType;
}

export interface WasmFunction {
  readonly name: string;
  /** One line for people. */
  readonly doc: string;
  readonly parameters: readonly Local[];
  readonly result?: WasmType;
  readonly locals: readonly Local[];
  readonly body: readonly Instruction[];
  readonly exported: boolean;
}

/** A function of the host. */
export interface WasmImport {
  readonly name: string;
  readonly parameters: readonly WasmType[];
  readonly result: WasmType;
}

export interface WasmModule {
  readonly imports: readonly WasmImport[];
  readonly functions: readonly WasmFunction[];
  /** Pages of 64 KiB. */
  readonly pages: number;
  /** Memory that several threads see. */
  readonly shared: boolean;
}

export const get = (local: Local): Instruction => ({ op: 'local.get', local });
export const set = (local: Local): Instruction => ({ op: 'local.set', local });
/** A variable for an integer. */
export const integer = (name: string): Local => ({ name, type: 'i32' });
export const i32 = (value: number): Instruction => ({ op: 'i32.const', value: value | 0 });
export const plain = (op: PlainOp): Instruction => ({ op });

/** Numeric instructions without immediates: their opcodes, after the prefix 0xfd where there are two. */
export const plainOps = {
  unreachable: [0x00],
  drop: [0x1a],
  select: [0x1b],
  'i32.eqz': [0x45],
  'i32.eq': [0x46],
  'i32.ne': [0x47],
  'i32.lt_s': [0x48],
  'i32.gt_s': [0x4a],
  'i32.le_s': [0x4c],
  'i32.ge_s': [0x4e],
  'f32.eq': [0x5b],
  'f32.ne': [0x5c],
  'f32.lt': [0x5d],
  'f32.le': [0x5f],
  'f64.eq': [0x61],
  'f64.ne': [0x62],
  'f64.lt': [0x63],
  'f64.le': [0x65],
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'i32.mul': [0x6c],
  'i32.div_u': [0x6e],
  'i32.rem_u': [0x70],
  'i32.and': [0x71],
  'i32.or': [0x72],
  'i32.xor': [0x73],
  'i32.shl': [0x74],
  'i32.shr_s': [0x75],
  'i32.shr_u': [0x76],
  'f32.abs': [0x8b],
  'f32.neg': [0x8c],
  'f32.floor': [0x8e],
  'f32.sqrt': [0x91],
  'f32.add': [0x92],
  'f32.sub': [0x93],
  'f32.mul': [0x94],
  'f32.div': [0x95],
  'f32.min': [0x96],
  'f32.max': [0x97],
  'f64.abs': [0x99],
  'f64.neg': [0x9a],
  'f64.floor': [0x9c],
  'f64.sqrt': [0x9f],
  'f64.add': [0xa0],
  'f64.sub': [0xa1],
  'f64.mul': [0xa2],
  'f64.div': [0xa3],
  'f64.min': [0xa4],
  'f64.max': [0xa5],
  'i32.wrap_i64': [0xa7],
  'f32.convert_i32_s': [0xb2],
  'f64.convert_i32_s': [0xb7],
  'i32.reinterpret_f32': [0xbc],
  'f32.reinterpret_i32': [0xbe],
  'i64.trunc_sat_f32_s': [0xfc, 4],
  'memory.fill': [0xfc, 11, 0],
  'i32x4.splat': [0xfd, 17],
  'f32x4.splat': [0xfd, 19],
  'i32x4.eq': [0xfd, 55],
  'i32x4.ne': [0xfd, 56],
  'i32x4.lt_s': [0xfd, 57],
  'i32x4.le_s': [0xfd, 61],
  'f32x4.eq': [0xfd, 65],
  'f32x4.ne': [0xfd, 66],
  'f32x4.lt': [0xfd, 67],
  'f32x4.le': [0xfd, 69],
  'v128.not': [0xfd, 77],
  'v128.and': [0xfd, 78],
  'v128.or': [0xfd, 80],
  'v128.xor': [0xfd, 81],
  'v128.bitselect': [0xfd, 82],
  'v128.any_true': [0xfd, 83],
  'f32x4.floor': [0xfd, 104],
  'i16x8.extend_low_i8x16_u': [0xfd, 137],
  'i32x4.extend_low_i16x8_u': [0xfd, 169],
  'i32x4.abs': [0xfd, 160],
  'i32x4.neg': [0xfd, 161],
  'i32x4.shl': [0xfd, 171],
  'i32x4.shr_s': [0xfd, 172],
  'i32x4.shr_u': [0xfd, 173],
  'i32x4.add': [0xfd, 174],
  'i32x4.sub': [0xfd, 177],
  'i32x4.mul': [0xfd, 181],
  'i32x4.min_s': [0xfd, 182],
  'i32x4.max_s': [0xfd, 184],
  'f32x4.abs': [0xfd, 224],
  'f32x4.neg': [0xfd, 225],
  'f32x4.sqrt': [0xfd, 227],
  'f32x4.add': [0xfd, 228],
  'f32x4.sub': [0xfd, 229],
  'f32x4.mul': [0xfd, 230],
  'f32x4.div': [0xfd, 231],
  'f32x4.min': [0xfd, 232],
  'f32x4.max': [0xfd, 233],
  'i32x4.trunc_sat_f32x4_s': [0xfd, 248],
  'f32x4.convert_i32x4_s': [0xfd, 250],
  'f32x4.relaxed_madd': [0xfd, 0x105],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type PlainOp = keyof typeof plainOps;

/** Loads and stores; the immediate is an offset in bytes. No alignment is promised. */
export const memoryOps = {
  'i32.load': [0x28],
  'f32.load': [0x2a],
  'f64.load': [0x2b],
  'i32.load8_u': [0x2d],
  'i32.store': [0x36],
  'f32.store': [0x38],
  'f64.store': [0x39],
  'i32.store8': [0x3a],
  'v128.load': [0xfd, 0],
  'v128.load32_splat': [0xfd, 9],
  'v128.store': [0xfd, 11],
  'v128.load32_zero': [0xfd, 92],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type MemoryOp = keyof typeof memoryOps;

/** Atomic access to words of 32 bits, which must be aligned (WebAssembly Threads, chapter 4). */
export const atomicOps = {
  'memory.atomic.notify': [0xfe, 0x00],
  'memory.atomic.wait32': [0xfe, 0x01],
  'i32.atomic.load': [0xfe, 0x10],
  'i32.atomic.store': [0xfe, 0x17],
  'i32.atomic.rmw.add': [0xfe, 0x1e],
  'i32.atomic.rmw.sub': [0xfe, 0x25],
  'i32.atomic.rmw.cmpxchg': [0xfe, 0x48],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type AtomicOp = keyof typeof atomicOps;

export const laneOps = {
  'i32x4.extract_lane': [0xfd, 27],
  'i32x4.replace_lane': [0xfd, 28],
  'f32x4.extract_lane': [0xfd, 31],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type LaneOp = keyof typeof laneOps;
