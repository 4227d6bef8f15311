import { lacScores } from '../../src/analysis/calibration/conformal/lac.ts';
import { conformalQuantile, ownScores } from '../../src/analysis/calibration/conformal/sets.ts';
import { softmax, takeRows } from '../../src/analysis/calibration/predictions.ts';
import { fitTemperature } from '../../src/analysis/calibration/temperature.ts';
import type { Sequential } from '../../src/nn/sequential.ts';
import { quantile } from '../../src/stats/describe.ts';
import { naturalLogarithm } from '../../src/util/logarithm.ts';
import { Random } from '../../src/util/random.ts';
import type { Tensor } from '../../src/util/tensor.ts';
import { CLASSES, NONE, SEED } from './recipe.ts';

/** Below what float32 tells from 0. */
const LEAST = 1e-30;

/** ln p, [n][11]. */
export function logProbabilities(model: Sequential, images: Tensor<Uint8Array>): Float64Array {
  return Float64Array.from(model.predict(images).data, (p) => naturalLogarithm(Math.max(p, LEAST)));
}

/** Shares of the digits whose conformal set holds the truth. */
const COVERAGES = [0.9, 0.95, 0.99];

/** By coverage: the least calibrated probability of a digit in a conformal set (LAC; Sadinle, Lei & Wasserman 2019), to four digits, downwards. */
export function leastOfSets(
  logits: Float64Array,
  labels: Uint8Array,
  temperature: number,
): Record<string, number> {
  const own = ownScores(lacScores(softmax(logits, CLASSES, temperature)), labels, CLASSES);
  return Object.fromEntries(
    COVERAGES.map((coverage) => {
      const least = 1 - conformalQuantile(own, 1 - coverage);
      return [String(coverage), Math.max(0, Math.floor(10_000 * least) / 10_000)];
    }),
  );
}

/** What is shipped beside the weights. */
export interface Calibration {
  readonly temperature: number;
  /** By digit. */
  readonly sureFrom: readonly number[];
}

export interface Answers {
  /** Most probable class. */
  readonly read: Uint8Array;
  /** Calibrated probability of it. */
  readonly confidence: Float64Array;
}

export function answersOf(logits: Float64Array, temperature: number): Answers {
  const probabilities = softmax(logits, CLASSES, temperature);
  const n = probabilities.length / CLASSES;
  const read = new Uint8Array(n);
  const confidence = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = probabilities.subarray(i * CLASSES, (i + 1) * CLASSES);
    confidence[i] = Math.max(...row);
    read[i] = row.indexOf(confidence[i]);
  }
  return { read, confidence };
}

/** 1 where an answer is a digit with at least that digit's probability. */
export function sure({ read, confidence }: Answers, sureFrom: readonly number[]): Uint8Array {
  return read.map((digit, i) => (digit !== NONE && confidence[i] >= sureFrom[digit] ? 1 : 0));
}

/** Answers of networks that have not seen what they answer: logits [n][11] and labels [n]. */
export interface Answered {
  readonly logits: Float64Array;
  readonly labels: Uint8Array;
}

export interface AnsweredDrawings extends Answered {
  readonly writers: Uint16Array;
  /** 1 where what was drawn is a stroke cut off its digit: no digit that anybody could read. */
  readonly cutOff: Uint8Array;
}

/** At most so many of the answers to drawings that are sure may be wrong, … */
const WANTED = 0.005;
/** … and the bound that this share stays below with so much confidence, of other writers, has to keep it. */
const CONFIDENCE = 0.9;
const RESAMPLES = 2_000;
/** Where strokes that are cut off count as wrong the share itself, less a little for what is chosen. */
export const WANTED_OF_ALL = 0.0045;
/** Shares of each digit's answers that are not sure: where the walk begins, and its steps. */
const START = 0.4;
const STEP = 0.005;
/** More doubt than that is not paid for strokes that are cut off; then it is this much at least. */
const MOST = 0.13;
const INSTEAD = 0.08;

export interface Calibrated extends Calibration {
  /** Share of the answers of each digit that are not sure. */
  readonly doubted: number;
  /** Of drawings that hold their digit: the upper bound of the wrong share among the sure ones. */
  readonly bound: number;
  /** That share of all drawings. */
  readonly wrong: number;
}

/**
 * Temperature and thresholds by the rule of docs/decisions/0020. The temperature makes the log loss of the drawings smallest. The thresholds leave the same share of each digit's answers,
 * to drawings and to images, not sure; it is walked down from 40 % in steps of half a per cent, as long as the wrong answers among the sure ones are few enough.
 * Temperature to three digits, thresholds to four, upwards.
 */
export function calibrate({ cutOff, ...drawings }: AnsweredDrawings, images?: Answered): Calibrated {
  const holding = Uint32Array.from(Array.from(cutOff.keys()).filter((i) => cutOff[i] === 0));
  const labels = taken(drawings.labels, holding);
  const logits = takeRows(drawings.logits, CLASSES, holding);
  const temperature = Number(fitTemperature(logits, labels, CLASSES).temperature.toFixed(3));
  const [all, held] = [drawings.logits, logits].map((one) => answersOf(one, temperature));
  const confidences = confidencesOf(images ? [held, answersOf(images.logits, temperature)] : [held]);
  const bounds = resampled(Uint16Array.from(holding, (i) => drawings.writers[i]));
  const at = (doubted: number): Calibrated => {
    const sureFrom = confidences.map((list) => thresholdAt(list, doubted));
    const bound = bounds(sure(held, sureFrom), (i) => held.read[i] !== labels[i]);
    return { temperature, sureFrom, doubted, bound, wrong: wrongShare(all, drawings.labels, sureFrom) };
  };
  const walked = (least: number, keeps: (one: Calibrated) => boolean): Calibrated => {
    let found: Calibrated = {
      temperature,
      sureFrom: new Array<number>(NONE).fill(1),
      ...{ doubted: 1, bound: 0, wrong: 0 },
    };
    for (let step = Math.round(START / STEP); step >= Math.round(least / STEP); step--) {
      const next = at(Number((step * STEP).toFixed(3)));
      if (!keeps(next)) break;
      found = next;
    }
    return found;
  };
  const strict = walked(0, ({ bound, wrong }) => bound <= WANTED && wrong <= WANTED_OF_ALL);
  return strict.doubted <= MOST ? strict : walked(INSTEAD, ({ bound }) => bound <= WANTED);
}

function taken(values: Uint8Array, rows: Uint32Array): Uint8Array {
  return Uint8Array.from(rows, (row) => values[row]);
}

/** By digit that is read: the confidences, upwards. */
function confidencesOf(answers: readonly Answers[]): Float64Array[] {
  return Array.from({ length: NONE }, (_, digit) =>
    Float64Array.from(
      answers.flatMap(({ read, confidence }) => Array.from(confidence).filter((_, i) => read[i] === digit)),
    ).sort(),
  );
}

/** Below it is that share of the list. */
function thresholdAt(confidences: Float64Array, share: number): number {
  const least = confidences[Math.round(share * confidences.length)] ?? 1;
  return Math.ceil(least * 10_000) / 10_000;
}

function wrongShare(answers: Answers, labels: Uint8Array, sureFrom: readonly number[]): number {
  const isSure = sure(answers, sureFrom);
  let [count, wrong] = [0, 0];
  isSure.forEach((one, i) => {
    count += one;
    if (one === 1 && answers.read[i] !== labels[i]) wrong++;
  });
  return count === 0 ? 0 : wrong / count;
}

/** The 90 % quantile of the share of wrong answers among the sure ones when writers are drawn again, one less than there are (Rao & Wu 1988). */
function resampled(writers: Uint16Array): (isSure: Uint8Array, wrong: (i: number) => boolean) => number {
  const names = [...new Set(writers)];
  const place = new Map(names.map((name, k) => [name, k]));
  const random = new Random(SEED, 'reader/threshold');
  const draws = Array.from({ length: RESAMPLES }, () =>
    Uint16Array.from({ length: names.length - 1 }, () => random.integer(names.length)),
  );
  return (isSure, wrong) => {
    const counts = names.map(() => ({ sure: 0, wrong: 0 }));
    isSure.forEach((one, i) => {
      if (one === 0) return;
      const count = counts[place.get(writers[i])!];
      count.sure++;
      if (wrong(i)) count.wrong++;
    });
    const shares = draws.map((draw) => {
      let [all, bad] = [0, 0];
      for (const k of draw) {
        all += counts[k].sure;
        bad += counts[k].wrong;
      }
      return all === 0 ? 0 : bad / all;
    });
    return quantile(shares, CONFIDENCE);
  };
}

/** Sure or not, drawing by drawing and image by image, by what was calibrated on the other folds. */
export function nested(
  drawings: AnsweredDrawings & Folded,
  images: Answered & Folded,
): { readonly drawings: Uint8Array; readonly images: Uint8Array; readonly calibrations: Calibration[] } {
  const isSure = [drawings, images].map(({ labels }) => new Uint8Array(labels.length));
  const calibrations = [...new Set(drawings.folds)].sort().map((fold) => {
    const [otherDrawings, otherImages] = [drawings, images].map(({ folds }) =>
      rowsWhere(folds, (one) => one !== fold),
    );
    const { temperature, sureFrom } = calibrate(
      {
        ...answeredAt(drawings, otherDrawings),
        writers: Uint16Array.from(otherDrawings, (i) => drawings.writers[i]),
        cutOff: taken(drawings.cutOff, otherDrawings),
      },
      answeredAt(images, otherImages),
    );
    [drawings, images].forEach((one, k) => {
      const own = rowsWhere(one.folds, (other) => other === fold);
      const answers = answersOf(takeRows(one.logits, CLASSES, own), temperature);
      sure(answers, sureFrom).forEach((value, i) => (isSure[k][own[i]] = value));
    });
    return { temperature, sureFrom };
  });
  return { drawings: isSure[0], images: isSure[1], calibrations };
}

interface Folded {
  /** Whose network answered. */
  readonly folds: Uint8Array;
}

function rowsWhere(folds: Uint8Array, fits: (fold: number) => boolean): Uint32Array {
  return Uint32Array.from(Array.from(folds.keys()).filter((i) => fits(folds[i])));
}

function answeredAt({ logits, labels }: Answered, rows: Uint32Array): Answered {
  return { logits: takeRows(logits, CLASSES, rows), labels: taken(labels, rows) };
}
