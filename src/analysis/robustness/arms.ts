import { mean } from '../../stats/describe.ts';
import { studentInterval, studentQuantile } from '../../stats/student.ts';
import { wilson } from '../../stats/wilson.ts';
import { measuresOf, type RobustnessMeasures } from './measures.ts';
import type { RobustnessCounts } from './reference.ts';
import type { ArmRobustness, Estimate, ReferenceErrors, SubjectRobustness } from './result.ts';

/** One entry an arm, in the order of the networks. */
export function summariseArms(counts: RobustnessCounts, reference: ReferenceErrors | null): ArmRobustness[] {
  const { images, subjects } = counts;
  const names = [...new Set(subjects.map(({ arm }) => arm))];
  return names.map((name) => {
    const own = subjects.filter(({ arm }) => arm === name);
    const share = (count: (subject: SubjectRobustness) => number) => shareOf(own.map(count), images);
    const measures = own.map((subject) => measuresOf(subject, counts, reference));
    const ratio = (of: (measures: RobustnessMeasures) => number | null): Estimate | null => {
      const values = measures.map(of).filter((value) => value !== null);
      return values.length < own.length ? null : meanOf(values);
    };
    return {
      arm: name,
      activation: own[0].activation,
      seeds: own.map(({ seed }) => seed),
      intervals: own.length > 1 ? 'seeds' : 'images',
      clean: share(({ clean }) => clean),
      suite:
        own.length > 1
          ? meanOf(measures.map(({ suiteAccuracy }) => suiteAccuracy))
          : suiteOfOne(own[0], measures[0].suiteAccuracy, counts),
      accuracy: own[0].correct.map((levels, c) =>
        levels.map((_, l) => share(({ correct }) => correct[c][l])),
      ),
      swept: own[0].swept.map((levels, w) => levels.map((_, l) => share(({ swept }) => swept[w][l]))),
      meanCorruptionError: ratio(({ meanCorruptionError }) => meanCorruptionError),
      relativeMeanCorruptionError: ratio(({ relativeMeanCorruptionError }) => relativeMeanCorruptionError),
    };
  });
}

/** Student over several networks, Wilson for one. */
function shareOf(counts: readonly number[], images: number): Estimate {
  if (counts.length === 1) return { mean: counts[0] / images, ...wilson(counts[0], images) };
  return meanOf(counts.map((count) => count / images));
}

/** Student's interval; none for a single value. */
function meanOf(values: readonly number[]): Estimate {
  if (values.length === 1) return { mean: values[0], low: null, high: null };
  const { low, high } = studentInterval(values);
  return { mean: mean(values), low, high };
}

/**
 * Mean over images of the share of corruptions under which an image is read right, with Student's interval over images: the 15 views of
 * one image are not independent, the images are.
 */
function suiteOfOne(
  { suiteSquares }: SubjectRobustness,
  suite: number,
  { images, corruptions }: RobustnessCounts,
): Estimate {
  if (images < 2) return { mean: suite, low: null, high: null };
  const variance = (suiteSquares / corruptions.length ** 2 - images * suite ** 2) / (images - 1);
  const half = studentQuantile(0.975, images - 1) * Math.sqrt(Math.max(0, variance) / images);
  return { mean: suite, low: suite - half, high: suite + half };
}
