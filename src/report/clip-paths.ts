/** Names of clip paths that depend on the document alone. */

/** The plotting library counts its clip paths over all that a process draws: here they count from 1. */
export function clipRenumbering(): (markup: string) => string {
  const numbers = new Map<string, number>();
  return (markup) =>
    markup.replace(/( id="|url\(#)plot-clip-(\d+)/g, (_, before: string, id: string) => {
      const number = numbers.get(id) ?? numbers.size + 1;
      numbers.set(id, number);
      return `${before}clip-${number}`;
    });
}
