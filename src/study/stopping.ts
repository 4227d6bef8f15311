import { haveSpread } from '../stats/moments.ts';
import { placeAgainstRope } from '../stats/rope.ts';
import { anytimeInterval } from '../stats/sequential.ts';
import { DactylError } from '../util/errors.ts';
import type { Study } from './configuration.ts';
import { FEWEST_SEEDS } from './decision.ts';
import type { TrialEnd } from './runStudy.ts';
import type { PlannedTrial } from './study.ts';
import { countOf } from './wording.ts';

/** Throws E_ARGUMENT where a study cannot be stopped when decided: without a second arm, with folds, or with too few seeds. */
export function checkStopping({ name, arms, seeds, split, stopping }: Study): void {
  if (stopping === undefined) return;
  if (arms.length > 1 && split.kind !== 'folds' && seeds.length >= FEWEST_SEEDS) return;
  throw new DactylError(
    'E_ARGUMENT',
    `${name}: stopping when decided needs at least two arms, ${FEWEST_SEEDS} seeds and no folds; received ${countOf(arms.length, 'arm')} and ${countOf(seeds.length, 'seed')}${split.kind === 'folds' ? ', in folds' : ''}.`,
  );
}

/**
 * After how many seeds, in the order of the study's, each other arm is decided against the first: the always-valid 95 % interval of the
 * paired difference of accuracy (`anytimeInterval`) lies inside the region of practical equivalence or clears it; equal differences decide nothing. Seeds of which a trial
 * failed give no difference. Undefined while it is not: then more seeds are needed, or there are none. Depends only on what ended,
 * not on the order in which it did.
 */
export function decidedAfter(
  { arms, seeds, rules, stopping }: Study,
  trials: readonly PlannedTrial[],
  ends: readonly (TrialEnd | undefined)[],
): number | undefined {
  if (stopping === undefined) return undefined;
  const place = (arm: string, seed: number): string => `${arm}/${seed}`;
  const endOf = new Map(trials.map(({ arm, seed }, k) => [place(arm, seed), ends[k]]));
  const [first, ...others] = arms;
  const differences = others.map((): number[] => []);
  for (const [k, seed] of seeds.entries()) {
    const own = arms.map(({ name }) => endOf.get(place(name, seed)));
    if (own.includes(undefined)) return undefined;
    const base = endOf.get(place(first.name, seed))!;
    others.forEach(({ name }, i) => {
      const end = endOf.get(place(name, seed))!;
      if (base.kind === 'finished' && end.kind === 'finished') {
        differences[i].push(base.result.testAccuracy - end.result.testAccuracy);
      }
    });
    const decided = differences.every(
      (values) =>
        values.length >= FEWEST_SEEDS &&
        haveSpread(values) &&
        placeAgainstRope(anytimeInterval(values), rules.rope) !== 'undecided',
    );
    if (decided) return k + 1;
  }
  return undefined;
}
