/** How names that people chose appear in messages: quoted as printable ASCII, with the nearest known name. */

const longest = 60;

/** `name` in double quotes, control and non-ASCII characters escaped, shortened after 60 characters. */
export function quote(name: string): string {
  const shown = name.length > longest ? `${name.slice(0, longest)}...` : name;
  return JSON.stringify(shown).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function quoteAll(names: Iterable<string>): string {
  return [...names].map(quote).join(', ');
}

/** Number of single-character edits from `a` to `b` (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** A sentence for `help`: the known name nearest to `name` if one is near, else all known names. */
export function didYouMean(name: string, known: readonly string[]): string {
  const close = known
    .filter((candidate) => Math.abs(candidate.length - name.length) <= 2 && name.length <= longest)
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= 2 && edits < candidate.length)
    .sort((a, b) => a.edits - b.edits)[0];
  if (close !== undefined) return `Did you mean ${quote(close.candidate)}?`;
  return known.length === 0 ? 'There are no names to choose from.' : `Known names: ${quoteAll(known)}.`;
}
