/** Safetensors files and their header: members, dims, offsets and names as the format has them, and as it has not. */

import { decodeSafetensors, encodeSafetensors, type Tensor } from '../../../src/runtime/index.ts';
import { readHeader, type TensorEntry } from '../../../src/runtime/safetensors-header.ts';
import { join, type Mutator, textBytes } from '../bytes.ts';
import type { Target } from '../harness.ts';
import type { Random } from '../random.ts';
import { again, isInputError } from '../refusals.ts';

const names = [
  'w',
  'b1',
  '',
  '__proto__',
  'constructor',
  'toString',
  '10',
  '2',
  'é',
  '"',
  '\\',
  '\u2028',
  '\ud800',
];
const numbers = [
  '0',
  '1',
  '4',
  '8',
  '-1',
  '01',
  '1.0',
  '1e3',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '1'.repeat(400),
];
const dtypes = ['F32', 'F64', 'I32', 'BF16', 'f32', '', 'F32\\u0000'];
const bytesOf: Readonly<Record<string, number>> = { F32: 4, F64: 8, I32: 4 };

/** A header as text, its members apart. */
interface Draft {
  readonly members: string[];
  readonly size: number;
}

function draft(random: Random): Draft {
  const members: string[] = [];
  let end = 0;
  const own = names.filter(() => random.chance(0.25));
  if (random.chance(0.3))
    members.push(`"__metadata__":{${random.chance(0.7) ? '"step":"3"' : '"a":"","b":"\\u0041"'}}`);
  for (const name of own) {
    const dtype = random.pick(['F32', 'F64', 'I32']);
    const shape = Array.from({ length: random.below(4) }, () => random.below(4));
    const begin = end;
    end += shape.reduce((product, dim) => product * dim, 1) * (bytesOf[dtype] ?? 0);
    const fields = [`"dtype":"${dtype}"`, `"shape":[${shape}]`, `"data_offsets":[${begin},${end}]`];
    if (random.chance(0.2)) fields.reverse();
    members.push(`${JSON.stringify(name)}:{${fields}}`);
  }
  return { members, size: end };
}

type Damage = (draft: Draft, random: Random) => Draft;

/** Changes one member in place. */
const inMember =
  (change: (member: string, random: Random) => string): Damage =>
  ({ members, size }, random) => {
    if (members.length === 0) return { members, size };
    const at = random.below(members.length);
    return { members: members.map((member, i) => (i === at ? change(member, random) : member)), size };
  };

/** Changes one of the places of a pattern. */
const replaceOne = (
  text: string,
  pattern: RegExp,
  random: Random,
  value: (found: string) => string,
): string => {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { index, 0: part } = random.pick(found);
  return text.slice(0, index) + value(part) + text.slice(index + part.length);
};

const damages: readonly Damage[] = [
  inMember((member, random) => replaceOne(member, /\d+/g, random, () => random.pick(numbers))),
  inMember((member, random) =>
    replaceOne(member, /\d+/g, random, (n) => String(Number(n) + random.pick([-1, 1, 4, 8]))),
  ),
  inMember((member, random) => replaceOne(member, /[FI]\d\d/g, random, () => random.pick(dtypes))),
  inMember((member, random) =>
    replaceOne(member, /^"[^"]*"/g, random, () => JSON.stringify(random.pick(names))),
  ),
  inMember((member, random) =>
    replaceOne(member, /[a-z]/g, random, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  ),
  inMember((member, random) =>
    replaceOne(member, /[,:{}[\]]/g, random, () =>
      random.pick(['', ',', ':', '{', '[', '}', ']', 'null', '""']),
    ),
  ),
  inMember((member, random) =>
    replaceOne(member, /[,:]/g, random, (c) => random.pick([' ', '\n', '\t', '\r', '\v']) + c),
  ),
  inMember((member, random) => member.replace('[', '['.repeat(1 + random.below(2000)))),
  inMember((member, random) =>
    member.replace(/\}$/, `,${random.pick(['"stride":[1]', '"dtype":"F32"', '"shape":[]', '"x":{}'])}}`),
  ),
  ({ members, size }, random) => ({
    members: members.length > 0 ? [...members, random.pick(members)] : members,
    size,
  }),
  ({ members, size }) => ({ members: members.slice(1), size }),
  ({ members, size }) => ({ members: [...members].reverse(), size }),
  ({ members, size }, random) => ({ members, size: Math.max(0, size + random.pick([-8, -1, 1, 4, 8])) }),
];

function grownHeader(random: Random): { readonly header: string; readonly size: number } {
  let drawn = draft(random);
  for (let left = random.pick([0, 0, 0, 1, 1, 2]); left > 0; left--)
    drawn = random.pick(damages)(drawn, random);
  const padding = ' '.repeat(random.pick([0, 0, 1, 7]));
  return { header: `{${drawn.members.join(',')}}${padding}`, size: drawn.size };
}

function fileOf(header: Uint8Array, size: number, random: Random): Uint8Array {
  const length = new Uint8Array(8);
  const claimed = header.length + (random.chance(0.1) ? random.pick([-8, -1, 1, 8, 2 ** 20, 2 ** 31]) : 0);
  const view = new DataView(length.buffer);
  view.setUint32(0, Math.max(0, claimed), true);
  if (random.chance(0.02)) view.setUint32(4, random.pick([1, 0x7fffffff, 0xffffffff]), true);
  return join(
    length,
    header,
    Uint8Array.from({ length: size }, () => random.below(256)),
  );
}

/** Writes the length of the header anew, so that what follows is looked at. */
const mendLength: Mutator = (input) => {
  const end = input.lastIndexOf(0x7d);
  if (input.length < 8 || end < 8) return input;
  const out = input.slice();
  new DataView(out.buffer).setBigUint64(0, BigInt(end + 1 - 8), true);
  return out;
};

export const tensors: Tensors = new Map<string, Tensor>([
  ['w', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, Number.NaN, -0, 4) }],
  ['__proto__', { dtype: 'F64', shape: [1], data: Float64Array.of(5) }],
  ['i', { dtype: 'I32', shape: [], data: Int32Array.of(-7) }],
  ['none', { dtype: 'F32', shape: [0, 3], data: new Float32Array(0) }],
]);
const seeds = [
  encodeSafetensors(new Map()),
  encodeSafetensors(new Map(), new Map([['constructor', 'x']])),
  encodeSafetensors(tensors, new Map([['step', '3']])),
];
const headers = seeds.map((file) => file.slice(8, 8 + new DataView(file.buffer).getUint32(0, true)));

const bytesIn = (data: Tensor['data']): Buffer => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** What was read must be written to a file that is read alike, and that one to the same bytes again. */
function parseFile(input: Uint8Array): void {
  const read = decodeSafetensors(input);
  const written = again(() => encodeSafetensors(read.tensors, read.metadata));
  const other = again(() => decodeSafetensors(written));
  if (JSON.stringify([...other.metadata]) !== JSON.stringify([...read.metadata]))
    throw new Error('other metadata');
  checkSame(read.tensors, other.tensors);
  if (!Buffer.from(encodeSafetensors(other.tensors, other.metadata)).equals(written))
    throw new Error('other bytes');
}

type Tensors = ReadonlyMap<string, Tensor>;

/** The same names in the same order, and the same bits. */
export function checkSame(tensors: Tensors, others: Tensors): void {
  if ([...others.keys()].join('\0') !== [...tensors.keys()].join('\0')) throw new Error('other names');
  for (const [name, { dtype, shape, data }] of tensors) {
    const other = others.get(name);
    if (other?.dtype !== dtype || other.shape.join() !== shape.join()) throw new Error('other types');
    if (!bytesIn(other.data).equals(bytesIn(data))) throw new Error('other numbers');
  }
}

/** A header that is accepted is JSON, and says the same to another reader of it. */
function parseHeader(input: Uint8Array): void {
  const { entries, metadata } = readHeader(input, 0, input.length);
  const json: Record<string, unknown> = JSON.parse(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(input),
  );
  const { __metadata__: texts, ...others } = json;
  const wanted = entries.map(({ name, dtype, shape, begin, end }: TensorEntry) => [
    name,
    { dtype, shape, data_offsets: [begin, end] },
  ]);
  const sorted = (pairs: readonly (readonly unknown[])[]): string =>
    pairs
      .map(([key, value]) => JSON.stringify([key, Object.entries(Object(value)).sort()]))
      .sort()
      .join();
  if (sorted(Object.entries(others)) !== sorted(wanted)) throw new Error('JSON has other tensors');
  if (JSON.stringify(Object.entries(texts ?? {}).sort()) !== JSON.stringify([...metadata].sort()))
    throw new Error('JSON has other metadata');
}

const isRefusal = (thrown: unknown, input: Uint8Array): boolean =>
  isInputError(thrown, ['weights/format'], input) && thrown.message.includes(`(byte ${thrown.offset})`);

export const safetensors: Target = {
  name: 'safetensors',
  seeds,
  grow(random) {
    const { header, size } = grownHeader(random);
    return fileOf(textBytes(header), size, random);
  },
  mutators: [mendLength],
  parse: parseFile,
  isRefusal,
};

export const header: Target = {
  name: 'header',
  seeds: headers,
  grow: (random) => textBytes(grownHeader(random).header),
  mutators: [],
  parse: parseHeader,
  isRefusal,
};
