import type { SubjectName } from '../subject.ts';
import type { Random } from '../../util/random.ts';
import type { RiskThreshold } from './abstention.ts';
import { riskThreshold } from './abstention.ts';
import { brierScore } from './brier.ts';
import type { ChanceError } from './calibrationError.ts';
import {
  chanceCalibrationError,
  debiasedSquaredError,
  expectedCalibrationError,
} from './calibrationError.ts';
import type { SetResult } from './conformal/measureSets.ts';
import { measureSets } from './conformal/measureSets.ts';
import type { CalibrationFold, Scored } from './folds.ts';
import { logLoss } from './logLoss.ts';
import { type Predictions, softmax, topLabel } from './predictions.ts';
import type { ReliabilityBin } from './reliability.ts';
import { equalMassDiagram, reliabilityDiagram } from './reliability.ts';
import type { RiskCoverage } from './riskCoverage.ts';
import { riskCoverage } from './riskCoverage.ts';
import { fitTemperature } from './temperature.ts';

/** How well the probabilities of some images fit their labels. */
export interface CalibrationErrors {
  /** In nats. */
  readonly logLoss: number;
  /** From 0 to 2. */
  readonly brier: number;
  /** ECE over 15 bins of equal width. */
  readonly ece: number;
  /** ECE over 15 bins of about equal numbers of images. */
  readonly eceEqualMass: number;
  /** Debiased squared calibration error over those; may be below zero. */
  readonly debiasedSquare: number;
  readonly bins: readonly ReliabilityBin[];
}

/** One wanted error rate: thresholds as fitted, and what they did on other images. */
export interface AbstentionResult {
  readonly wanted: number;
  /** One for each fold. */
  readonly thresholds: readonly RiskThreshold[];
  /** Of the test images judged by a fold that has a threshold. */
  readonly judged: number;
  readonly answered: number;
  readonly errors: number;
}

/** All of one network. */
export interface CalibrationRun extends SubjectName {
  readonly accuracy: number;
  readonly meanConfidence: number;
  readonly raw: CalibrationErrors;
  /** The ECE of a perfectly calibrated model of the same confidences. */
  readonly chance: ChanceError;
  /** One for each fold. */
  readonly temperatures: readonly number[];
  readonly temperatureAtBound: boolean;
  /** After division of the logits by the temperature fitted on other images. */
  readonly scaled: CalibrationErrors;
  readonly riskCoverage: RiskCoverage;
  readonly abstention: readonly AbstentionResult[];
  readonly sets: readonly SetResult[];
}

export interface RunOptions {
  readonly random: Random;
  readonly resamples: number;
  /** A threshold's promise may fail with this probability. */
  readonly delta: number;
  readonly groupCount: number;
  /** Whether the populations of the calibration images are known too. */
  readonly byGroup: boolean;
  readonly seed: number;
}

const WANTED_ERRORS = [0.02, 0.01, 0.005, 0.002];
const ALPHAS = [0.1, 0.05, 0.02, 0.01, 0.005];

/** `folds` judge every test image once. */
export function measureRun(
  test: Scored,
  folds: readonly CalibrationFold[],
  options: RunOptions,
): Omit<CalibrationRun, keyof SubjectName> {
  const { labels, classes, top } = test;
  const n = labels.length;
  const fitted = folds.map(({ calibration }) =>
    fitTemperature(calibration.logits, calibration.labels, classes),
  );
  const scaled = new Float64Array(n * classes);
  folds.forEach(({ evaluation, rows }, f) => {
    const probabilities = softmax(evaluation.logits, classes, fitted[f].temperature);
    rows.forEach((row, i) => {
      scaled.set(probabilities.subarray(i * classes, (i + 1) * classes), row * classes);
    });
  });
  return {
    accuracy: top.correct.reduce((sum, correct) => sum + correct, 0) / n,
    meanConfidence: top.confidence.reduce((sum, confidence) => sum + confidence, 0) / n,
    raw: errorsOf(test),
    chance: chanceCalibrationError(top, { random: options.random, resamples: options.resamples }),
    temperatures: fitted.map(({ temperature }) => temperature),
    temperatureAtBound: fitted.some(({ atBound }) => atBound),
    scaled: errorsOf({ probabilities: scaled, labels, classes }),
    riskCoverage: riskCoverage(top),
    abstention: WANTED_ERRORS.map((wanted) => abstain(folds, wanted, options.delta)),
    sets: measureSets(folds, ALPHAS, options),
  };
}

function errorsOf(predictions: Predictions): CalibrationErrors {
  const top = topLabel(predictions);
  const bins = reliabilityDiagram(top);
  const equalMass = equalMassDiagram(top);
  return {
    logLoss: logLoss(predictions),
    brier: brierScore(predictions),
    ece: expectedCalibrationError(bins),
    eceEqualMass: expectedCalibrationError(equalMass),
    debiasedSquare: debiasedSquaredError(equalMass),
    bins,
  };
}

function abstain(folds: readonly CalibrationFold[], wanted: number, delta: number): AbstentionResult {
  const thresholds = folds.map(({ calibration, evaluation }) =>
    riskThreshold(calibration.top, evaluation.top.confidence, { wanted, delta }),
  );
  let [judged, answered, errors] = [0, 0, 0];
  folds.forEach(({ evaluation: { top } }, f) => {
    const { threshold } = thresholds[f];
    if (threshold === null) return;
    judged += top.correct.length;
    for (let i = 0; i < top.correct.length; i++) {
      if (top.confidence[i] < threshold) continue;
      answered++;
      errors += 1 - top.correct[i];
    }
  });
  return { wanted, thresholds, judged, answered, errors };
}
