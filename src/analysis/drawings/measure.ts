import type { DrawnDigits } from '../../data/unipen/drawnDigits.ts';
import { crossedBootstrap } from '../../stats/crossedBootstrap.ts';
import { crossedRates } from '../../stats/crossedRates.ts';
import { mean, quantile } from '../../stats/describe.ts';
import { differing } from '../../stats/differing.ts';
import { toBase64 } from '../../util/base64.ts';
import { DactylError } from '../../util/errors.ts';
import { checkOptions, requireFields, requireItems } from '../../util/options.ts';
import { Random } from '../../util/random.ts';
import { yieldToEvents } from '../../util/yieldToEvents.ts';
import { type Gap, gapsOf } from '../equity/gaps.ts';
import { type Rate, rateOf } from '../equity/rates.ts';
import { mostProbable } from '../mostProbable.ts';
import { checkStopped, type EvaluationData, type Subject, type Work } from '../subject.ts';

const CLASSES = 10;
const PIXELS = 784;
const RESAMPLES = { full: 1_000, quick: 250 } as const;
/** Confusions kept of each arm, and drawings kept of each digit. */
const MOST_CONFUSED = 8;
const WORST = 4;
/** Of a writer with fewer drawings no rate is told. */
const FEWEST_OF_WRITER = 20;

export interface DrawingsOptions {
  /** Fewer resamples: intervals a little rougher, rates the same. */
  readonly quick?: boolean;
}

/** A difference of shares with its 95 % interval over seeds and writers (`crossedBootstrap`); of single networks over writers alone. */
export interface DrawnChange {
  readonly networks: number;
  /** How many of them are not zero; results of before it was counted leave it out. */
  readonly differ?: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface ArmDrawings {
  readonly arm: string;
  readonly activation: string;
  /** Shares of misread images: of the drawings, and of the test images. */
  readonly networks: readonly {
    readonly seed: number;
    readonly hash: string;
    readonly error: number;
    readonly testError: number;
  }[];
  readonly error: Rate;
  /** Error on the drawings less error on the test images, which stay as they are. */
  readonly loss: DrawnChange;
  readonly digits: readonly Rate[];
  /** In the order of `Drawings.sources`. */
  readonly sources: readonly Rate[];
  /** Each digit, then each source, against all other drawings; p corrected after Holm over all of them. */
  readonly gaps: { readonly digits: readonly Gap[]; readonly sources: readonly Gap[] };
  /** Most frequent first: drawings of `digit` taken for `read`, a mean count over the networks. */
  readonly confusions: readonly { readonly digit: number; readonly read: number; readonly count: number }[];
  /** Error over the drawings of each writer with at least 20: how many there are, and the 10th, 50th and 90th percentile. */
  readonly byWriter: {
    readonly writers: number;
    readonly quantiles: readonly [low: number, median: number, high: number];
  } | null;
}

/** The arm `second` less `first`, over the seeds that both have: of the error on the drawings, and of what is lost from test images to drawings. */
export interface ArmsDrawings {
  readonly first: string;
  readonly second: string;
  readonly error: DrawnChange;
  readonly loss: DrawnChange;
}

/** A drawing that few networks read. */
export interface BadlyRead {
  readonly index: number;
  readonly digit: number;
  /** What most networks read. */
  readonly read: number;
  readonly writer: number;
  readonly source: string;
  /** Share of the networks that read the digit. */
  readonly right: number;
  /** Mean probability of the digit. */
  readonly probability: number;
  /** 28 × 28 bytes, as Base64. */
  readonly image: string;
}

/** How networks read digits that other people drew with a pen, beside the test images. */
export interface Drawings {
  readonly images: number;
  readonly writers: number;
  readonly testImages: number;
  readonly quick: boolean;
  readonly resamples: number;
  /** Names of the places where the drawings were collected. */
  readonly sources: readonly string[];
  readonly arms: readonly ArmDrawings[];
  /** Each other arm against the first. */
  readonly differences: readonly ArmsDrawings[];
  /** Drawings that every network reads, and as the same other digit: doubtful labels, fragments, or another way of writing. */
  readonly agreedOtherwise: number;
  /** Of each digit the drawings with the least mean probability of it. */
  readonly worst: readonly BadlyRead[];
}

/**
 * The networks' answers to digits drawn with a pen by people whom they have not seen: errors on all drawings, by digit and by where they
 * were collected, beside those on the test images; differences between arms; and the drawings that are read worst. Intervals are over seeds
 * and writers at once. Throws E_ARGUMENT without a subject, a test image or a drawing, E_NUMERIC for answers that are not finite,
 * E_ABORTED on the signal.
 */
export async function measureDrawings(
  subjects: readonly Subject[],
  data: Pick<EvaluationData, 'test'>,
  drawn: DrawnDigits,
  options: DrawingsOptions = {},
  work: Work = {},
): Promise<Drawings> {
  requireItems('measureDrawings: subjects', ['model', 'arm', 'activation', 'seed', 'hash'], subjects);
  requireFields('measureDrawings: data', ['test'], data);
  const { test } = data;
  requireFields('measureDrawings: drawn', ['images', 'labels', 'writers', 'sources', 'sourceNames'], drawn);
  checkOptions('measureDrawings', ['quick'], options);
  checkOptions('measureDrawings: work', ['signal', 'onProgress'], work);
  const { quick = false } = options;
  const n = drawn.labels.length;
  if (subjects.length === 0 || n === 0 || test.labels.length === 0) {
    throw new DactylError(
      'E_ARGUMENT',
      `Drawings: expected at least one model, one test image and one drawing, received ${subjects.length}, ${test.labels.length} and ${n}.`,
    );
  }
  const answered: Answered[] = [];
  const ofLabel = new Float64Array(n);
  for (const subject of subjects) {
    checkStopped(work);
    const probabilities = subject.model.predict(drawn.images);
    drawn.labels.forEach((label, i) => {
      ofLabel[i] += probabilities.data[CLASSES * i + label] / subjects.length;
    });
    const predicted = mostProbable(probabilities);
    answered.push({
      subject,
      predicted,
      right: Uint8Array.from(drawn.labels, (label, i) => (predicted[i] === label ? 1 : 0)),
      testError: errorOf(test.labels, mostProbable(subject.model.predict(test.images))),
    });
    work.onProgress?.((0.8 * answered.length) / subjects.length);
    await yieldToEvents();
  }
  const resamples = quick ? RESAMPLES.quick : RESAMPLES.full;
  const names = [...new Set(subjects.map(({ arm }) => arm))];
  const arms: ArmDrawings[] = [];
  for (const name of names) {
    checkStopped(work);
    const own = answered.filter(({ subject }) => subject.arm === name);
    arms.push(armOf(own, drawn, resamples));
    work.onProgress?.(0.8 + (0.2 * arms.length) / names.length);
    await yieldToEvents();
  }
  const [first, ...others] = names.map((name) => answered.filter(({ subject }) => subject.arm === name));
  return {
    images: n,
    writers: new Set(drawn.writers).size,
    testImages: test.labels.length,
    quick,
    resamples,
    sources: drawn.sourceNames,
    arms,
    differences: others.flatMap((second) => differenceOf(first, second, drawn, resamples) ?? []),
    agreedOtherwise: agreedOtherwise(answered, drawn.labels),
    worst: worstOf(answered, drawn, ofLabel),
  };
}

/** A network's answers to the drawings, and its error on the test images. */
interface Answered {
  readonly subject: Subject;
  readonly predicted: Uint8Array;
  readonly right: Uint8Array;
  readonly testError: number;
}

function errorOf(labels: Uint8Array, predicted: Uint8Array): number {
  return labels.reduce((wrong, label, i) => wrong + (predicted[i] === label ? 0 : 1), 0) / labels.length;
}

function armOf(own: readonly Answered[], drawn: DrawnDigits, resamples: number): ArmDrawings {
  const { labels, writers, sources, sourceNames } = drawn;
  const sampling = { clustered: true };
  const { groups, all } = crossedRates(
    own.map(({ right }) => right.map((one) => 1 - one)),
    [
      { count: CLASSES, of: labels },
      { count: sourceNames.length, of: sources },
    ],
    { random: new Random(0, 'drawings/resamples'), resamples, clusters: writers },
  );
  const gaps = gapsOf(groups.flat(), all, sampling);
  const [{ subject }] = own;
  return {
    arm: subject.arm,
    activation: subject.activation,
    networks: own.map(({ subject: { seed, hash }, predicted, testError }) => ({
      seed,
      hash,
      error: errorOf(labels, predicted),
      testError,
    })),
    error: rateOf(all, sampling),
    loss: changeOf(
      own.map(() => new Uint8Array(labels.length).fill(1)),
      own.map(({ right }) => right),
      own.map(({ testError }) => testError),
      drawn,
      resamples,
    ),
    digits: groups[0].map((group) => rateOf(group, sampling)),
    sources: groups[1].map((group) => rateOf(group, sampling)),
    gaps: { digits: gaps.slice(0, CLASSES), sources: gaps.slice(CLASSES) },
    confusions: confusionsOf(own, labels),
    byWriter: byWriter(own, drawn),
  };
}

/** Error of `second` less that of `first`, less `shift`, seed by seed. */
function changeOf(
  first: readonly Uint8Array[],
  second: readonly Uint8Array[],
  shift: readonly number[],
  { writers }: DrawnDigits,
  resamples: number,
): DrawnChange {
  const { difference, low, high } = crossedBootstrap(first, second, {
    random: new Random(0, 'drawings/changes'),
    clusters: writers,
    shift,
    resamples,
  });
  const differ = differing(first.map((one, s) => mean(one) - mean(second[s]) - shift[s]));
  return { networks: first.length, differ, mean: difference, low, high };
}

/** Null where no seed is in both. */
function differenceOf(
  first: readonly Answered[],
  second: readonly Answered[],
  drawn: DrawnDigits,
  resamples: number,
): ArmsDrawings | null {
  const pairs = first.flatMap((a) => {
    const b = second.find(({ subject }) => subject.seed === a.subject.seed);
    return b === undefined ? [] : [[a, b] as const];
  });
  if (pairs.length === 0) return null;
  const change = (shift: readonly number[]): DrawnChange =>
    changeOf(
      pairs.map(([a]) => a.right),
      pairs.map(([, b]) => b.right),
      shift,
      drawn,
      resamples,
    );
  return {
    first: first[0].subject.arm,
    second: second[0].subject.arm,
    error: change(pairs.map(() => 0)),
    loss: change(pairs.map(([a, b]) => b.testError - a.testError)),
  };
}

function confusionsOf(own: readonly Answered[], labels: Uint8Array): ArmDrawings['confusions'] {
  const counts = new Float64Array(CLASSES * CLASSES);
  for (const { predicted } of own) {
    labels.forEach((label, i) => (counts[CLASSES * label + predicted[i]] += 1));
  }
  return Array.from(counts, (count, cell) => ({
    digit: Math.floor(cell / CLASSES),
    read: cell % CLASSES,
    count: count / own.length,
  }))
    .filter(({ digit, read, count }) => digit !== read && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_CONFUSED);
}

function byWriter(own: readonly Answered[], { writers }: DrawnDigits): ArmDrawings['byWriter'] {
  const of = new Map<number, number[]>();
  writers.forEach((writer, i) => {
    const wrong = mean(own.map(({ right }) => 1 - right[i]));
    of.set(writer, [...(of.get(writer) ?? []), wrong]);
  });
  const rates = [...of.values()].filter(({ length }) => length >= FEWEST_OF_WRITER).map((list) => mean(list));
  if (rates.length === 0) return null;
  return {
    writers: rates.length,
    quantiles: [quantile(rates, 0.1), quantile(rates, 0.5), quantile(rates, 0.9)],
  };
}

function agreedOtherwise(answered: readonly Answered[], labels: Uint8Array): number {
  const [{ predicted: first }] = answered;
  return labels.reduce(
    (count, label, i) =>
      count + (first[i] !== label && answered.every(({ predicted }) => predicted[i] === first[i]) ? 1 : 0),
    0,
  );
}

function worstOf(
  answered: readonly Answered[],
  { images, labels, writers, sources, sourceNames }: DrawnDigits,
  ofLabel: Float64Array,
): BadlyRead[] {
  const order = Array.from(labels.keys()).sort((a, b) => ofLabel[a] - ofLabel[b] || a - b);
  return Array.from({ length: CLASSES }, (_, digit) => digit).flatMap((digit) =>
    order
      .filter((i) => labels[i] === digit)
      .slice(0, WORST)
      .map((i) => {
        const votes = new Float64Array(CLASSES);
        for (const { predicted } of answered) votes[predicted[i]]++;
        return {
          index: i,
          digit,
          read: votes.indexOf(Math.max(...votes)),
          writer: writers[i],
          source: sourceNames[sources[i]],
          right: votes[digit] / answered.length,
          probability: ofLabel[i],
          image: toBase64(images.data.slice(i * PIXELS, (i + 1) * PIXELS)),
        };
      }),
  );
}
