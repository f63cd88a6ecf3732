/** Starts a program on the sources, without a build: `node bench/from-source.mjs NAME [WORDS]`. */

import { createJiti } from 'jiti';

const programs = {
  docs: '../docs/make/main.ts',
  figures: './figures/main.ts',
  functions: './functions/main.ts',
  'seed-table': './seed-table/main.ts',
  quality: './quality/main.ts',
  soak: '../tests/soak/main.ts',
};

const [name = '', ...words] = process.argv.slice(2);
if (!Object.hasOwn(programs, name)) {
  console.error(`Write: node bench/from-source.mjs ${Object.keys(programs).join('|')} [WORDS]`);
  process.exit(2);
}
const { main } = await createJiti(import.meta.url, { fsCache: false }).import(programs[name]);
await main(words);
