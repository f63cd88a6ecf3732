/** Modules from text, without code that makes code: a host makes an address for a text, and `import` does the rest. */

/** A page has `blob:` for it, and Node `data:`. */
export interface Addresses {
  make(script: string): string;
  release(address: string): void;
}

/** For the browser. */
export const blobAddresses: Addresses = {
  make: (script) => URL.createObjectURL(new Blob([script], { type: 'text/javascript' })),
  release: (address) => URL.revokeObjectURL(address),
};

/** The module that `script` is. What it throws, this throws. */
export async function importScript(script: string, { make, release }: Addresses): Promise<unknown> {
  const address = make(script);
  try {
    return await import(/* @vite-ignore */ address);
  } finally {
    release(address);
  }
}

/** What modules that are made from text may import, by specifier. */
export type Provided = ReadonlyMap<string, object>;

const holder = Symbol.for('chainrule.studio.provided');

/** Where the modules made by `shimOf` find what they export. */
export function provide(modules: Provided): void {
  Reflect.set(globalThis, holder, modules);
}

/**
 * A module with the exports of the provided module `specifier`. A name of `wanted` that is none of them is undefined: it may
 * be a type, which is imported and never looked at.
 */
export function shimOf(specifier: string, modules: Provided, wanted: Iterable<string>): string {
  const names = [...new Set([...Object.keys(modules.get(specifier) ?? {}), ...wanted])];
  return [
    `const from = globalThis[Symbol.for('chainrule.studio.provided')].get(${JSON.stringify(specifier)});`,
    ...names.map((name, i) => `const v${i} = from[${JSON.stringify(name)}];`),
    `export { ${names.map((name, i) => `v${i} as ${name}`).join(', ')} };`,
  ].join('\n');
}
