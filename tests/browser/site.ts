/** A web site for tests: pages and workers, bundled as users would bundle them, from a server of this machine. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const inSource = (path: string): string => join(repository, 'src', path);

/** What users import, as in `package.json`. */
const alias = {
  'chainrule/runtime': inSource('runtime/index.ts'),
  'chainrule/worker': inSource('runtime/worker/index.ts'),
  'chainrule/threads': inSource('runtime/threads/index.ts'),
  'chainrule/checkpoint': inSource('runtime/checkpoint/index.ts'),
};

export interface SiteOptions {
  /** Programs by name: `NAME.html` is a page that runs `NAME.js`. Other files are imported as `./FILE.ts`. */
  readonly programs: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Whether pages get an origin that shares memory with nobody, and so may share it with their workers. */
  readonly isolated?: boolean;
  readonly contentSecurityPolicy?: string;
}

export interface Site {
  /** `http://localhost:PORT`, whose pages are trusted as if they came by https. */
  readonly origin: string;
  /** The address of the page of a program. */
  url(program: string): string;
  /** The same page from where it is not trusted. */
  insecureUrl(program: string): string;
  close(): Promise<void>;
}

export async function openSite(options: SiteOptions): Promise<Site> {
  const scripts = await bundle(options);
  const headers = headersOf(options);
  const server = createServer(({ url = '/' }, response) => {
    const [, name = '', type = ''] = /^\/([\w-]+)\.(html|js)$/.exec(url) ?? [];
    const script = scripts.get(name);
    if (script === undefined) respond(response, { ...headers, 'content-type': 'text/plain' }, 404, '');
    else if (type === 'js') respond(response, { ...headers, 'content-type': 'text/javascript' }, 200, script);
    else respond(response, { ...headers, 'content-type': 'text/html' }, 200, page(name));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://localhost:${port}`;
  return {
    origin,
    url: (program) => `${origin}/${program}.html`,
    insecureUrl: (program) => `http://pages.test:${port}/${program}.html`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function respond(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  status: number,
  body: string,
): void {
  response.writeHead(status, headers);
  response.end(body);
}

function headersOf({
  isolated = false,
  contentSecurityPolicy,
}: SiteOptions): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    ...(isolated && {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }),
    ...(contentSecurityPolicy !== undefined && { 'content-security-policy': contentSecurityPolicy }),
  };
}

/** The icon is given because a browser would ask for one, and complain that there is none. */
const page = (name: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">
<script type="module" src="/${name}.js"></script></html>`;

async function bundle({ programs, files = {} }: SiteOptions): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-site-'));
  try {
    for (const [name, text] of Object.entries({ ...files, ...programs }))
      writeFileSync(join(folder, `${name}.ts`), text);
    const scripts = Object.keys(programs).map(async (name) => {
      const { output } = await build({
        input: join(folder, `${name}.ts`),
        write: false,
        resolve: { alias },
        output: { format: 'esm', minify: true },
      });
      return [name, output[0].code] as const;
    });
    return new Map(await Promise.all(scripts));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
