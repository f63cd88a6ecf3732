/** Draws the figures of the examples anew: `npm run figures`. The same sources give the same bytes. */

import { writeFileSync } from 'node:fs';
import { drawings } from './drawings.ts';

const root = new URL('../../', import.meta.url);

export async function main(): Promise<void> {
  for (const [path, draw] of Object.entries(drawings)) {
    const svg = await draw();
    writeFileSync(new URL(path, root), svg);
    console.log(`${path}  ${Buffer.byteLength(svg)} bytes`);
  }
}
