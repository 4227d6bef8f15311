import { stratifiedHoldout } from '../../../data/splits/holdout.ts';
import { Random } from '../../../util/random.ts';
import type { CalibrationFold, Scored } from '../folds.ts';
import { take } from '../folds.ts';
import { apsScores } from './aps.ts';
import { lacScores } from './lac.ts';
import { mondrianQuantiles } from './mondrian.ts';
import type { RapsPenalty } from './raps.ts';
import { rapsScores, tuneRaps } from './raps.ts';
import type { SetCounts } from './sets.ts';
import { addCounts, conformalQuantile, countSets, ownScores } from './sets.ts';

/**
 * LAC; APS and RAPS, both randomised; and LAC with a quantile for each class or for each population of writers. RAPS gives
 * a fifth of the calibration images, stratified by class, to the choice of λ and k.
 */
export type SetMethod = 'lac' | 'aps' | 'raps' | 'lac-by-class' | 'lac-by-population';

/** Sets of all evaluation images of the folds at one promised coverage 1 − α. */
export interface SetResult extends SetCounts {
  readonly method: SetMethod;
  readonly alpha: number;
  /** What RAPS chose in each fold. */
  readonly penalties?: readonly RapsPenalty[];
}

interface SetsOptions {
  readonly groupCount: number;
  readonly byGroup: boolean;
  readonly seed: number;
}

type ThresholdOf = (image: number, candidate: number) => number;

interface Made extends SetCounts {
  readonly penalty?: RapsPenalty;
}

const TUNED_SHARE = 5;

/** Every method on every fold, the folds' counts added. `alphas`: the accepted shares of images whose true class is not in the set. */
export function measureSets(
  folds: readonly CalibrationFold[],
  alphas: readonly number[],
  options: SetsOptions,
): SetResult[] {
  const methods: SetMethod[] = ['lac', 'aps', 'raps', 'lac-by-class'];
  if (options.byGroup) methods.push('lac-by-population');
  return methods.flatMap((method) => {
    const makers = folds.map((fold) =>
      method === 'raps' ? rapsSets(fold, options) : setsOf(method, fold, options.groupCount),
    );
    return alphas.map((alpha): SetResult => {
      const made = makers.map((make) => make(alpha));
      const penalties = made.flatMap(({ penalty }) => penalty ?? []);
      return { method, alpha, ...made.reduce(addCounts), ...(penalties.length > 0 && { penalties }) };
    });
  });
}

function setsOf(
  method: Exclude<SetMethod, 'raps'>,
  { calibration, evaluation }: CalibrationFold,
  groupCount: number,
): (alpha: number) => Made {
  const { classes, labels } = calibration;
  const scoresOf = ({ probabilities, uniforms }: Scored) =>
    method === 'aps' ? apsScores(probabilities, classes, uniforms) : lacScores(probabilities);
  const fitted = scoresOf(calibration);
  const judged = scoresOf(evaluation);
  const quantiles = (categories: Uint8Array, count: number, alpha: number) =>
    mondrianQuantiles(ownScores(fitted, labels, classes), { categories, count }, alpha);
  const thresholds = (alpha: number): ThresholdOf => {
    switch (method) {
      case 'lac':
      case 'aps': {
        const threshold = conformalQuantile(ownScores(fitted, labels, classes), alpha);
        return () => threshold;
      }
      case 'lac-by-class': {
        const byClass = quantiles(labels, classes, alpha);
        return (_, candidate) => byClass[candidate];
      }
      case 'lac-by-population': {
        const byGroup = quantiles(calibration.groups, groupCount, alpha);
        return (image) => byGroup[evaluation.groups[image]];
      }
    }
  };
  return (alpha) => countSets(judged, evaluation, thresholds(alpha), groupCount);
}

function rapsSets(
  { calibration, evaluation }: CalibrationFold,
  { groupCount, seed }: SetsOptions,
): (alpha: number) => Made {
  const { classes, labels } = calibration;
  const random = new Random(seed, 'calibration/raps');
  const { rest, holdout } = stratifiedHoldout(labels, Math.floor(labels.length / TUNED_SHARE), random);
  const tuning = take(calibration, holdout);
  const fitting = take(calibration, rest);
  return (alpha) => {
    const penalty = tuneRaps(tuning, tuning.uniforms, alpha);
    const scoresOf = ({ probabilities, uniforms }: Scored) =>
      rapsScores(probabilities, classes, uniforms, penalty);
    const threshold = conformalQuantile(ownScores(scoresOf(fitting), fitting.labels, classes), alpha);
    return { ...countSets(scoresOf(evaluation), evaluation, () => threshold, groupCount), penalty };
  };
}
