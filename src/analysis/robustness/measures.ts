import { mean } from '../../stats/describe.ts';
import { nameOf, type SubjectName } from '../subject.ts';
import { requireFields } from '../../util/options.ts';
import { corruptionErrors } from './corruptionErrors.ts';
import type { RobustnessCounts } from './reference.ts';
import type { ReferenceErrors, Robustness, SubjectRobustness } from './result.ts';

/** What one network's robustness comes to; shares of the images read right unless said otherwise. */
export interface RobustnessMeasures extends SubjectName {
  readonly cleanAccuracy: number;
  /** Mean over the 15 corruptions at their published levels. */
  readonly suiteAccuracy: number;
  /** Mean over Gaussian and salt-and-pepper noise of the area under accuracy against amount, from 0 to the greatest, 1 for a perfect network. */
  readonly noiseAccuracy: number;
  /** Shifted by three pixels along both axes: `translate` at its published level. */
  readonly shiftedAccuracy: number;
  /** Mean over shear, scale, rotate and translate at their published levels. */
  readonly geometryAccuracy: number;
  /** The same area under accuracy against the side of the covered square. */
  readonly occlusionAccuracy: number;
  readonly meanCorruptionError: number | null;
  readonly relativeMeanCorruptionError: number | null;
}

/** One entry a network, in the order of `subjects`: what claims about robustness are judged by, paired over seeds. */
export function robustnessMeasures(
  robustness: RobustnessCounts & Pick<Robustness, 'reference'>,
): RobustnessMeasures[] {
  requireFields('robustnessMeasures: robustness', ['subjects', 'reference'], robustness);
  return robustness.subjects.map((subject) => measuresOf(subject, robustness, robustness.reference));
}

export function measuresOf(
  subject: SubjectRobustness,
  { images, corruptions, sweeps }: RobustnessCounts,
  reference: ReferenceErrors | null,
): RobustnessMeasures {
  const clean = subject.clean / images;
  const accuracies = corruptions.map(({ published }, c) => subject.correct[c][published] / images);
  const of = (wanted: (corruption: (typeof corruptions)[number]) => boolean) =>
    mean(accuracies.filter((_, c) => wanted(corruptions[c])));
  const area = (name: string) => {
    const w = sweeps.findIndex((sweep) => sweep.name === name);
    return areaUnder([0, ...sweeps[w].amounts], [clean, ...subject.swept[w].map((count) => count / images)]);
  };
  const errors = reference
    ? corruptionErrors(
        1 - clean,
        accuracies.map((accuracy) => 1 - accuracy),
        reference,
      )
    : { mean: null, relative: null };
  return {
    ...nameOf(subject),
    cleanAccuracy: clean,
    suiteAccuracy: mean(accuracies),
    noiseAccuracy: (area('gaussian-noise') + area('salt-and-pepper')) / 2,
    shiftedAccuracy: of(({ name }) => name === 'translate'),
    geometryAccuracy: of(({ kind }) => kind === 'geometry'),
    occlusionAccuracy: area('occlusion'),
    meanCorruptionError: errors.mean,
    relativeMeanCorruptionError: errors.relative,
  };
}

/** Trapezoids, divided by the width of the range. */
function areaUnder(x: readonly number[], y: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area / (x[x.length - 1] - x[0]);
}
