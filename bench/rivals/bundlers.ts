/** Bundles and minifies a module, with whichever bundler is installed. */

import { checked, requirePackage } from './adapters/packages.ts';
import { pathOf } from './compiler.ts';

/** The bytes of a module and of all that it imports, minified. */
export type Bundle = (entry: string) => Promise<Uint8Array>;

interface Esbuild {
  build(options: {
    readonly entryPoints: readonly string[];
    readonly alias: Readonly<Record<string, string>>;
    readonly bundle: true;
    readonly minify: true;
    readonly write: false;
    readonly format: 'esm';
    readonly target: string;
    readonly logLevel: 'silent';
  }): Promise<{ readonly outputFiles: readonly { readonly contents: Uint8Array }[] }>;
}

interface Rolldown {
  build(options: {
    readonly input: string;
    readonly resolve: { readonly alias: Readonly<Record<string, string>> };
    readonly write: false;
    readonly logLevel: 'silent';
    readonly output: { readonly format: 'esm'; readonly minify: true };
  }): Promise<{ readonly output: readonly { readonly code: string }[] }>;
}

const alias = { 'chainrule/runtime': pathOf('dist/src/runtime/index.js') };

/** Installed with the rivals; the figures of the document are its own. */
export function esbuild(): Bundle {
  const { build } = checked<Esbuild>(requirePackage('esbuild'), ['build']);
  return async (entry) => {
    const { outputFiles } = await build({
      entryPoints: [entry],
      alias,
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      logLevel: 'silent',
    });
    return only(outputFiles).contents;
  };
}

/** The tests bring it along, so that it is there without the rivals. */
export async function rolldown(): Promise<Bundle> {
  const name: string = 'rolldown';
  const found: unknown = await import(name);
  const { build } = checked<Rolldown>(found, ['build']);
  return async (input) => {
    const { output } = await build({
      input,
      resolve: { alias },
      write: false,
      logLevel: 'silent',
      output: { format: 'esm', minify: true },
    });
    return Buffer.from(only(output).code);
  };
}

function only<T>(files: readonly T[]): T {
  const [file] = files;
  if (file === undefined || files.length > 1) throw new Error(`the bundler gave ${files.length} files`);
  return file;
}
