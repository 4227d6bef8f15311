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
  readonly sureFrom: number;
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

/** 1 where an answer is a digit with at least that probability. */
export function sure({ read, confidence }: Answers, sureFrom: number): Uint8Array {
  return read.map((digit, i) => (digit !== NONE && confidence[i] >= sureFrom ? 1 : 0));
}

/** At most so many of the answers that are sure may be wrong, … */
const WANTED = 0.005;
/** … and the bound that this share stays below with so much confidence, of other writers, has to keep it. */
const CONFIDENCE = 0.9;
const RESAMPLES = 2_000;
/** Shares of the answers that are sure: where the walk begins, and its steps. */
const START = 0.6;
const STEP = 0.005;

/**
 * Temperature and threshold by the rule of docs/decisions/0020. The temperature makes the log loss smallest. The threshold is walked down over quantiles of the
 * confidence, from that which 60 % of the answers reach, in steps of half a per cent, as long as the upper bound of the share of wrong answers among the sure ones,
 * the 90 % quantile of 2,000 resamples of the writers, is at most .005. Temperature to three digits, threshold to four, upwards.
 */
export function calibrate(
  logits: Float64Array,
  labels: Uint8Array,
  writers: Uint16Array,
): Calibration & { readonly share: number; readonly bound: number } {
  const temperature = Number(fitTemperature(logits, labels, CLASSES).temperature.toFixed(3));
  const answers = answersOf(logits, temperature);
  const order = Array.from(answers.confidence.keys())
    .filter((i) => answers.read[i] !== NONE)
    .sort((a, b) => answers.confidence[b] - answers.confidence[a]);
  const bounds = resampled(writers);
  let found = { sureFrom: 1, share: 0, bound: 0 };
  for (let share = START; share <= 1 + STEP / 2; share += STEP) {
    const last = order[Math.min(order.length, Math.round(share * labels.length)) - 1];
    const sureFrom = Math.ceil(answers.confidence[last] * 10_000) / 10_000;
    const bound = bounds(sure(answers, sureFrom), (i) => answers.read[i] !== labels[i]);
    if (bound > WANTED) break;
    found = { sureFrom, share, bound };
  }
  return { temperature, ...found };
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

/** Sure or not, drawing by drawing, by what was calibrated on the other folds. */
export function nested(
  logits: Float64Array,
  labels: Uint8Array,
  writers: Uint16Array,
  folds: Uint8Array,
): { readonly isSure: Uint8Array; readonly calibrations: Calibration[] } {
  const isSure = new Uint8Array(labels.length);
  const calibrations = [...new Set(folds)].sort().map((fold) => {
    const [others, own] = [false, true].map((inside) =>
      Uint32Array.from(Array.from(folds.keys()).filter((i) => (folds[i] === fold) === inside)),
    );
    const { temperature, sureFrom } = calibrate(
      takeRows(logits, CLASSES, others),
      Uint8Array.from(others, (i) => labels[i]),
      Uint16Array.from(others, (i) => writers[i]),
    );
    const answers = answersOf(takeRows(logits, CLASSES, own), temperature);
    sure(answers, sureFrom).forEach((one, k) => (isSure[own[k]] = one));
    return { temperature, sureFrom };
  });
  return { isSure, calibrations };
}
