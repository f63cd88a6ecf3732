/** What every program shares: the objects that a name must not reach. */

import { expect } from 'vitest';

const shared: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  Boolean.prototype,
  Symbol.prototype,
  RegExp.prototype,
  Promise.prototype,
  Map.prototype,
  Set.prototype,
  Error.prototype,
  Float32Array.prototype,
  Object.getPrototypeOf(Float32Array.prototype),
  Object,
  Array,
  Function,
  Math,
  JSON,
  Reflect,
];

const describe = (object: object): string =>
  Reflect.ownKeys(object)
    .map((key) => {
      const { value, get, set, writable, enumerable } = Object.getOwnPropertyDescriptor(object, key) ?? {};
      const kinds = [value, get, set].map((part) => typeof part).join(' ');
      return `${String(key)} ${kinds} ${writable} ${enumerable}`;
    })
    .join('\n');

const before = shared.map(describe);
const valuesBefore = shared.map((object) =>
  Reflect.ownKeys(object).map((key) => Object.getOwnPropertyDescriptor(object, key)?.value),
);
const globals = new Set(Reflect.ownKeys(globalThis));

/** Nothing that all objects share has another key, another kind of property or another value than at the start. */
export function assertNoPoisoning(): void {
  shared.forEach((object, i) => {
    expect(describe(object)).toBe(before[i]);
    const values = Reflect.ownKeys(object).map((key) => Object.getOwnPropertyDescriptor(object, key)?.value);
    expect(values.every((value, k) => Object.is(value, valuesBefore[i]?.[k]))).toBe(true);
    expect(Object.getPrototypeOf(object)).toBe(prototypes[i]);
  });
}

const prototypes = shared.map((object) => Object.getPrototypeOf(object));

/** No global that was not there when the tests began. */
export function assertNoNewGlobals(): void {
  expect(Reflect.ownKeys(globalThis).filter((key) => !globals.has(key))).toEqual([]);
}
