/** The form of a WebAssembly module as text, without the names of its variables. */

/** Each line without its comment, variables as numbers in the order of their appearance in their function. */
export function watForm(wat: string): string {
  let numbers = new Map<string, number>();
  return wat
    .split('\n')
    .map((line) => {
      if (/^ *;;/.test(line)) return ';;';
      if (line.startsWith('  (func ')) numbers = new Map();
      // A function has the next name when a variable has its own.
      return line
        .replace(/\(export "([a-z]+)\d*"\)/, '(export "$1")')
        .replace(/\$[A-Za-z0-9_.]+/g, (name) => {
          const number = numbers.get(name) ?? numbers.size;
          numbers.set(name, number);
          return `$${number}`;
        });
    })
    .join('\n');
}

/** The names of the functions that a module exports. */
export const exportsIn = (wat: string): readonly string[] =>
  [...wat.matchAll(/\(export "([^"]*)"\)/g)].map(([, name = '']) => name);
