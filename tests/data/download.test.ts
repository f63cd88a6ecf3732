/** Downloads end in a cache of checked files or in an error that tells the way out. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { loadMnistFolder, MNIST_FILES, type MnistFile } from '../../src/data/mnist.ts';
import { defaultCacheDir, downloadMnist } from '../../src/data/mnist-download.ts';
import { loadData } from '../../src/data/spec.ts';
import { rejectionOf, smallSet, temporaryFolder, writeSet } from './support.ts';

const set = smallSet();
const checksums = checksumsOf('sha256');

function checksumsOf(algorithm: string): Record<MnistFile, string> {
  const hash = (file: MnistFile) => createHash(algorithm).update(set[file]).digest('hex');
  const [a, b, c, d] = MNIST_FILES;
  return { [a]: hash(a), [b]: hash(b), [c]: hash(c), [d]: hash(d) };
}

/** The address of a server that lives as long as the test. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}/mnist`;
}

const packedFile = (url: string | undefined) => {
  const file = MNIST_FILES.find((name) => url === `/mnist/${name}.gz`);
  return file === undefined ? undefined : gzipSync(set[file]);
};

const good: RequestListener = (request, response) => {
  const body = packedFile(request.url);
  if (body === undefined) return response.writeHead(404).end();
  return response.writeHead(200, { 'content-length': body.length }).end(body);
};

afterEach(() => vi.unstubAllEnvs());

describe('downloadMnist', () => {
  it('fills the cache with loadable files and tells the progress', async () => {
    const cacheDir = join(temporaryFolder(), 'deep', 'cache');
    const seen = new Map<string, readonly [number, number | undefined]>();
    const onProgress = (file: string, received: number, total: number | undefined) =>
      seen.set(file, [received, total]);
    const baseUrls = [await serve(good)];
    expect(await downloadMnist({ baseUrls, cacheDir, checksums, onProgress })).toBe(cacheDir);
    expect(readdirSync(cacheDir).sort()).toEqual([...MNIST_FILES].sort());
    expect(loadMnistFolder(cacheDir).train.labels).toEqual(Int32Array.of(7, 0, 9));
    for (const file of MNIST_FILES) {
      const size = gzipSync(set[file]).length;
      expect(seen.get(file)).toEqual([size, size]);
    }
  });

  it('asks no server for what the cache holds, packed or not', async () => {
    for (const packed of [true, false]) {
      const cacheDir = temporaryFolder();
      writeSet(cacheDir, set, packed);
      expect(await downloadMnist({ baseUrls: [], cacheDir, checksums })).toBe(cacheDir);
    }
  });

  it('fetches a damaged file of the cache again, and only that', async () => {
    const cacheDir = temporaryFolder();
    writeSet(cacheDir, set, false);
    writeFileSync(join(cacheDir, 't10k-labels-idx1-ubyte'), 'half');
    const asked: unknown[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url);
      good(request, response);
    });
    await downloadMnist({ baseUrls: [url], cacheDir, checksums });
    expect(asked).toEqual(['/mnist/t10k-labels-idx1-ubyte.gz']);
    expect(readFileSync(join(cacheDir, 't10k-labels-idx1-ubyte'))).toEqual(set['t10k-labels-idx1-ubyte']);
  });

  it('takes the next mirror when one fails', async () => {
    const bad = await serve((_, response) => response.writeHead(503).end('down'));
    const options = { baseUrls: [bad, `${await serve(good)}/`], cacheDir: temporaryFolder() };
    await expect(downloadMnist({ ...options, checksums: checksumsOf('md5') })).resolves.toBe(
      options.cacheDir,
    );
  });

  it('accepts files which the transport unpacks on the way', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packedFile(request.url));
    });
    const cacheDir = temporaryFolder();
    await downloadMnist({ baseUrls: [url], cacheDir, checksums });
    expect(loadMnistFolder(cacheDir).train.count).toBe(3);
  });

  it('refuses other contents and leaves nothing behind', async () => {
    const cacheDir = temporaryFolder();
    const url = await serve((_, response) => response.end(gzipSync('something else')));
    const error = await rejectionOf(downloadMnist({ baseUrls: [url], cacheDir, checksums }));
    expect(error.code).toBe('data/checksum');
    expect(error.message).toMatch(
      `expected contents with checksum ${checksums['train-images-idx3-ubyte']}, found`,
    );
    expect(error.help).toMatch('mnist:DIR');
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it.each<[string, RequestListener, RegExp]>([
    ['an error status', (_, response) => response.writeHead(404).end(), /answered 404 Not Found/],
    [
      'a connection closed half way',
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('half', () => response.destroy());
      },
      /train-images-idx3-ubyte\.gz: .+/,
    ],
    [
      'a truncated archive',
      (request, response) => response.end(packedFile(request.url)?.subarray(0, 20)),
      /gzip data is cut off/,
    ],
    ['silence', () => undefined, /no answer for 0\.2 s/],
    ['silence after the start', (_, response) => response.write('abc'), /no answer for 0\.2 s/],
  ])('reports %s', async (_, listener, reason) => {
    const cacheDir = temporaryFolder();
    const options = { baseUrls: [await serve(listener)], cacheDir, checksums, silenceMs: 200 };
    const error = await rejectionOf(downloadMnist(options));
    expect(error.code).toBe('data/download');
    expect(error.message).toMatch(reason);
    expect(error.help).toMatch('mnist:DIR');
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it('names every mirror that was tried', async () => {
    const baseUrls = ['http://127.0.0.1:1/a', 'http://127.0.0.1:1/b/'];
    const error = await rejectionOf(downloadMnist({ baseUrls, cacheDir: temporaryFolder(), checksums }));
    expect(error.message).toMatch('http://127.0.0.1:1/a/train-images-idx3-ubyte.gz: ');
    expect(error.message).toMatch('http://127.0.0.1:1/b/train-images-idx3-ubyte.gz: ');
  });

  it('says so when the cache folder cannot be made', async () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const options = { baseUrls: [await serve(good)], cacheDir: join(file, 'cache'), checksums };
    const error = await rejectionOf(downloadMnist(options));
    expect(error.message).toMatch('cannot be written');
    expect(error.help).toMatch('XDG_CACHE_HOME');
  });

  it('takes mirror and cache from the environment, and the published checksums', async () => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryFolder());
    vi.stubEnv('CHAINRULE_MNIST_URL', await serve(good));
    const error = await rejectionOf(loadData('mnist', { dtype: 'f32' }));
    expect(error.code).toBe('data/checksum');
    expect(error.message).toMatch('ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db');
  });

  it('caches under the home folder by default', () => {
    vi.stubEnv('XDG_CACHE_HOME', '');
    expect(defaultCacheDir()).toMatch(/[\\/]\.cache[\\/]chainrule[\\/]mnist$/);
  });
});
