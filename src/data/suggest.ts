/** The nearest known word to a mistyped one. */

/** The candidate at most two edits (and less than half its length) away from `word`; the nearest, if any. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    // As many edits are needed at least: a word of megabytes is not compared letter by letter.
    if (Math.abs(word.length - candidate.length) > 2) continue;
    const edits = editDistance(word.toLowerCase(), candidate);
    if (edits <= 2 && edits * 2 < candidate.length && (best === undefined || edits < best.edits)) {
      best = { candidate, edits };
    }
  }
  return best?.candidate;
}

/** Insertions, removals and replacements of one character that lead from a to b. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return row[b.length] ?? 0;
}
