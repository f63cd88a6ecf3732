/** Loads rivals from the folder of their own, which is there only once they have been installed. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const fromHere = createRequire(new URL('../package.json', import.meta.url));

/**
 * A package that is missing when this is type-checked, described by who uses it; `members` are looked for, so that a
 * description that is wrong fails here and not in the middle of a measurement.
 */
export function checked<T extends object>(found: unknown, members: readonly (keyof T & string)[]): T {
  const isThere = (x: unknown): x is T =>
    typeof x === 'object' && x !== null && members.every((name) => name in x);
  if (isThere(found)) return found;
  throw new Error(`the package does not have all of ${members.join(', ')}`);
}

export const requirePackage = (name: string): unknown => fromHere(name);

/** For packages of modules alone. */
export async function importPackage(name: string): Promise<unknown> {
  const specifier = import.meta.resolve === undefined ? name : import.meta.resolve(name);
  return import(specifier);
}

export function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const { version }: { readonly version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
}
