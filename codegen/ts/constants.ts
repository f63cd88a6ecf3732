/** Numbers that the user named: each becomes a constant of the module. */

import type { Identifiers } from './names.ts';

export interface Constants {
  /** The identifier of a named number, declared from now on. */
  readonly name: (name: string, literal: string) => string;
  /** The identifier of a named number if it has been declared. */
  readonly find: (name: string, literal: string) => string | undefined;
  readonly declarations: () => readonly string[];
}

export function createConstants(identifiers: Identifiers): Constants {
  const known = new Map<string, { readonly identifier: string; readonly literal: string }>();
  const find = (name: string, literal: string): string | undefined =>
    known.get(`${name}=${literal}`)?.identifier;
  return {
    find,
    name(name, literal) {
      const identifier = find(name, literal) ?? identifiers.claim(name);
      known.set(`${name}=${literal}`, { identifier, literal });
      return identifier;
    },
    declarations: () =>
      [...known.values()].map(({ identifier, literal }) => `const ${identifier} = ${literal};`),
  };
}
