/** The sources that the types of `chainrule` follow from, as texts: those of this build, whatever lies in `dist`. */

/** What else the compiler consists of is of no type that a model could name. */
const texts = import.meta.glob<string>(
  [
    '../../index.ts',
    '../../compile.ts',
    '../../diagnose.ts',
    '../../{dsl,nn,optim}/**/*.ts',
    '../../runtime/*.ts',
    '../../../ir/*.ts',
  ],
  { query: '?raw', import: 'default', eager: true },
);

const repository = new URL('../../../', 'file:///src/studio/engine/');

/** By their paths in the repository. */
export const declarations: ReadonlyMap<string, string> = new Map(
  Object.entries(texts).map(([path, text]) => [pathOf(path), text]),
);

/** Vite writes paths from this folder, or from that of the page. */
function pathOf(path: string): string {
  const { pathname } = new URL(path, 'file:///src/studio/engine/');
  return pathname.slice(repository.pathname.length);
}
