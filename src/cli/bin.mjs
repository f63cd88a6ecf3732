#!/usr/bin/env node
/** Starts the command line: the built one, or the sources of a checkout that is not built. */

import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`error[node]: chainrule needs Node.js 20.11 or newer, this is ${process.versions.node}.`);
  process.exit(2);
}

const built = new URL('../../dist/src/cli/main.js', import.meta.url);
const fromSource = process.env.CHAINRULE_FROM_SOURCE === '1' || !existsSync(built);
const { main } = fromSource ? await source() : await import(built.href);
await main(process.argv.slice(2));

async function source() {
  try {
    const { createJiti } = await import('jiti');
    return await createJiti(import.meta.url).import('./main.ts');
  } catch (error) {
    // Only a missing package: everything else is to be seen as it is.
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error('error[setup]: the packages are not installed.\n  Run: npm ci');
    process.exit(1);
  }
}
