import { readdirSync, readFileSync } from 'node:fs';
import { type Rate, rateOf } from '../../src/analysis/equity/rates.ts';
import { takeRows } from '../../src/analysis/calibration/predictions.ts';
import { UNIPEN_DIGITS } from '../../src/data/unipen/drawnDigits.ts';
import type { Sequential } from '../../src/nn/sequential.ts';
import { clopperPearson } from '../../src/stats/binomial.ts';
import { crossedRates } from '../../src/stats/crossedRates.ts';
import { sha256 } from '../../src/store/sha256.ts';
import { Random } from '../../src/util/random.ts';
import {
  type AnsweredDrawings,
  type Answers,
  answersOf,
  calibrate,
  leastOfSets,
  type Calibration,
  logProbabilities,
  nested,
  sure,
} from './answers.ts';
import { type NoDigitKind, stacked } from './examples.ts';
import { AMOUNTS, BASE, CLASSES, COMMON, FIT, FOLDS, KEPT_OUT, NONE, SEED } from './recipe.ts';
import { cutOff, type Material, unseen } from './train.ts';

const RESAMPLES = 2_000;

/** Of n answers so many, with the 95 % interval of Clopper and Pearson. */
export interface Count {
  readonly n: number;
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

export type Results = Awaited<ReturnType<typeof measure>>;

/** Everything that the card says: of the folds' networks on what they have not seen, and of the shipped one on MNIST's test images. */
export async function measure(
  of: Material,
  models: { readonly base: Sequential; readonly folds: readonly Sequential[]; readonly all: Sequential },
) {
  const { drawings, folds, mnist, keptOut } = of;
  const labels = Uint8Array.from(drawings, ({ digit }) => digit);
  const writers = Uint16Array.from(drawings, ({ writer }) => writer);
  const logits = new Float64Array(labels.length * CLASSES);
  const digits: Float64Array[] = [];
  const none: { readonly kind: NoDigitKind; readonly logits: Float64Array }[] = [];
  for (const [fold, model] of models.folds.entries()) {
    const own = await unseen(of, fold);
    const drawn = logProbabilities(model, own.drawn.images);
    own.rows.forEach((row, k) => {
      logits.set(drawn.subarray(k * CLASSES, (k + 1) * CLASSES), row * CLASSES);
    });
    digits.push(logProbabilities(model, own.digits.images));
    const images = stacked(
      own.none.map(({ image }) => image),
      own.none.map(() => NONE),
    );
    const answers = logProbabilities(model, images.images);
    own.none.forEach(({ kind }, k) => {
      none.push({ kind, logits: takeRows(answers, CLASSES, [k]) });
    });
  }
  const keptOutLabels = Uint8Array.from(keptOut, (row) => mnist.train.labels[row]);
  const cut = cutOff(drawings, models.base);
  const drawn = { logits, labels, writers, cutOff: cut, folds };
  const images = eachOnce(digits, keptOutLabels);
  const { temperature, sureFrom, ...reached } = calibrate(drawn, images);
  const calibration = { temperature, sureFrom };
  const { calibrations, ...isSure } = nested(drawn, images);
  return {
    made: madeOf(of, models),
    calibration: {
      ...calibration,
      ...{ doubted: reached.doubted, bound: round(reached.bound), wrong: round(reached.wrong) },
    },
    sets: {
      on: `${labels.length} drawings, cross-validated by writers`,
      images: labels.length,
      least: leastOfSets(logits, labels, temperature),
    },
    drawings: drawingsResult(of, answersOf(logits, temperature), calibration, cut),
    nested: {
      calibrations,
      ...sureRates(isSure.drawings, answersOf(logits, 1), labels, writers),
      holding: holdingRates(isSure.drawings, answersOf(logits, 1), drawn),
      images: imagesResult([{ ...answersOf(images.logits, 1), isSure: isSure.images }], images.labels),
    },
    keptOut: digitsResult(
      digits.map((one) => answersOf(one, temperature)),
      keptOutLabels,
      sureFrom,
    ),
    none: noneResult(none, calibration),
    test: digitsResult(
      [answersOf(logProbabilities(models.all, mnist.test.images), temperature)],
      mnist.test.labels,
      sureFrom,
    ),
  };
}

/** Of the images kept out, which all folds' networks have answered, each as answered by one: the n-th by network n modulo the folds. */
function eachOnce(answers: readonly Float64Array[], labels: Uint8Array) {
  const folds = labels.map((_, i) => i % FOLDS);
  const logits = new Float64Array(labels.length * CLASSES);
  folds.forEach((fold, i) => {
    logits.set(answers[fold].subarray(i * CLASSES, (i + 1) * CLASSES), i * CLASSES);
  });
  return { logits, labels, folds };
}

function madeOf(
  { mnist, folds }: Material,
  { folds: networks, all }: { readonly folds: readonly Sequential[]; readonly all: Sequential },
) {
  const folder = new URL('./', import.meta.url);
  const scripts = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .sort();
  return {
    scripts: Object.fromEntries(scripts.map((name) => [name, sha256(readFileSync(new URL(name, folder)))])),
    mnist: mnist.identity,
    drawings: UNIPEN_DIGITS.sha256,
    recipe: { ...COMMON, base: BASE, then: FIT, seed: SEED, keptOut: KEPT_OUT, ...AMOUNTS },
    parameters: all.getWeights().reduce((sum, { data }) => sum + data.length, 0),
    weights: { folds: networks.map((model) => model.weightsHash()), all: all.weightsHash() },
    folds: Array.from({ length: FOLDS }, (_, fold) => folds.filter((one) => one === fold).length),
  };
}

/** Errors and doubts on the drawings, with intervals over writers. */
function drawingsResult(
  { drawings, folds }: Material,
  answers: Answers,
  { sureFrom }: Calibration,
  cut: Uint8Array,
) {
  const labels = Uint8Array.from(drawings, ({ digit }) => digit);
  const writers = Uint16Array.from(drawings, ({ writer }) => writer);
  const sourceNames = [...new Set(drawings.map(({ source }) => source))].sort();
  const wrong = Uint8Array.from(answers.read, (digit, i) => (digit === labels[i] ? 0 : 1));
  const { groups, all } = crossedRates(
    [wrong],
    [
      { count: 10, of: labels },
      { count: sourceNames.length, of: drawings.map(({ source }) => sourceNames.indexOf(source)) },
      { count: 2, of: folds.map((fold) => (fold === 0 ? 0 : 1)) },
    ],
    { random: new Random(SEED, 'reader/drawings'), resamples: RESAMPLES, clusters: writers },
  );
  const [byDigit, bySource, byChoice] = groups.map((list) =>
    list.map((group) => rounded(rateOf(group, CLUSTERED))),
  );
  return {
    error: rounded(rateOf(all, CLUSTERED)),
    none: round(answers.read.filter((digit) => digit === NONE).length / labels.length),
    byDigit,
    bySource: sourceNames.map((source, s) => ({ source, ...bySource[s] })),
    choices: byChoice[0],
    others: byChoice[1],
    ...sureRates(sure(answers, sureFrom), answers, labels, writers),
    cutOff: sum(cut),
    holding: holdingRates(sure(answers, sureFrom), answers, { labels, writers, cutOff: cut }),
  };
}

/** Of the drawings that hold their digit. */
function holdingRates(
  isSure: Uint8Array,
  { read, confidence }: Answers,
  { labels, writers, cutOff: cut }: Pick<AnsweredDrawings, 'labels' | 'writers' | 'cutOff'>,
) {
  const holds = <T extends Uint8Array | Uint16Array | Float64Array>(values: T): T =>
    values.filter((_, i) => cut[i] === 0) as T;
  const answers = { read: holds(read), confidence: holds(confidence) };
  return sureRates(holds(isSure), answers, holds(labels), holds(writers));
}

const CLUSTERED = { clustered: true } as const;

/** Share of answers that are not sure, and of wrong ones among those that are. */
function sureRates(isSure: Uint8Array, { read }: Answers, labels: Uint8Array, writers: Uint16Array) {
  const wrong = isSure.map((one, i) => (one === 1 && read[i] !== labels[i] ? 1 : 0));
  const options = { random: new Random(SEED, 'reader/sure'), resamples: RESAMPLES, clusters: writers };
  const among = crossedRates([wrong], [{ count: 1, of: isSure.map((one) => 1 - one) }], options);
  const doubts = crossedRates([isSure.map((one) => 1 - one)], [], options);
  return {
    notSure: rounded(rateOf(doubts.all, CLUSTERED)),
    sureWrong: { wrong: sum(wrong), ...rounded(rateOf(among.groups[0][0], CLUSTERED)) },
  };
}

/** Means over networks of the answers to the same digits. */
function digitsResult(answers: readonly Answers[], labels: Uint8Array, sureFrom: readonly number[]) {
  return imagesResult(
    answers.map((one) => ({ ...one, isSure: sure(one, sureFrom) })),
    labels,
  );
}

function imagesResult(answers: readonly (Answers & { readonly isSure: Uint8Array })[], labels: Uint8Array) {
  const n = labels.length * answers.length;
  const each = answers.map((one) => {
    const { isSure } = one;
    const wrong = one.read.map((digit, i) => (digit === labels[i] ? 0 : 1));
    return { isSure, wrong, none: one.read.map((digit) => (digit === NONE ? 1 : 0)) };
  });
  const total = (pick: (one: (typeof each)[number]) => Uint8Array): number =>
    each.reduce((all, one) => all + sum(pick(one)), 0);
  const sures = total(({ isSure }) => isSure);
  return {
    networks: answers.length,
    error: count(
      total(({ wrong }) => wrong),
      n,
    ),
    none: count(
      total((one) => one.none),
      n,
    ),
    notSure: count(n - sures, n),
    notSureByDigit: Array.from({ length: NONE }, (_, digit) => {
      const own = sum(labels.map((label) => (label === digit ? 1 : 0))) * answers.length;
      return count(
        own - total((one) => one.isSure.map((value, i) => (labels[i] === digit ? value : 0))),
        own,
      );
    }),
    sureWrong: count(
      total(({ isSure, wrong }) => wrong.map((one, i) => one * isSure[i])),
      sures,
    ),
  };
}

/** Of what is no digit, by kind: taken for a digit, and surely so. */
function noneResult(
  none: readonly { readonly kind: NoDigitKind; readonly logits: Float64Array }[],
  { temperature, sureFrom }: Calibration,
) {
  const of = (own: typeof none) => {
    const answers = own.map(({ logits }) => answersOf(logits, temperature));
    return {
      digit: count(answers.filter(({ read }) => read[0] !== NONE).length, own.length),
      sure: count(answers.filter((one) => sure(one, sureFrom)[0] === 1).length, own.length),
    };
  };
  const kinds = [...new Set(none.map(({ kind }) => kind))];
  return {
    ...of(none),
    kinds: kinds.map((kind) => ({ kind, ...of(none.filter((one) => one.kind === kind)) })),
  };
}

function count(successes: number, n: number): Count {
  const { low, high } = clopperPearson(successes, n);
  return { n, count: successes, low: round(low), high: round(high) };
}

function sum(values: Uint8Array): number {
  return values.reduce((all, value) => all + value, 0);
}

function rounded({ images, writers, rate, interval }: Rate): Rate {
  return {
    images,
    writers,
    rate: rate === null ? null : round(rate),
    interval: interval && [round(interval[0]), round(interval[1])],
  };
}

function round(value: number): number {
  return Number(value.toFixed(5));
}
