import type { Dataset } from '../../data/examples.ts';
import { TEST_LABEL_ERRORS } from '../../data/mnist/labelErrors.ts';
import { testPopulation } from '../../data/mnist/writers.ts';
import { accuracyOf, confusionMatrix } from '../confusion.ts';
import { mostProbable } from '../mostProbable.ts';
import type { Subject, SubjectName, Work } from '../subject.ts';
import { checkStopped, nameOf } from '../subject.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { isMnistTest } from './known.ts';

/** How one network answered on the test images. */
export interface SubjectAnswers extends SubjectName {
  /** [true class][predicted class], counts, by the labels as given. */
  readonly confusion: readonly (readonly number[])[];
  readonly accuracy: number;
  /** Of MNIST's own test images: with 12 labels corrected and 3 images left out, and of each writer population. */
  readonly mnist: {
    readonly corrected: number;
    readonly students: number;
    readonly employees: number;
  } | null;
}

export interface Answers {
  readonly images: number;
  readonly subjects: readonly SubjectAnswers[];
}

/** The answers of every network on all test images. Accuracies are shares of images whose largest output is the label's. */
export async function measureAnswers(
  subjects: readonly Subject[],
  test: Dataset,
  work: Work = {},
): Promise<Answers> {
  requireItems('measureAnswers: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureAnswers: test', ['images', 'labels', 'classes'], test);
  checkOptions('measureAnswers: work', ['signal', 'onProgress'], work);
  const own = isMnistTest(test);
  const measured: SubjectAnswers[] = [];
  for (const subject of subjects) {
    checkStopped(work);
    const predicted = mostProbable(subject.model.predict(test.images));
    const confusion = confusionMatrix(test.labels, predicted, test.classes);
    measured.push({
      ...nameOf(subject),
      confusion,
      accuracy: accuracyOf(confusion),
      mnist: own ? mnistAnswers(test.labels, predicted) : null,
    });
    work.onProgress?.(measured.length / subjects.length);
    await yieldToEvents();
  }
  return { images: test.labels.length, subjects: measured };
}

function mnistAnswers(labels: Uint8Array, predicted: Uint8Array): SubjectAnswers['mnist'] {
  const errors = new Map(TEST_LABEL_ERRORS.map(({ index, corrected }) => [index, corrected]));
  const share = (wanted: (index: number) => number | null | undefined): number => {
    let [right, all] = [0, 0];
    for (let i = 0; i < labels.length; i++) {
      const label = wanted(i);
      if (label === null || label === undefined) continue;
      all++;
      if (predicted[i] === label) right++;
    }
    return right / all;
  };
  return {
    corrected: share((i) => (errors.has(i) ? errors.get(i) : labels[i])),
    students: share((i) => (testPopulation(i) === 'student' ? labels[i] : null)),
    employees: share((i) => (testPopulation(i) === 'employee' ? labels[i] : null)),
  };
}
