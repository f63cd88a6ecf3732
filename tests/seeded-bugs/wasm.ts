/** WebAssembly, tiles of the batch, and what threads share: each with a part of it missing or beside the mark. */

import { inFile, type SeededBug } from './bug.ts';

const test = 'tests/wasm/bits.test.ts';
const bits = (what: string): string => `WebAssembly has the bits of TypeScript > ${what}`;
const products = bits('for products with rows, columns and terms left over');
const inTiles = bits('in tiles of four samples and a last one of three');
const masks = bits('for random masks in tiles');

export const wasm: readonly SeededBug[] = [
  inFile('codegen/wasm/contract.ts', test)(products, {
    id: 'wasm-columns-left-over',
    what: 'columns of a product that eight do not divide are left out',
    find: '...(rest === 0',
    replace: '...(rest >= 0',
  }),
  inFile('codegen/wasm/contract.ts', test)(products, {
    id: 'wasm-rows-left-over',
    what: 'rows of a product that four do not divide are left out',
    find: '...(exact ? [] : countingLoop(row, end, 1, tiles(1))),',
    replace: '...(exact ? [] : countingLoop(row, whole, 1, tiles(1))),',
  }),
  inFile('codegen/wasm/tile.ts', test)(products, {
    id: 'wasm-tile-rows-alike',
    what: 'all rows of a tile are made of the first one',
    find: 'offset: offset + r * left.across * 4 }',
    replace: 'offset: offset + 0 * left.across * 4 }',
  }),
  inFile('codegen/wasm/tile.ts', test)(inTiles, {
    id: 'wasm-sum-forgotten',
    what: 'a product that goes on from the tile before begins at 0',
    find: 'if (!accumulate) return',
    replace: 'if (!accumulate || row !== undefined) return',
  }),
  inFile('codegen/wasm/loops.ts', test)(products, {
    id: 'wasm-lanes-left-over',
    what: 'elements that four do not divide are left out',
    find: 'const rest = exact ? [] : countingLoop(index, end, 1,',
    replace: 'const rest = exact ? [] : countingLoop(index, whole, 1,',
  }),
  inFile('codegen/wasm/loops.ts', test)(bits('for functions in lanes'), {
    id: 'wasm-lanes-stand-still',
    what: 'four elements are computed where the first four are',
    find: "plain('i32.add'), set(bytes)]",
    replace: "plain('i32.sub'), set(bytes)]",
  }),
  inFile('passes/tile-blocks.ts', test)(inTiles, {
    id: 'tile-sum-not-cleared',
    what: 'sums over samples do not begin at 0',
    find: 'clears.push(kernel.root);',
    replace: 'if (kernel.root.id < 0) clears.push(kernel.root);',
  }),
  inFile('passes/tile-blocks.ts', test)(inTiles, {
    id: 'tile-sum-of-last',
    what: 'sums are those of the last tile',
    find: 'element: { ...over, body, start: own(nest) }',
    replace: 'element: { ...over, body }',
  }),
  inFile('passes/tile-blocks.ts', test)(masks, {
    id: 'tile-position-in-tile',
    what: 'a random number is that of its place in the tile',
    find: 'return index.name === variable',
    replace: 'return index.name === variable && index.extent === 1',
  }),
  inFile('passes/tile-batch.ts', test)(bits('in tiles of one sample'), {
    id: 'tile-late-is-early',
    what: 'what comes after the tiles is computed before them',
    find: "(early.has(kernel) ? 'before' : 'after')",
    replace: "(early.has(kernel) ? 'before' : 'before')",
  }),
  inFile('codegen/ts/drivers.ts', test)(inTiles, {
    id: 'tile-last-is-full',
    what: 'the last tile is as large as the others',
    find: 'rows}, n - from);`,',
    replace: 'rows});`,',
  }),
  inFile('codegen/wasm/threads/tiles.ts', test)(bits('in tiles that threads share'), {
    id: 'threads-first-rows',
    what: 'every tile reads the columns of the first',
    find: '...[get(at), get(from), i32(bytes)',
    replace: '...[get(at), get(from), i32(0 * bytes)',
  }),
  inFile('codegen/wasm/threads/units.ts', test)(bits('in parts of loops'), {
    id: 'threads-part-too-far',
    what: 'the last part of a loop goes beyond its end',
    find: "...[get(end), ...whole, get(end), ...whole, plain('i32.lt_s')",
    replace: "...[get(end), ...whole, get(end), ...whole, plain('i32.gt_s')",
  }),
  inFile('codegen/wasm/threads/jobs.ts', test)(bits('in parts of loops of each tile'), {
    id: 'threads-steps-upside-down',
    what: 'steps of a job run in the opposite order',
    find: "return steps.map((own): Step => ({ kind: 'units', units: own }));",
    replace: "return steps.reverse().map((own): Step => ({ kind: 'units', units: own }));",
  }),
];
