/** Files that came from somewhere else: damaged, cut off, or made to do harm. They are read whole, or refused with the place. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { gunzip } from '../../src/data/gzip.ts';
import { type IdxKind, readIdx, readMaybePacked } from '../../src/data/idx.ts';
import { loadMnistFolder } from '../../src/data/mnist.ts';
import { decodeSafetensors, InputError } from '../../src/runtime/index.ts';
import { idxImages, idxLabels, smallSet, writeSet } from '../data/support.ts';
import { build } from '../process/built.ts';
import { node } from '../process/children.ts';

/** What is thrown must be an InputError: its code, its places and what it says. */
function refusal(run: () => unknown): InputError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof InputError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const images = idxImages(2, 2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

const idxFiles: readonly (readonly [string, Uint8Array, IdxKind, number, RegExp])[] = [
  ['the magic number of floats', Buffer.from(images).fill(0x0d, 2, 3), 'images', 0, /found 0x00000d03/],
  [
    'the magic number turned around',
    Uint8Array.of(1, 8, 0, 0, 1, 0, 0, 0, 5),
    'labels',
    0,
    /found 0x01080000/,
  ],
  ['labels in place of images', idxLabels([1, 2]), 'images', 0, /0x00000803 \(images\)/],
  ['a pixel too few', images.subarray(0, 27), 'images', 27, /cut off.* 28 bytes, found 27/],
  ['a row more than there is', idxImages(2, 3, 2, [1, 2, 3]), 'images', 19, /cut off/],
  [
    'sizes whose product is 2^96',
    idxImages(2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, [1]),
    'images',
    17,
    /cut off/,
  ],
  ['a header that ends early', images.subarray(0, 10), 'images', 10, /header takes 16 bytes, found 10/],
  ['no item', idxLabels([]), 'labels', 4, /announces no data/],
  ['images without width', idxImages(3, 5, 0, []), 'images', 12, /3×5×0/],
  ['a byte after the last', Buffer.concat([images, Buffer.of(0)]), 'images', 28, /Other bytes follow/],
  ['nothing', new Uint8Array(0), 'images', 0, /magic number of 4 bytes, found 0/],
];

it.each(idxFiles)(
  'case 35: an IDX file with %s is refused at its byte',
  (_, bytes, kind, offset, message) => {
    const error = refusal(() => readIdx(bytes, 'dir/set', kind));
    expect(error).toMatchObject({ code: 'data/idx', at: 'dir/set', offset });
    expect(error.message).toMatch(message);
  },
);

it('case 35: of a set with another number of labels than images nothing is loaded', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chainrule-nasty-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeSet(dir, { ...smallSet(), 'train-labels-idx1-ubyte': idxLabels([7, 0]) }, false);
  const error = refusal(() => loadMnistFolder(dir));
  expect(error).toMatchObject({ code: 'data/idx', at: join(dir, 'train-labels-idx1-ubyte'), offset: 4 });
  expect(error.message).toMatch(/3 images, .* 2 labels/);
});

const packed = gzipSync(images);
const badChecksum = Buffer.from(packed).fill(0, packed.length - 8, packed.length - 4);
const badLength = Buffer.from(packed).fill(9, packed.length - 4);
const bomb = Buffer.concat([packed, ...Array<Buffer>(50).fill(gzipSync(Buffer.alloc(10_000_000)))]);

const gzipFiles: readonly (readonly [string, Uint8Array, number, RegExp])[] = [
  ['cut off in its contents', packed.subarray(0, 20), 20, /cut off: its 20 bytes/],
  ['cut off in its head', packed.subarray(0, 5), 5, /cut off/],
  ['whose checksum is another', badChecksum, 0, /damaged.*data check/],
  ['whose length is another', badLength, 0, /damaged.*length check/],
  ['with a zero after its end', Buffer.concat([packed, Buffer.of(0)]), packed.length, /1 bytes follow/],
  ['with a text after its end', Buffer.concat([packed, text('end')]), 0, /other bytes follow it/],
  [
    'with half a member after its end',
    Buffer.concat([packed, packed.subarray(0, 12)]),
    packed.length + 12,
    /cut off/,
  ],
  ['of 500 MB, where 28 bytes are announced', bomb, 0, /more than the 28 bytes expected/],
];

it.each(gzipFiles)('case 36: a gzip file %s is refused', (_, bytes, offset, message) => {
  const error = refusal(() => readMaybePacked(bytes, 'set.gz'));
  expect(error).toMatchObject({ code: 'data/gzip', at: 'set.gz', offset });
  expect(error.message).toMatch(message);
});

it('case 36: the members of a gzip file are joined, wherever it was cut to be packed', () => {
  for (let cut = 0; cut <= images.length; cut++) {
    const members = [images.subarray(0, cut), images.subarray(cut)].map((part) => gzipSync(part));
    expect(gunzip(Buffer.concat(members), 'f')).toEqual(images);
  }
});

it('case 37: a byte order mark, any line ends and quoted line ends are read as what they are', () => {
  const plain = parseCsv(text('x,y\n1,a\n2,"b\nc"\n'), 'f.csv');
  expect(plain).toMatchObject({ classes: ['a', 'b\nc'], train: { features: Float32Array.of(1, 2) } });
  for (const other of ['\ufeffx,y\n1,a\n2,"b\nc"\n', 'x,y\r\n1,a\r\n2,"b\r\nc"\r\n', 'x,y\r1,a\r2,"b\rc"'])
    expect(parseCsv(text(other), 'f.csv')).toEqual(plain);
});

const csvFiles: readonly (readonly [string, Uint8Array, string, RegExp])[] = [
  ['a row with a cell more', text('x,y\n1,2\n1,2,3\n'), ':3', /expected 2 cells .* found 3/],
  ['a row with a cell less', text('x,y\r\n1\r\n'), ':2', /expected 2 cells .* found 1/],
  ['an empty cell', text('x,y\n1,2\n,3\n'), ':3:1', /expected a value, found an empty cell/],
  ['a cell of spaces', text('x,y\n1,2\n3, \u00a0\n4,5'), ':3:2', /found an empty cell/],
  ['0x10 as a number', text('x,y\n0x10,2\n'), ':2:1', /found "0x10"/],
  ['1e999 as a number', text('x,y\n1e999,2\n'), ':2:1', /found "1e999"/],
  ['1,5 as a number', text('x,y\n"1,5",2\n'), ':2:1', /found "1,5"/],
  ['1,5 as a class', text('x,y\n1,a\n2,"1,5"\n'), ':3:2', /a number or the name of a class/],
  ['1,5 without quotes', text('x,y\n1,5,2\n'), ':2', /expected 2 cells/],
  ['a byte that is no UTF-8', Buffer.from('x,y\n1,2\n1,\xe9\n', 'latin1'), ':3', /^Line 3 is not UTF-8/],
  ['a line of 10 MB', text(`x,y\r1,${'2'.repeat(10_000_000)}\r`), ':2', /^Line 2 is longer/],
  [
    'a quote that stays open for 10 MB',
    text(`x,y\n1,"2\n${'3,4\n'.repeat(2_500_000)}`),
    ':2',
    /^Row 2 is longer/,
  ],
  ['more after a closing quote', text('x,y\n"1" 2,3\n'), ':2', /^Bad quotes/],
];

it.each(csvFiles)(
  'case 37: a CSV file with %s is refused at its row and column',
  (_, bytes, place, message) => {
    const error = refusal(() => parseCsv(bytes, 'f.csv'));
    expect(error).toMatchObject({ code: 'data/csv', at: `f.csv${place}` });
    expect(error.message).toMatch(message);
  },
);

/** A safetensors file with this header, which claims as many bytes as it has or others. */
function fileOf(header: string, data = 0, claimed = header.length): Uint8Array {
  const bytes = new Uint8Array(8 + header.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(claimed), true);
  bytes.set(text(header), 8);
  return bytes;
}
const entry = (begin: number | string, end: number | string): string =>
  `{"dtype":"F32","shape":[1],"data_offsets":[${begin},${end}]}`;

const headers: readonly (readonly [string, Uint8Array, number, RegExp])[] = [
  ['a name twice', fileOf(`{"w":${entry(0, 4)},"w":${entry(4, 8)}}`, 8), 62, /"w" comes twice/],
  [
    'a name twice, once escaped',
    fileOf(`{"w":${entry(0, 4)},"\\u0077":${entry(4, 8)}}`, 8),
    62,
    /"w" comes twice/,
  ],
  ['a field twice', fileOf('{"w":{"shape":[1],"shape":[2]}}'), 26, /"shape" comes twice/],
  ['data that overlap', fileOf(`{"a":${entry(0, 4)},"b":${entry(0, 4)}}`, 8), 62, /overlap/],
  ['a hole in the data', fileOf(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12), 62, /leave a hole/],
  ['an offset of 2^53', fileOf(`{"a":${entry(0, 2 ** 53)}}`, 4), 58, /too large/],
  ['an offset of 10^400', fileOf(`{"a":${entry(0, `1${'0'.repeat(400)}`)}}`, 4), 58, /too large/],
  ['a length of 2^63', fileOf('{}', 0, 2 ** 63), 0, /claims 9223372036854776000 bytes, over 1 MiB/],
  ['a length over 1 MiB', fileOf('{}'.padEnd(2 ** 20 + 8)), 0, /claims 1048584 bytes/],
  ['a million open brackets', fileOf(`{"a":{"shape":${'['.repeat(1_000_000)}`), 23, /whole number/],
  ['a million open braces', fileOf('{"":'.repeat(250_000)), 13, /unknown field ""/],
  ['a prototype for a field', fileOf('{"a":{"__proto__":{"dtype":"F32"}}}'), 14, /unknown field "__proto__"/],
];

it.each(headers)(
  'case 40: a header with %s is refused before anything is allocated',
  (_, bytes, offset, message) => {
    const before = process.memoryUsage().arrayBuffers;
    const error = refusal(() => decodeSafetensors(bytes));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
    expect(error).toMatchObject({ code: 'weights/format', offset });
    expect(error.message).toMatch(message);
  },
);

it('case 40: tensors and metadata may be called what objects have, and are found by that name alone', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  const entries = names.map((name, i) => `"${name}":${entry(4 * i, 4 * i + 4)}`);
  const { tensors, metadata } = decodeSafetensors(
    fileOf(`{"__metadata__":{"__proto__":"x"},${entries}}`, 4 * names.length),
  );
  expect([...tensors.keys()]).toEqual(names);
  expect([...metadata]).toEqual([['__proto__', 'x']]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

const gigabyte = 2 ** 30;
const claims: readonly (readonly [string, () => unknown])[] = [
  ['a header', () => decodeSafetensors(fileOf('{}'.padEnd(92), 0, gigabyte))],
  ['a tensor', () => decodeSafetensors(fileOf(`{"w":${entry(0, gigabyte).replace('[1]', '[268435456]')}}`))],
  ['images', () => readIdx(idxImages(1024, 1024, 1024, Array<number>(84).fill(0)), 'f')],
  ['packed images', () => readMaybePacked(gzipSync(idxImages(1024, 1024, 1024, [1, 2, 3])), 'f')],
];

it.each(claims)('case 49: 1 GB of %s in 100 bytes is refused before it is allocated', (_, read) => {
  const before = process.memoryUsage();
  expect(refusal(read).code).toMatch(/^(weights\/format|data\/idx)$/);
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 20);
  expect(after.rss - before.rss).toBeLessThan(2 ** 25);
});

it('case 49: 1,000 compiles in one process leave the heap as it is', async () => {
  const built = build();
  onTestFinished(() => built.remove());
  const main = built.program(
    'main.js',
    `import { compile } from ${built.url('src/compile.ts')};
    import { dense, gradientDescent, meanSquaredError, model } from ${built.url('src/index.ts')};
    const compiled = (i) => compile(model('m' + i, (m) => {
      const out = dense(m.input('x', ['batch', 2 + (i % 5)]), 1);
      return { loss: meanSquaredError(out, m.label('y', ['batch', 1])) };
    }, { batch: 4, optimizer: gradientDescent({ learningRate: 0.01 }) }));
    const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed; };
    const heaps = [];
    let bytes = 0;
    for (let i = 0; i < 1000; i++) {
      bytes += (await compiled(i)).code.length;
      if (i % 200 === 199) heaps.push(heap());
    }
    console.log(JSON.stringify({ bytes, heaps }));`,
  );
  const { bytes, heaps } = JSON.parse(await node([main], { flags: ['--expose-gc'] }));
  expect(heaps.length).toBe(5);
  // What is made once is there after 200 of them; the others leave less than the text alone that they emitted.
  expect(heaps[4] - heaps[0]).toBeLessThan((bytes * 800) / 1000);
}, 60_000);
