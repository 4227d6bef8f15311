import type { Study } from '../study/configuration.ts';
import { FEWEST_SEEDS } from '../study/decision.ts';
import { capitalised, countOf } from '../study/wording.ts';

/** What is worth knowing before a comparison of so few seeds is run; empty for one that can decide a sign, or is a taste. */
export function fewSeedsNote({
  arms,
  seeds,
  split,
  quick,
}: Pick<Study, 'arms' | 'seeds' | 'split' | 'quick'>): string {
  if (quick || arms.length < 2 || split.kind === 'folds' || seeds.length >= FEWEST_SEEDS) return '';
  return `${capitalised(countOf(seeds.length, 'seed'))} ${seeds.length === 1 ? 'decides' : 'decide'} no sign of a difference: that takes ${FEWEST_SEEDS} or more.`;
}
