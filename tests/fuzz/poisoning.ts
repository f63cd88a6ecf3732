/** Whether something has changed what every object, list or function has. */

const watched: Readonly<Record<string, object>> = {
  Object: Object.prototype,
  Array: Array.prototype,
  Function: Function.prototype,
  String: String.prototype,
  Number: Number.prototype,
  RegExp: RegExp.prototype,
  Map: Map.prototype,
  Set: Set.prototype,
  Promise: Promise.prototype,
  Error: Error.prototype,
  Uint8Array: Uint8Array.prototype,
  Float64Array: Float64Array.prototype,
  TypedArray: Object.getPrototypeOf(Uint8Array.prototype),
  'Object itself': Object,
  'Array itself': Array,
  globalThis,
};

type Properties = ReadonlyMap<PropertyKey, PropertyDescriptor | undefined>;

const propertiesOf = (object: object): Properties =>
  new Map(Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]));

const same = (a: PropertyDescriptor | undefined, b: PropertyDescriptor | undefined): boolean =>
  Object.is(a?.value, b?.value) && a?.get === b?.get && a?.set === b?.set && a?.writable === b?.writable;

function changes(before: Properties, now: Properties): readonly PropertyKey[] {
  const changed = [...now].filter(([key, property]) => !before.has(key) || !same(before.get(key), property));
  return [...changed.map(([key]) => key), ...[...before.keys()].filter((key) => !now.has(key))];
}

/** Remembers all prototypes as they are; the check it gives throws when one of them has changed since. */
export function watchPrototypes(): () => void {
  const before = Object.entries(watched).map(
    ([name, object]) => [name, object, propertiesOf(object)] as const,
  );
  return function assertNoPoisoning(): void {
    for (const [name, object, known] of before) {
      const found = changes(known, propertiesOf(object));
      if (found.length > 0) throw new Error(`${name} was poisoned: ${found.map(String).join(', ')}`);
    }
  };
}
