import type { Calibration } from '../../../analysis/calibration/measure.ts';
import type { CalibrationErrors, CalibrationRun } from '../../../analysis/calibration/run.ts';
import { mean } from '../../../stats/describe.ts';
import { fixed, grouped, percent } from '../../../study/wording.ts';
import type { Cell, Table } from '../../table.ts';
import { wordsIn } from '../../dataWords.ts';
import type { ArmRuns, Classes } from './arms.ts';
import { MAIN_ALPHA, methodName, MOST_ARMS, overImages, overRuns, setsOfArm } from './arms.ts';

const four = (value: number) => fixed(value, 4);
const share = (value: number) => percent(value, 2);

/** √max(0, the debiased square). */
function debiasedRoot({ debiasedSquare }: CalibrationErrors): number {
  return Math.sqrt(Math.max(0, debiasedSquare));
}

type Of = (run: CalibrationRun) => number;
const of =
  (measure: (errors: CalibrationErrors) => number) =>
  (version: 'raw' | 'scaled'): Of =>
  (run) =>
    measure(run[version]);

/** Of the order of the confidences, which temperature scaling is not made for. */
const ofOrder = (measure: Of) => (version: 'raw' | 'scaled') => (version === 'raw' ? measure : null);

const MEASURES: readonly (readonly [string, (version: 'raw' | 'scaled') => Of | null])[] = [
  ['log loss', of(({ logLoss }) => logLoss)],
  ['Brier score (0 to 2)', of(({ brier }) => brier)],
  ['ECE, 15 bins of equal width', of(({ ece }) => ece)],
  ['ECE, 15 bins of equal numbers', of(({ eceEqualMass }) => eceEqualMass)],
  ['RMS calibration error, debiased', of(debiasedRoot)],
  ['AURC', ofOrder(({ riskCoverage }) => riskCoverage.aurc)],
  ['E-AURC', ofOrder(({ riskCoverage }) => riskCoverage.excess)],
];

export function errorsTable(arms: readonly ArmRuns[], { images }: Calibration): Table {
  return {
    name: 'calibration-errors',
    caption: `Calibration on ${grouped(images)} test images, mean over runs with Student's 95 % interval over them (none for one run). 0 is perfect; AURC is the area under the curve of errors by coverage, E-AURC what it has more than the best order of the same answers.`,
    columns: [
      { label: 'Arm' },
      { label: 'Measure' },
      { label: 'as trained', format: four },
      { label: 'low', format: four },
      { label: 'high', format: four },
      { label: 'temperature-scaled', format: four },
      { label: 'low', format: four },
      { label: 'high', format: four },
      { label: 'if perfectly calibrated', format: four },
    ],
    rows: arms.flatMap((arm) =>
      MEASURES.map(([label, measure], k): Cell[] => {
        const [raw, scaled] = (['raw', 'scaled'] as const).map((version) => {
          const value = measure(version);
          return value === null ? null : overRuns(arm, value);
        });
        const cells = [raw, scaled].flatMap((one) => [
          one?.mean ?? null,
          one?.low ?? null,
          one?.high ?? null,
        ]);
        const chance = k === 2 ? mean(arm.runs.map((run) => run.chance.mean)) : null;
        return [arm.label, label, ...cells, chance];
      }),
    ),
  };
}

/** What a wanted error rate costs in images handed to a person, and what became of the promise. */
export interface AbstentionSummary {
  readonly wanted: number;
  /** Runs with a threshold in every fold. */
  readonly kept: number;
  readonly answered: ReturnType<typeof overRuns> | null;
  readonly errors: ReturnType<typeof overImages> | null;
  readonly thresholds: readonly number[];
}

export function abstentionOf(arm: ArmRuns): AbstentionSummary[] {
  return arm.runs[0].abstention.map(({ wanted }, w) => {
    const withAll = arm.runs.filter((run) =>
      run.abstention[w].thresholds.every(({ threshold }) => threshold !== null),
    );
    const of = ({ abstention }: CalibrationRun) => abstention[w];
    const none = withAll.length === 0;
    return {
      wanted,
      kept: withAll.length,
      answered: none ? null : overRuns({ ...arm, runs: withAll }, (run) => of(run).answered / of(run).judged),
      errors: none
        ? null
        : overImages(withAll.map((run) => ({ count: of(run).answered, covered: of(run).errors }))),
      thresholds: withAll.flatMap((run) => of(run).thresholds.map(({ threshold }) => threshold!)),
    };
  });
}

export function abstentionTable(arms: readonly ArmRuns[], { promise }: Calibration): Table {
  return {
    name: 'abstention',
    caption: `Thresholds for a wanted error rate, each promised with ${percent(promise, 0)} confidence (Learn then Test, exact binomial tests in a fixed order), and what they did on the images they were not fitted on. Intervals of the errors: Wilson, 95 %, over the images of one run${writersText(wordsIn(arms[0]))}.`,
    columns: [
      { label: 'Arm' },
      { label: 'errors at most', format: (value) => percent(value, 1) },
      { label: 'runs with a threshold' },
      { label: 'answered', format: share },
      { label: 'low', format: share },
      { label: 'high', format: share },
      { label: 'wrong among them', format: share },
      { label: 'low', format: share },
      { label: 'high', format: share },
      { label: 'answer from this confidence on' },
    ],
    rows: arms.flatMap((arm) =>
      abstentionOf(arm).map(({ wanted, kept, answered, errors, thresholds }): Cell[] => [
        arm.label,
        wanted,
        `${kept} of ${arm.runs.length}`,
        answered?.mean ?? null,
        answered?.low ?? null,
        answered?.high ?? null,
        errors?.mean ?? null,
        errors?.low ?? null,
        errors?.high ?? null,
        thresholds.length === 0
          ? 'none can be promised'
          : `${fixed(Math.min(...thresholds), 4)} to ${fixed(Math.max(...thresholds), 4)}`,
      ]),
    ),
  };
}

export function setsTable(arms: readonly ArmRuns[], { groups }: Calibration): Table {
  const words = wordsIn(arms[0]);
  const { one, many } = words;
  const [{ sets }] = arms[0].runs;
  const shown = arms.length > MOST_ARMS ? sets.filter(({ alpha }) => alpha === MAIN_ALPHA) : sets;
  const named = groups.length > 1 ? groups : [];
  return {
    name: 'conformal-sets',
    caption: `Sets of ${many} with a promised coverage: share of sets that hold the true ${one} (Wilson, 95 %, over the images of one run${writersText(words)}), mean size, and shares of sets of one ${one} and of none${groups.length > 1 ? '; of the populations with intervals widened by a design effect, for images by one writer are alike' : ''}.`,
    columns: [
      { label: 'Arm' },
      { label: 'Method' },
      { label: 'promised', format: (value) => percent(value, 1) },
      { label: 'measured', format: share },
      { label: 'low', format: share },
      { label: 'high', format: share },
      { label: `${many} in a set`, format: (value) => fixed(value, 3) },
      { label: `one ${one}`, format: share },
      { label: 'empty', format: share },
      { label: `worst ${one}`, format: share },
      ...named.flatMap((group) => [group, 'low', 'high'].map((label) => ({ label, format: share }))),
    ],
    rows: arms.flatMap((arm) =>
      shown.map(({ method, alpha }): Cell[] => {
        const { coverage, meanSize, single, empty, byClass, byGroup } = setsOfArm(arm, method, alpha)!;
        return [
          arm.label,
          methodName(method, words),
          1 - alpha,
          coverage.mean,
          coverage.low,
          coverage.high,
          meanSize.mean,
          single,
          empty,
          Math.min(...byClass.map((one) => one.mean).filter((value) => !Number.isNaN(value))),
          ...named.flatMap((_, g) => [byGroup[g].mean, byGroup[g].low, byGroup[g].high]),
        ];
      }),
    ),
  };
}

/** Every run, for files. */
export function runsTable({ runs, images }: Calibration): Table {
  return {
    name: 'calibration-runs',
    caption: `Calibration of every run on ${images} test images.`,
    columns: [
      { label: 'Arm' },
      { label: 'Seed' },
      { label: 'accuracy', format: share },
      { label: 'mean confidence', format: share },
      { label: 'log loss', format: four },
      { label: 'Brier', format: four },
      { label: 'ECE', format: four },
      { label: 'temperature', format: (value) => fixed(value, 3) },
      { label: 'ECE after scaling', format: four },
      { label: 'AURC', format: (value) => fixed(value, 6) },
      { label: 'E-AURC', format: (value) => fixed(value, 6) },
    ],
    rows: runs.map((run) => [
      run.arm,
      run.seed,
      run.accuracy,
      run.meanConfidence,
      run.raw.logLoss,
      run.raw.brier,
      run.raw.ece,
      mean(run.temperatures),
      run.scaled.ece,
      run.riskCoverage.aurc,
      run.riskCoverage.excess,
    ]),
  };
}

/** What of intervals over images is known where images by one writer are alike. */
function writersText({ one }: Classes): string {
  return one === 'digit'
    ? ', as if each were by a writer of its own: where writers are drawn it covers 79 to 88 %'
    : '';
}
