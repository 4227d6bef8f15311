/** The candidate that `word` is most likely a misspelling of: fewest insertions, deletions and replacements of a character, the first of equals; undefined where more than two are needed. */
export function likelyMeant(word: string, candidates: readonly string[]): string | undefined {
  const distances = candidates.map((candidate) => editDistance(word.toLowerCase(), candidate.toLowerCase()));
  const distance = Math.min(...distances);
  return distance <= 2 ? candidates[distances.indexOf(distance)] : undefined;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + Number(a[i - 1] !== b[j - 1])));
    }
    row = next;
  }
  return row[b.length];
}
