/** What every program shares: the objects that a name must not reach. */

import { expect } from 'vitest';
import { watchPrototypes } from '../poisoning.ts';

const globals = new Set(Reflect.ownKeys(globalThis));

/** Nothing that all objects share has another key, another kind of property or another value than at the start. */
export const assertNoPoisoning: () => void = watchPrototypes();

/** No global that was not there when the tests began. */
export function assertNoNewGlobals(): void {
  expect(Reflect.ownKeys(globalThis).filter((key) => !globals.has(key))).toEqual([]);
}
