import type { DataFacts } from '../../data/dataSet.ts';
import type { Examples } from '../../data/examples.ts';
import { TEST_LABEL_ERRORS, type LabelError } from '../../data/mnist/labelErrors.ts';
import { testPopulation } from '../../data/mnist/writers.ts';
import type { EvaluationData } from '../subject.ts';

/** Whether `test` is MNIST's own test set, by its length and labels at the 15 known errors. */
export function isMnistTest({ labels }: Examples): boolean {
  return labels.length === 10_000 && TEST_LABEL_ERRORS.every(({ index, given }) => labels[index] === given);
}

/** Labels of the test images that raters reject; null where nobody has looked. */
export function knownLabelErrors({
  test,
  facts,
}: Pick<EvaluationData, 'test' | 'facts'>): readonly LabelError[] | null {
  return facts ? (facts.labelErrors ?? null) : isMnistTest(test) ? TEST_LABEL_ERRORS : null;
}

/** The writer population of each test image, 0 student and 1 employee, as of MNIST; null where it is not known. */
export function knownPopulations({
  test,
  strata,
  facts,
}: Pick<EvaluationData, 'test' | 'strata' | 'facts'>): Uint8Array | null {
  if (strata?.test) return strata.test.names.join() === 'student,employee' ? strata.test.of : null;
  if (facts || !isMnistTest(test)) return null;
  return Uint8Array.from(test.labels, (_, i) => (testPopulation(i) === 'student' ? 0 : 1));
}

/** What the images show; null where it is not known. Ten classes of which nothing is said at all are digits. */
export function shownIn({
  test,
  classes,
  facts,
}: Pick<EvaluationData, 'test' | 'classes' | 'facts'>): DataFacts['shows'] | null {
  if (facts) return facts.shows ?? null;
  return classes === undefined && test.classes === 10 ? 'digits' : null;
}

/** [rows, columns, channels] of one image, 1 channel where it is grey; null where its values are no image. */
export function imageExtents({ images }: Examples): [rows: number, columns: number, channels: number] | null {
  const [, rows, columns, channels = 1, ...more] = images.shape;
  return columns === undefined || more.length > 0 ? null : [rows, columns, channels];
}

/** Whether the images are digits of 28 × 28 grey pixels: what was measured on MNIST is then a scale for them. */
export function isLikeMnist(data: Omit<EvaluationData, 'train'>): boolean {
  return shownIn(data) === 'digits' && imageExtents(data.test)?.join() === '28,28,1';
}
