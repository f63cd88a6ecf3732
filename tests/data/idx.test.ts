/** IDX and gzip files are read whole and right, or refused with the reason. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gunzip } from '../../src/data/gzip.ts';
import { readIdx, readIdxFile } from '../../src/data/idx.ts';
import { errorOf, idxImages, idxLabels, temporaryFolder } from './support.ts';

const images = idxImages(2, 2, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

describe('readIdx', () => {
  it('reads images and labels with their dimensions', () => {
    expect(readIdx(images, 'f')).toEqual({ dims: [2, 2, 3], data: images.subarray(16) });
    expect([...readIdx(idxLabels([3, 1]), 'f').data]).toEqual([3, 1]);
  });

  it('refuses every truncation', () => {
    for (let length = 0; length < images.length; length++) {
      const error = errorOf(() => readIdx(images.subarray(0, length), 'dir/f'));
      expect(error).toMatchObject({ code: 'data/idx', at: 'dir/f' });
      expect(error.message).toMatch(`found ${length}`);
    }
  });

  it('says how many bytes the header announces', () => {
    const error = errorOf(() => readIdx(images.subarray(0, 20), 'f'));
    expect(error.message).toBe(
      'The file is cut off: the header announces 2×2×3, a file of 28 bytes, found 20.',
    );
  });

  it('refuses trailing bytes', () => {
    const error = errorOf(() => readIdx(Buffer.concat([images, Buffer.from([0])]), 'f'));
    expect(error.message).toMatch('Other bytes follow the data');
  });

  it('names the expected and the found magic number', () => {
    const wrong = Buffer.from(images);
    wrong[2] = 0x0d;
    expect(errorOf(() => readIdx(wrong, 'f')).message).toBe(
      'Expected the magic number 0x00000803 (images) or 0x00000801 (labels) at byte 0, found 0x00000d03.',
    );
    expect(errorOf(() => readIdx(images, 'f', 'labels')).message).toMatch(
      '0x00000801 (labels) at byte 0, found 0x00000803',
    );
    expect(errorOf(() => readIdx(gzipSync(images), 'f')).message).toMatch('gzip file that was not unpacked');
  });

  it('refuses files without items or pixels', () => {
    expect(errorOf(() => readIdx(idxLabels([]), 'f')).message).toMatch('announces no data');
    expect(errorOf(() => readIdx(idxImages(3, 0, 5, []), 'f')).code).toBe('data/idx');
  });

  it('refuses dimensions beyond any memory without reserving it', () => {
    const huge = idxImages(0xffffffff, 0xffffffff, 0xffffffff, [1]);
    expect(errorOf(() => readIdx(huge, 'f')).message).toMatch('cut off');
  });

  it('returns the bytes or throws an InputError, whatever the input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.boolean(), (bytes, startRight) => {
        if (startRight) bytes.set([0, 0, 8, 1].slice(0, bytes.length));
        try {
          const { dims, data } = readIdx(bytes, 'f');
          expect(data.length).toBe(dims.reduce((product, dim) => product * dim, 1));
        } catch (error) {
          expect(error).toHaveProperty('code', 'data/idx');
        }
      }),
    );
  });
});

describe('readIdxFile', () => {
  it('reads packed and unpacked files alike', () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'plain'), images);
    writeFileSync(join(dir, 'packed.gz'), gzipSync(images));
    expect(readIdxFile(join(dir, 'packed.gz'))).toEqual(readIdxFile(join(dir, 'plain')));
  });

  it('unpacks no more than the header announces', () => {
    const path = join(temporaryFolder(), 'bomb.gz');
    writeFileSync(path, gzipSync(Buffer.concat([images, Buffer.alloc(50_000_000)])));
    const error = errorOf(() => readIdxFile(path));
    expect(error).toMatchObject({ code: 'data/gzip', at: path });
    expect(error.message).toMatch('more than the 28 bytes expected');
  });

  it('names a missing file and a folder in its place', () => {
    const dir = temporaryFolder();
    expect(errorOf(() => readIdxFile(join(dir, 'none')))).toMatchObject({
      code: 'data/file-missing',
      at: join(dir, 'none'),
    });
    expect(errorOf(() => readIdxFile(dir)).message).toMatch('cannot be read');
  });
});

describe('gunzip', () => {
  const plain = Buffer.from('some text, some text, some more text');
  const packed = gzipSync(plain);

  it('undoes gzip, members in a row included', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
        const both = Buffer.concat([gzipSync(a), gzipSync(b)]);
        expect(Buffer.concat([a, b]).equals(gunzip(both, 'f'))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses every truncation', () => {
    for (let length = 0; length < packed.length; length++) {
      expect(errorOf(() => gunzip(packed.subarray(0, length), 'x.gz'))).toMatchObject({
        code: 'data/gzip',
        at: 'x.gz',
      });
    }
  });

  it('refuses damage to the contents, the checksum and the length', () => {
    for (let back = 1; back <= 12; back++) {
      const damaged = Buffer.from(packed);
      damaged[damaged.length - back] = (damaged[damaged.length - back] ?? 0) ^ 0x40;
      expect(errorOf(() => gunzip(damaged, 'f')).code).toBe('data/gzip');
    }
  });

  it.each([[[0]], [[0, 0, 0]], [[65]], [[0x1f, 0x8b]], [Array(40).fill(7)]])(
    'refuses trailing %j',
    (junk) => {
      const error = errorOf(() => gunzip(Buffer.concat([packed, Buffer.from(junk)]), 'f'));
      expect(error.code).toBe('data/gzip');
    },
  );

  it('accepts exactly the size limit and nothing above', () => {
    expect(gunzip(packed, 'f', plain.length).length).toBe(plain.length);
    expect(errorOf(() => gunzip(packed, 'f', plain.length - 1)).message).toMatch('more than');
  });

  it('says what a file that is no gzip begins with', () => {
    expect(errorOf(() => gunzip(Buffer.from('<html>'), 'f')).message).toMatch('found bytes 3c 68');
    expect(errorOf(() => gunzip(new Uint8Array(), 'f')).message).toMatch('found an empty file');
  });
});
