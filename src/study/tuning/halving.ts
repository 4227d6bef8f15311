import type { Tuning } from './configuration.ts';

type Ladder = Pick<Tuning, 'configurations' | 'rungs' | 'reduction'>;

/** How many configurations of an arm each rung trains: n, ⌊n / η⌋, ⌊n / η²⌋, …, at least one. */
export function rungSizes({ configurations, rungs, reduction }: Ladder): number[] {
  const sizes = [configurations];
  while (sizes.length < rungs.length) {
    sizes.push(Math.max(1, Math.floor(sizes[sizes.length - 1] / reduction)));
  }
  return sizes;
}

/** What an arm may spend: its trials and their epochs, with the recipe as it stands, trained once as long as the last rung. */
export function budgetOf(ladder: Ladder): { readonly trials: number; readonly epochs: number } {
  const sizes = rungSizes(ladder);
  const { rungs } = ladder;
  return {
    trials: sizes.reduce((sum, size) => sum + size, 1),
    epochs: sizes.reduce((sum, size, r) => sum + size * rungs[r], rungs[rungs.length - 1]),
  };
}

/** What a trial comes to after its last epoch, on the held-out training images. */
export interface Score {
  readonly accuracy: number;
  readonly loss: number;
}

/** Below 0 where `a` is the better: by the objective, then by the other measure. */
export function compareScores(objective: Tuning['objective'], a: Score, b: Score): number {
  const byAccuracy = b.accuracy - a.accuracy;
  const byLoss = a.loss - b.loss;
  return objective === 'val_accuracy' ? byAccuracy || byLoss : byLoss || byAccuracy;
}

/** The best `size` of a rung, in their own order; the first of equals. A failed one, null, never goes on. */
export function promoted(
  scores: readonly (Score | null)[],
  size: number,
  objective: Tuning['objective'],
): number[] {
  return scores
    .flatMap((score, k) => (score === null ? [] : [{ score, k }]))
    .sort((a, b) => compareScores(objective, a.score, b.score) || a.k - b.k)
    .slice(0, size)
    .map(({ k }) => k)
    .sort((a, b) => a - b);
}
