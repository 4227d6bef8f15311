import { isMnist } from '../../data/identity.ts';
import { LEVEL } from '../../study/decision.ts';
import { ropeText } from '../../study/verdict.ts';
import { capitalised, fixed, grouped, percent, signed } from '../../study/wording.ts';
import type { ReportInput } from '../input.ts';
import type { ArmPair, PairStatistics } from '../statistics/pairs.ts';
import { type PairFamily, pairFamily } from '../statistics/pairFamily.ts';
import { statisticsOf } from '../statistics/all.ts';
import { judgementsOf } from '../statistics/claims.ts';
import type { Column, Table } from '../table.ts';

/** '.0123', '< .0001'; never 0 for what is not. */
export function pText(p: number): string {
  if (p > 0 && p < 0.0001) return '< .0001';
  return p.toFixed(4).replace(/^0/, '');
}

const p = (label: string): Column => ({ label, format: pText });
const points = (label: string): Column => ({ label, format: (value) => signed(100 * value, 3) });
const share = (label: string): Column => ({ label, format: (value) => percent(value) });
const plain = (label: string, digits: number): Column => ({ label, format: (value) => fixed(value, digits) });
const number = (label: string): Column => ({ label, format: (value) => signed(value, 4) });
const size = (label: string): Column => ({ label, format: (value) => signed(value, 2) });

function pairLabel({ first, second }: ArmPair): string {
  return `${first.label} − ${second.label}`;
}

const outcomeOf = ({ outcome }: PairStatistics) =>
  outcome === 'testAccuracy' ? 'accuracy, points' : 'loss, nats';

/** Each paired difference with its intervals. */
function differencesTable(input: ReportInput): Table {
  const { split, stopping } = input.results.study;
  const folds = split.kind === 'folds';
  const method = folds ? 'Corrected' : stopping ? 'Always-valid' : 'Student';
  const { pairs } = statisticsOf(input);
  const withBca = pairs.some(({ bca }) => bca !== null);
  const family = familyOf(input);
  return {
    name: 'differences',
    caption: folds
      ? 'Paired differences over the folds, 95 % intervals by the corrected t-test of Nadeau and Bengio'
      : stopping
        ? 'Paired differences over the seeds that it took to decide, with always-valid 95 % intervals'
        : 'Paired differences over the seeds, with 95 % intervals (Student’s, and BCa from 20 seeds on; with fewer it covers too little, at 20 still about 92 %)',
    columns: [
      { label: 'Difference' },
      { label: 'Of' },
      plain('Pairs', 0),
      number('Mean'),
      plain('SD', 4),
      number(`${method} low`),
      number(`${method} high`),
      ...(withBca ? [number('BCa low'), number('BCa high')] : []),
      { label: 'By the rule' },
      ...(family === null ? [] : [{ label: 'With Holm' }]),
    ],
    rows: pairs.map((pair) => {
      const { summary, bca, verdict, first, second } = pair;
      const spread = summary.spread?.low === summary.spread?.high ? null : summary.spread;
      const factor = pair.outcome === 'testAccuracy' ? 100 : 1;
      const scaled = (value: number | undefined) => (value === undefined ? null : factor * value);
      return [
        pairLabel(pair),
        outcomeOf(pair),
        summary.n,
        scaled(summary.mean),
        scaled(summary.spread?.sd),
        scaled(spread?.low),
        scaled(spread?.high),
        ...(withBca ? [scaled(bca?.low), scaled(bca?.high)] : []),
        {
          first: `${first.label} better`,
          second: `${second.label} better`,
          equivalent: 'equivalent',
          undecided: 'undecided',
        }[verdict],
        ...(family === null ? [] : [withHolm(pair, family)]),
      ];
    }),
  };
}

function familyOf(input: ReportInput): PairFamily | null {
  return pairFamily(input.results, judgementsOf(input));
}

/** Whether the state by the interval alone is that in the family; what is equivalent is said by each interval alone. */
function withHolm({ first, second, outcome, verdict }: PairStatistics, family: PairFamily): string | null {
  if (verdict === 'undecided') return 'the same';
  if (verdict === 'equivalent') return null;
  return (family.holmOf(first, second, outcome) ?? 1) < LEVEL ? 'the same' : 'open';
}

/** Tests, effect size and the probability that one arm does better, for each paired difference. */
function testsTable(input: ReportInput): Table {
  const { study } = input.results;
  const folds = study.split.kind === 'folds';
  const { pairs } = statisticsOf(input);
  const withF = pairs.some(({ fTest }) => fTest !== null);
  const family = familyOf(input);
  return {
    name: 'tests',
    caption: folds
      ? `Tests over the folds: Nadeau and Bengio's corrected t${withF ? ", Alpaydın's F of 5 × 2 folds" : ''}; the plain paired t-test would find too much`
      : `Tests over the seeds; the permutation test with the smallest p it could have had; equivalence by two one-sided tests within ${ropeText(study.rules)}; Wilson's interval of P(first better) covers 98 % rather than 95 % with five pairs`,
    columns: [
      { label: 'Difference' },
      { label: 'Of' },
      p(folds ? 'Corrected t, p' : 't, p'),
      ...(family === null ? [] : [p('p, Holm')]),
      ...(folds
        ? [...(withF ? [plain('F (10, 5)', 2), p('F, p')] : [])]
        : [p('Permuted, p'), p('Smallest p'), p('Equivalence, p')]),
      share('P(first better)'),
      ...(folds
        ? []
        : [share('95 % low'), share('95 % high'), size('Effect g'), size('d low'), size('d high')]),
    ],
    rows: pairs.map((pair) => {
      const { summary, permutation, equivalence, superiority, effect, fTest } = pair;
      return [
        pairLabel(pair),
        pair.outcome === 'testAccuracy' ? 'accuracy' : 'loss',
        summary.spread?.p ?? null,
        ...(family === null ? [] : [family.holmOf(pair.first, pair.second, pair.outcome)]),
        ...(folds
          ? withF
            ? [fTest?.f ?? null, fTest?.p ?? null]
            : []
          : [permutation?.p ?? null, permutation?.smallestP ?? null, equivalence?.p ?? null]),
        superiority.probability,
        ...(folds
          ? []
          : [
              superiority.low,
              superiority.high,
              effect?.gz ?? null,
              effect?.low ?? null,
              effect?.high ?? null,
            ]),
      ];
    }),
  };
}

/** Accuracies and their difference on all test images, by population of writers, and with corrected labels. */
function imageSetsTable(input: ReportInput): Table {
  const { sets } = statisticsOf(input);
  const crossed = sets.find((set) => set.crossed !== null)?.crossed ?? null;
  const { results, predictions, writers } = input;
  const over = writers === undefined ? 'images' : 'writers';
  const ofMnist = isMnist(results.data.identity);
  const some =
    predictions.size < results.trials.length
      ? `, of the first ${predictions.size} of ${grouped(results.trials.length)} runs`
      : '';
  return {
    name: 'image-sets',
    caption: `${ofMnist ? 'Accuracy by population of writers and with corrected labels' : 'Accuracy'}${some}; intervals over seeds alone${crossed === null ? '' : `, and over seeds and ${over} at once (crossed bootstrap${writers === undefined ? '' : `, ${grouped(crossed.clusters)} writers, each with all of their images`}, ${grouped(crossed.resamples)} resamples, with few seeds rather too wide${writers === undefined && ofMnist ? '; images by one writer count as independent, so it is too narrow for other writers: --test-writers, or --writers of dactyl evaluate, draws writers' : ''})`}`,
    columns: [
      { label: 'Difference' },
      { label: 'Images' },
      { label: 'Number', format: grouped },
      share('First'),
      share('Second'),
      points('Mean, points'),
      points('Seeds low'),
      points('Seeds high'),
      ...(crossed !== null ? [points(`Seeds × ${over} low`), points(`Seeds × ${over} high`)] : []),
    ],
    rows: sets.map(({ first, second, set, accuracies, summary, crossed: both }) => [
      pairLabel({ first, second }),
      set.name,
      set.indices.length,
      ...accuracies,
      summary.mean,
      summary.spread?.low ?? null,
      summary.spread?.high ?? null,
      ...(crossed !== null ? [both?.low ?? null, both?.high ?? null] : []),
    ]),
  };
}

/** Two trained networks at a time. */
function networksTable(input: ReportInput): Table {
  return {
    name: 'networks',
    caption:
      "McNemar's test of each pair of trained networks: about these two networks only, not about their arms",
    columns: [
      { label: 'Pair' },
      { label: 'Run' },
      plain('Only first right', 0),
      plain('Only second right', 0),
      p('Exact p'),
      p('Mid-p'),
    ],
    rows: statisticsOf(input).networks.map(({ first, second, run, test }) => [
      pairLabel({ first, second }).replace('−', 'v'),
      run,
      test.onlyFirst,
      test.onlySecond,
      test.exactP,
      test.midP,
    ]),
  };
}

/** Speed of learning and overfitting, with intervals. */
function learningTable(input: ReportInput): Table {
  const factor = { epochs: 1, points: 100, nats: 1 } as const;
  const value = (label: string) => plain(label, 3);
  return {
    name: 'learning',
    caption:
      'Convergence and overfitting: means over the runs that get there, with 95 % intervals (of the rise, which is skewed, about 92 % with five runs)',
    columns: [
      { label: 'Arm' },
      { label: 'Measure' },
      { label: 'Unit' },
      plain('Runs', 0),
      value('Mean'),
      value('95 % low'),
      value('95 % high'),
    ],
    rows: statisticsOf(input).learning.map(({ arm, measure, unit, summary }) => [
      arm.label,
      capitalised(measure),
      unit,
      summary?.n ?? 0,
      summary === null ? null : factor[unit] * summary.mean,
      summary?.spread ? factor[unit] * summary.spread.low : null,
      summary?.spread ? factor[unit] * summary.spread.high : null,
    ]),
  };
}

/** How well the probabilities fit, beside accuracy. */
function calibrationTable(input: ReportInput): Table {
  const value = (label: string) => plain(label, 4);
  const factor = (unit: string) => (unit === 'points' ? 100 : 1);
  return {
    name: 'calibration',
    caption:
      'Log loss and calibration on the test images, with 95 % intervals over the seeds; the calibration error (15 bins of equal width) is how far confidence and share of right answers lie apart on average, and never zero by chance',
    columns: [
      { label: 'Arm' },
      { label: 'Measure' },
      { label: 'Unit' },
      plain('Runs', 0),
      value('Mean'),
      value('95 % low'),
      value('95 % high'),
    ],
    rows: statisticsOf(input).calibration.map(({ of, measure, unit, summary }) => [
      of,
      measure,
      unit,
      summary.n,
      factor(unit) * summary.mean,
      summary.spread ? factor(unit) * summary.spread.low : null,
      summary.spread ? factor(unit) * summary.spread.high : null,
    ]),
  };
}

/** The tests behind the claims, and Holm's correction of their family. */
function correctionsTable(input: ReportInput): Table {
  return {
    name: 'corrections',
    caption: "The tests behind the claims, and Holm's correction for their number",
    columns: [
      { label: 'Claim' },
      { label: 'Statement' },
      { label: 'State by its rule alone' },
      { label: 'With Holm' },
      { label: 'p' },
      { label: 'p, Holm' },
    ],
    rows: judgementsOf(input).flatMap(({ claim, verdicts }) =>
      verdicts.flatMap(({ statement, alone, state, p: raw, holm }) =>
        raw === null || holm === null
          ? []
          : [[claim.id, statement, alone, state === alone ? 'the same' : 'open', pText(raw), pText(holm)]],
      ),
    ),
  };
}

/** The tables of the section Statistics that have rows, in its order. */
export function statisticsTables(input: ReportInput): Table[] {
  return [
    differencesTable,
    testsTable,
    imageSetsTable,
    calibrationTable,
    learningTable,
    correctionsTable,
    networksTable,
  ]
    .map((make) => make(input))
    .filter(({ rows }) => rows.length > 0);
}
