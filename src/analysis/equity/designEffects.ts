import type { CrossedRatesOptions } from '../../stats/crossedRates.ts';

/**
 * How many times as large the variance of an error rate is because images by one writer are alike, where the writers are not known:
 * of students, of employees. Measured with QMNIST's writers on 30 networks each with ReLU and Tanh, seeds 1 to 30, 10 epochs: 2.16
 * and 2.12 for students (249 writers), 5.40 and 5.42 for employees (48 writers); of a single network 1.6 and 3.3 to 3.5. Of a digit or
 * a slice it is less, for a writer has fewer images in it: at most 2.5 and 5.0, so that its intervals are rather too wide.
 * node scripts/design-effects.ts runs/relu-vs-tanh-30 qmnist-test-labels.tsv.gz
 */
export const DESIGN_EFFECTS = [2.2, 5.4] as const;

/** The same of a single network, whose errors vary more from image to image than those of a mean over networks. */
const SINGLE_DESIGN_EFFECTS = [1.6, 3.4] as const;

/**
 * The factor by which one network's variance of the error on MNIST's test images is larger than over images: that of each population, weighted
 * by its share of the variance. `accuracies`: of the 5,001 students' and the 4,999 employees' images.
 */
export function singleDesignEffect(accuracies: readonly [students: number, employees: number]): number {
  const [students, employees] = accuracies.map((share, k) => [5001, 4999][k] * share * (1 - share));
  if (students + employees === 0) return SINGLE_DESIGN_EFFECTS[1];
  return (
    (SINGLE_DESIGN_EFFECTS[0] * students + SINGLE_DESIGN_EFFECTS[1] * employees) / (students + employees)
  );
}

/**
 * The same of the images whose true digit a set with a promise of 99 % leaves out, of a single network: 1.36 and 1.42 for students, 2.35
 * and 2.25 for employees. Of a mean over networks the variance over images is smaller by more than the effect grows.
 */
export const MISS_DESIGN_EFFECTS = [1.4, 2.3] as const;

/**
 * How the images given are drawn anew: by writer where writers are known, else with the design effect of their population; images of
 * other sources, whose writers nobody has compared, with the larger one.
 */
export function drawingOf(
  images: Uint32Array,
  { writers, populations }: { writers: Uint16Array | undefined; populations: Uint8Array | null },
): Pick<CrossedRatesOptions, 'clusters' | 'designEffects'> {
  if (writers) return { clusters: Uint16Array.from(images, (i) => writers[i]) };
  const strata = Uint8Array.from(images, (i) => populations?.[i] ?? 1);
  return { designEffects: { strata, effects: DESIGN_EFFECTS } };
}
