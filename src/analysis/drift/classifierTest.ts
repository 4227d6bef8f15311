import type { Effect } from './effect.ts';
import type { DriftObservations } from './observations.ts';
import { areaAboveChance, placements } from './placements.ts';
import { features, FOLDS, type DriftProfile, WIDTH } from './profile.ts';
import { discriminant, scatterOf, withoutEach } from './scatter.ts';

/** Of standardised features. */
const RIDGE = 0.1;

/**
 * The classifier two-sample test (Lopez-Paz & Oquab 2017): how well a classifier tells images of a window from those of the reference by their `features`, as its area under the ROC curve above ½. The classifier is the
 * linear discriminant with a ridge of .1, cross-fitted over five folds: every image is scored by the one that has not seen it, and placed among the images of its own fold. 0 where nothing can be told, ½ where all can. Of a window of at least 50.
 */
export function classifierTest(window: DriftObservations, profile: DriftProfile): Effect {
  const rows = features(profile, window);
  const training = withoutEach(
    Array.from({ length: FOLDS }, (_, fold) => scatterOf(rows, WIDTH, fold, FOLDS)),
  );
  const windows: number[] = [];
  const references: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const b = discriminant(profile.training[fold], training[fold], RIDGE);
    const window = scores(rows, b, fold);
    const reference = scores(profile.features, b, fold);
    windows.push(...placements(window, reference.slice().sort()));
    references.push(...placements(reference, window.slice().sort()).map((share) => 1 - share));
  }
  return areaAboveChance(Float64Array.from(windows), Float64Array.from(references));
}

function scores(rows: Float64Array, b: Float64Array, fold: number): Float64Array {
  const width = b.length;
  const count = Math.ceil((rows.length / width - fold) / FOLDS);
  return Float64Array.from({ length: count }, (_, i) => {
    const from = (i * FOLDS + fold) * width;
    let sum = 0;
    for (let j = 0; j < width; j++) sum += rows[from + j] * b[j];
    return sum;
  });
}
