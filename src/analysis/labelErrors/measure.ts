import type { Dataset } from '../../data/examples.ts';
import { toBase64 } from '../../util/base64.ts';
import { DactylError } from '../../util/errors.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import type { Predictions } from '../calibration/predictions.ts';
import { knownLabelErrors } from '../evaluation/known.ts';
import type { EvaluationData, Subject, SubjectName, Work } from '../subject.ts';
import { checkStopped, nameOf } from '../subject.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { confidentLearning } from './confidentLearning.ts';
import { foundAmongFirst, type LabelScore, labelScores, rankByScore } from './ranking.ts';

/** An image whose label the model doubts. */
export interface DoubtedLabel {
  readonly index: number;
  readonly given: number;
  /** The most probable class, another one than the given where that is not the most probable. */
  readonly suggested: number;
  /** Probability of the given label and of the suggested class. */
  readonly ofGiven: number;
  readonly ofSuggested: number;
  /** Off the diagonal of the confident joint. */
  readonly suspect: boolean;
  /** Base64 of its bytes. */
  readonly image: string;
}

/** What out-of-sample probabilities say of the labels of some images. */
export interface LabelSet {
  readonly images: number;
  /** Share whose most probable class is the given label. */
  readonly agreement: number;
  readonly confidentJoint: readonly (readonly number[])[];
  /** Estimated share of wrong labels. */
  readonly noise: number;
  /** Images off the diagonal of the confident joint. */
  readonly suspects: number;
  /** From the least fitting label on, by normalised margin. */
  readonly ranked: readonly DoubtedLabel[];
}

/** How soon a ranking comes upon the test labels that are known to be wrong, MNIST's 15. */
export interface KnownErrors {
  readonly total: number;
  /** Their numbers in the test set. */
  readonly indices: readonly number[];
  /** How many are among the first k = 1, 2, … of the ranking by the mean probabilities, by either score. */
  readonly found: Readonly<Record<LabelScore, readonly number[]>>;
  /** The same for each network alone, by normalised margin. */
  readonly runs: readonly (SubjectName & { readonly found: readonly number[] })[];
}

export interface LabelErrors {
  /** Networks whose mean probabilities judge the test labels. */
  readonly networks: number;
  readonly test: LabelSet;
  /** Null without out-of-fold probabilities. */
  readonly train: LabelSet | null;
  /** Null where no wrong label is known. */
  readonly known: KnownErrors | null;
}

export interface LabelErrorOptions {
  /** Softmax outputs for the training images, [n][classes], each by a network that did not see the image. */
  readonly trainProbabilities?: Float32Array;
}

/** Images kept of each ranking, and the longest prefix in which known errors are counted. */
const SHOWN = 40;
const MOST = 300;

/**
 * Doubtful labels by confident learning. Test labels are judged by the mean probabilities of all subjects, which did not
 * learn from the test images; training labels by `trainProbabilities`. Throws E_SHAPE where probabilities and images do not
 * fit, E_ABORTED when stopped, E_ARGUMENT without subjects.
 */
export async function measureLabelErrors(
  subjects: readonly Subject[],
  data: EvaluationData,
  options: LabelErrorOptions,
  work: Work,
): Promise<LabelErrors> {
  requireItems('measureLabelErrors: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureLabelErrors: data', ['train', 'test'], data);
  checkOptions('measureLabelErrors', ['trainProbabilities'], options);
  checkOptions('measureLabelErrors: work', ['signal', 'onProgress'], work);
  const { train, test } = data;
  const { trainProbabilities } = options;
  if (subjects.length === 0) {
    throw new DactylError('E_ARGUMENT', 'Label errors: expected at least one network, received none.');
  }
  const { labels, classes } = test;
  const knownErrors = knownLabelErrors(data);
  const own = knownErrors !== null;
  const indices = (knownErrors ?? []).map(({ index }) => index);
  const sums = new Float64Array(labels.length * classes);
  const runs: KnownErrors['runs'][number][] = [];
  for (const [s, subject] of subjects.entries()) {
    checkStopped(work);
    const { data: probabilities } = subject.model.predict(test.images);
    const predictions: Predictions = { probabilities, labels, classes };
    requireFit(predictions, subject.model.outputs, subject.arm);
    for (let k = 0; k < sums.length; k++) sums[k] += probabilities[k];
    if (own) {
      runs.push({
        ...nameOf(subject),
        found: foundAmongFirst(rank(predictions, 'normalisedMargin'), indices, MOST),
      });
    }
    work.onProgress?.((0.9 * (s + 1)) / subjects.length);
    await yieldToEvents();
  }
  const mean: Predictions = { probabilities: sums.map((sum) => sum / subjects.length), labels, classes };
  const found = (score: LabelScore) => foundAmongFirst(rank(mean, score), indices, MOST);
  const judgedTest = judge(mean, test);
  await yieldToEvents();
  checkStopped(work);
  const judgedTrain =
    trainProbabilities === undefined
      ? null
      : judge({ probabilities: trainProbabilities, labels: train.labels, classes: train.classes }, train);
  work.onProgress?.(1);
  return {
    networks: subjects.length,
    test: judgedTest,
    train: judgedTrain,
    known: own
      ? {
          total: indices.length,
          indices,
          found: {
            normalisedMargin: found('normalisedMargin'),
            selfConfidence: found('selfConfidence'),
          },
          runs,
        }
      : null,
  };
}

function requireFit({ classes }: Predictions, outputs: number, arm: string): void {
  if (outputs !== classes) {
    throw new DactylError(
      'E_SHAPE',
      `Label errors, ${arm}: expected a model with an output for each of the ${classes} classes, received ${outputs} outputs.`,
    );
  }
}

function rank(predictions: Predictions, score: LabelScore): Uint32Array {
  return rankByScore(labelScores(predictions, score));
}

function judge(predictions: Predictions, { images }: Dataset): LabelSet {
  const { probabilities, labels, classes } = predictions;
  const { confidentJoint, noise, suspect } = confidentLearning(predictions);
  const width = images.data.length / labels.length;
  const suggestedFor = (i: number): number => {
    let best = labels[i];
    for (let j = 0; j < classes; j++) {
      if (probabilities[i * classes + j] > probabilities[i * classes + best]) best = j;
    }
    return best;
  };
  const agreeing = labels.reduce((sum, label, i) => sum + (suggestedFor(i) === label ? 1 : 0), 0);
  return {
    images: labels.length,
    agreement: agreeing / labels.length,
    confidentJoint,
    noise,
    suspects: suspect.reduce((sum, one) => sum + one, 0),
    ranked: Array.from(rank(predictions, 'normalisedMargin').subarray(0, SHOWN), (index) => {
      const suggested = suggestedFor(index);
      return {
        index,
        given: labels[index],
        suggested,
        ofGiven: probabilities[index * classes + labels[index]],
        ofSuggested: probabilities[index * classes + suggested],
        suspect: suspect[index] === 1,
        image: toBase64(images.data.subarray(index * width, (index + 1) * width)),
      };
    }),
  };
}
