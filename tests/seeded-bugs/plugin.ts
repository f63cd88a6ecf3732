/** Puts a seeded bug into the file it is about while that file is loaded; no file of the tree is touched. */

import { join } from 'node:path';
import type { Plugin } from 'vitest/config';
import { type SeededBug, withBug } from './bug.ts';

/** `bugOf` is asked at each load, so that one server can serve one bug after another; `loaded` is told of each patch. */
export function seeding(
  root: string,
  bugOf: () => SeededBug | undefined,
  loaded: (bug: SeededBug) => void = () => {},
): Plugin {
  return {
    name: 'seeded-bug',
    enforce: 'pre',
    transform(code, id) {
      const bug = bugOf();
      if (!bug || id.split('?')[0] !== join(root, bug.file)) return undefined;
      const patched = withBug(bug, code);
      if (patched === undefined) throw new Error(`The patch of ${bug.id} no longer applies to ${bug.file}.`);
      loaded(bug);
      return { code: patched, map: null };
    },
  };
}
