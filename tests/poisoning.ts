/** Whether something has changed what every object, list or function has. */

const watched: Readonly<Record<string, object>> = {
  Object: Object.prototype,
  Array: Array.prototype,
  Function: Function.prototype,
  String: String.prototype,
  Number: Number.prototype,
  Boolean: Boolean.prototype,
  Symbol: Symbol.prototype,
  RegExp: RegExp.prototype,
  Map: Map.prototype,
  Set: Set.prototype,
  Promise: Promise.prototype,
  Error: Error.prototype,
  Uint8Array: Uint8Array.prototype,
  Float32Array: Float32Array.prototype,
  Float64Array: Float64Array.prototype,
  TypedArray: Object.getPrototypeOf(Uint8Array.prototype),
  'Object itself': Object,
  'Array itself': Array,
  'Function itself': Function,
  Math,
  JSON,
  Reflect,
};

type Properties = ReadonlyMap<PropertyKey, PropertyDescriptor | undefined>;

const propertiesOf = (object: object): Properties =>
  new Map(Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]));

const same = (a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean =>
  Object.is(a?.value, b?.value) &&
  a?.get === b?.get &&
  a?.set === b?.set &&
  a?.writable === b?.writable &&
  a?.enumerable === b?.enumerable;

function changes(before: Properties, now: Properties): readonly PropertyKey[] {
  const changed = [...now].filter(([key, property]) => !before.has(key) || !same(before.get(key), property));
  return [...changed.map(([key]) => key), ...[...before.keys()].filter((key) => !now.has(key))];
}

/** Remembers all of them, and `more`, as they are; the check it gives throws when one of them has changed since. */
export function watchPrototypes(more: Readonly<Record<string, object>> = {}): () => void {
  const before = Object.entries({ ...watched, ...more }).map(
    ([name, object]) => [name, object, propertiesOf(object), Object.getPrototypeOf(object)] as const,
  );
  return function assertNoPoisoning(): void {
    for (const [name, object, known, prototype] of before) {
      const found = changes(known, propertiesOf(object));
      if (Object.getPrototypeOf(object) !== prototype) throw new Error(`${name} has another prototype`);
      if (found.length > 0) throw new Error(`${name} was poisoned: ${found.map(String).join(', ')}`);
    }
  };
}
