/** The candidate that `word` is most likely a misspelling of: fewest insertions, deletions and replacements of a character, the first of equals. */
export function nearest(word: string, candidates: readonly string[]): string {
  return candidates[nearestIndex(word, candidates).index];
}

/** The same, where it is at most two such changes away. */
export function likelyMeant(word: string, candidates: readonly string[]): string | undefined {
  const { index, distance } = nearestIndex(word, candidates);
  return distance <= 2 ? candidates[index] : undefined;
}

function nearestIndex(word: string, candidates: readonly string[]): { index: number; distance: number } {
  const distances = candidates.map((candidate) => editDistance(word.toLowerCase(), candidate.toLowerCase()));
  const distance = Math.min(...distances);
  return { index: distances.indexOf(distance), distance };
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
