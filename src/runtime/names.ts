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

/** Number of single-character edits from `a` to `b` (Levenshtein), infinite if they are more than `most`. */
function distance(a: string, b: string, most: number): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  if (restA === restB) return 0;
  if (most === 0) return Number.POSITIVE_INFINITY;
  const [nextA, nextB] = [restA.slice(1), restB.slice(1)];
  const edits = [
    distance(nextA, restB, most - 1),
    distance(restA, nextB, most - 1),
    distance(nextA, nextB, most - 1),
  ];
  return 1 + Math.min(...edits);
}

/** A sentence for `help`: the known name nearest to `name` if one is near, else all known names. */
export function didYouMean(name: string, known: readonly string[]): string {
  const [close] = known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase(), 2) }))
    .filter(({ candidate, edits }) => edits < Math.min(3, candidate.length))
    .sort((a, b) => a.edits - b.edits);
  if (close !== undefined) return `Did you mean ${quote(close.candidate)}?`;
  return known.length === 0 ? 'There are no names to choose from.' : `Known names: ${quoteAll(known)}.`;
}
