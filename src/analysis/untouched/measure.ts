import type { UntouchedDigits } from '../../data/mnist/untouched.ts';
import { crossedBootstrap, crossedMeans, type CrossedBootstrap } from '../../stats/crossedBootstrap.ts';
import { crossedRates } from '../../stats/crossedRates.ts';
import { mean } from '../../stats/describe.ts';
import { differing } from '../../stats/differing.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { imageLosses } from '../calibration/logLoss.ts';
import { type Rate, rateOf } from '../equity/rates.ts';
import { mostProbable } from '../mostProbable.ts';
import { checkStopped, type EvaluationData, type Subject, type SubjectName, type Work } from '../subject.ts';

const CLASSES = 10;
const RESAMPLES = { full: 1_000, quick: 250 } as const;

export interface UntouchedOptions {
  /** Fewer resamples: intervals a little rougher, means the same. */
  readonly quick?: boolean;
}

/** A mean with its 95 % interval over seeds and writers (`crossedBootstrap`); of single networks over writers alone. */
export interface CrossedMean {
  readonly networks: number;
  /** How many of them are not zero; results of before it was counted leave it out. */
  readonly differ?: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface ArmUntouched {
  readonly arm: string;
  readonly activation: string;
  readonly networks: readonly (Pick<SubjectName, 'seed' | 'hash'> & {
    readonly accuracy: number;
    readonly loss: number;
    /** On the test images. */
    readonly testAccuracy: number;
    readonly testLoss: number;
  })[];
  /** Share misread. */
  readonly error: Rate;
  readonly loss: CrossedMean;
  /** Accuracy less that on the test images, which stay as they are. */
  readonly change: CrossedMean;
}

/** The arm `first` less `second`, over the seeds that both have. */
export interface ArmsUntouched {
  readonly first: string;
  readonly second: string;
  /** The mean difference of accuracy on the test images. */
  readonly test: number;
  readonly accuracy: CrossedMean;
  readonly loss: CrossedMean;
  /** The difference of accuracy less that on the test images, which stay as they are: what of a gain is lost, or won. */
  readonly change: CrossedMean;
}

/** How networks do on test images on which nobody has tuned, beside those on which everybody has. */
export interface Untouched {
  readonly images: number;
  readonly writers: number;
  readonly testImages: number;
  readonly quick: boolean;
  readonly resamples: number;
  readonly arms: readonly ArmUntouched[];
  /** The first arm against each other. */
  readonly differences: readonly ArmsUntouched[];
}

/**
 * The networks' answers to the test images that MNIST never published: accuracy and cross-entropy beside those on the published ones, and the differences of arms on
 * both. Intervals are over seeds and writers at once. Throws E_ARGUMENT without a subject or an image, E_NUMERIC for answers that are not finite, E_ABORTED on the
 * signal.
 */
export async function measureUntouched(
  subjects: readonly Subject[],
  data: Pick<EvaluationData, 'test'>,
  untouched: UntouchedDigits,
  options: UntouchedOptions = {},
  work: Work = {},
): Promise<Untouched> {
  requireItems('measureUntouched: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureUntouched: data', ['test'], data);
  requireFields('measureUntouched: untouched', ['images', 'labels', 'writers'], untouched);
  checkOptions('measureUntouched', ['quick'], options);
  checkOptions('measureUntouched: work', ['signal', 'onProgress'], work);
  const { test } = data;
  const { quick = false } = options;
  const n = untouched.labels.length;
  if (subjects.length === 0 || n === 0 || test.labels.length === 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `Untouched images: expected at least one model, one test image and one untouched image, received ${subjects.length}, ${test.labels.length} and ${n}.`,
    );
  }
  const answered: Answered[] = [];
  for (const subject of subjects) {
    checkStopped(work);
    answered.push({ subject, own: answersOf(subject, untouched), test: answersOf(subject, test) });
    work.onProgress?.((0.8 * answered.length) / subjects.length);
    await yieldToEvents();
  }
  const resamples = quick ? RESAMPLES.quick : RESAMPLES.full;
  const sampling = { untouched, resamples };
  const names = [...new Set(subjects.map(({ arm }) => arm))];
  const byArm = names.map((name) => answered.filter(({ subject }) => subject.arm === name));
  const arms: ArmUntouched[] = [];
  for (const own of byArm) {
    checkStopped(work);
    arms.push(armOf(own, sampling));
    work.onProgress?.(0.8 + (0.2 * arms.length) / names.length);
    await yieldToEvents();
  }
  const [first, ...others] = byArm;
  return {
    images: n,
    writers: new Set(untouched.writers).size,
    testImages: test.labels.length,
    quick,
    resamples,
    arms,
    differences: others.flatMap((second) => differenceOf(first, second, sampling) ?? []),
  };
}

interface Answers {
  /** 1 where the answer is the label. */
  readonly right: Uint8Array;
  readonly losses: Float64Array;
  readonly accuracy: number;
  readonly loss: number;
}

interface Answered {
  readonly subject: Subject;
  readonly own: Answers;
  readonly test: Answers;
}

interface Sampling {
  readonly untouched: UntouchedDigits;
  readonly resamples: number;
}

function answersOf({ model }: Subject, { images, labels }: EvaluationData['test']): Answers {
  const probabilities = model.predict(images);
  const predicted = mostProbable(probabilities);
  const right = Uint8Array.from(labels, (label, i) => (predicted[i] === label ? 1 : 0));
  const losses = imageLosses({ probabilities: probabilities.data, labels, classes: CLASSES });
  return { right, losses, accuracy: mean(right), loss: mean(losses) };
}

function armOf(own: readonly Answered[], sampling: Sampling): ArmUntouched {
  const { untouched, resamples } = sampling;
  const [{ subject }] = own;
  const { all } = crossedRates(
    own.map(({ own: { right } }) => right.map((one) => 1 - one)),
    [],
    { random: new Random(0, 'untouched/rates'), resamples, clusters: untouched.writers },
  );
  const zero = new Uint8Array(untouched.labels.length);
  const none = own.map(() => zero);
  return {
    arm: subject.arm,
    activation: subject.activation,
    networks: own.map(({ subject: { seed, hash }, own: { accuracy, loss }, test }) => ({
      seed,
      hash,
      accuracy,
      loss,
      testAccuracy: test.accuracy,
      testLoss: test.loss,
    })),
    error: rateOf(all, { clustered: true }),
    loss: meanOf(own.length, crossedMeans(losses(own), none, options(sampling))),
    change: {
      ...meanOf(
        own.length,
        crossedBootstrap(right(own), none, {
          ...options(sampling),
          shift: own.map(({ test }) => test.accuracy),
        }),
      ),
      differ: differing(own.map(lossOf)),
    },
  };
}

/** Null where no seed is in both. */
function differenceOf(
  first: readonly Answered[],
  second: readonly Answered[],
  sampling: Sampling,
): ArmsUntouched | null {
  const pairs = first.flatMap((a) => {
    const b = second.find(({ subject }) => subject.seed === a.subject.seed);
    return b === undefined ? [] : [[a, b] as const];
  });
  if (pairs.length === 0) return null;
  const [a, b] = [pairs.map(([one]) => one), pairs.map(([, one]) => one)];
  const shift = pairs.map(([one, other]) => one.test.accuracy - other.test.accuracy);
  const n = pairs.length;
  return {
    first: first[0].subject.arm,
    second: second[0].subject.arm,
    test: mean(shift),
    accuracy: meanOf(n, crossedBootstrap(right(a), right(b), options(sampling))),
    loss: meanOf(n, crossedMeans(losses(a), losses(b), options(sampling))),
    change: {
      ...meanOf(n, crossedBootstrap(right(a), right(b), { ...options(sampling), shift })),
      differ: differing(pairs.map(([one, other]) => lossOf(one) - lossOf(other))),
    },
  };
}

/** What a network loses from the published images to these. */
function lossOf({ own, test }: Answered): number {
  return test.accuracy - own.accuracy;
}

function options({ untouched: { writers }, resamples }: Sampling): Parameters<typeof crossedMeans>[2] {
  return { random: new Random(0, 'untouched/means'), clusters: writers, resamples };
}

function right(own: readonly Answered[]): Uint8Array[] {
  return own.map((one) => one.own.right);
}

function losses(own: readonly Answered[]): Float64Array[] {
  return own.map((one) => one.own.losses);
}

function meanOf(networks: number, { difference, low, high }: CrossedBootstrap): CrossedMean {
  return { networks, mean: difference, low, high };
}
