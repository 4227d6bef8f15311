import { seedsForEquivalence, seedsForSuperiority } from '../stats/power.ts';
import type { Arm } from './arm.ts';
import { meanOf, samplingOf, pairedDifferences, pairUnit } from './arm.ts';
import type { Rules, Study } from './configuration.ts';
import type { PairedSummary, State } from './decision.ts';
import type { NetworkMeasures } from './evaluation/networkMeasures.ts';
import { decide, summarise } from './decision.ts';
import type { StudyTrial } from './results.ts';
import { countOf, fixed, grouped, percent, points, signed } from './wording.ts';

/** A test behind a verdict. Tests with one `id` are the same test and count once in a family. */
export interface ClaimTest {
  readonly id: string;
  /** Two-sided, of the t-test whose interval the rule reads. */
  readonly p: number;
  /** Whether the state would fall without it. */
  readonly decisive: boolean;
}

/** What these runs say of one statement. */
export interface Verdict {
  readonly statement: string;
  readonly state: State;
  /** What was computed of each run. */
  readonly measure: string;
  /** How the state follows from it. */
  readonly rule: string;
  readonly numbers: readonly { readonly label: string; readonly value: string }[];
  readonly sentence: string;
  /** Empty where no test is behind it. */
  readonly tests: readonly ClaimTest[];
}

/** Whether the state says which way the statement goes. */
export function isDecided({ state }: Pick<Verdict, 'state'>): boolean {
  return state === 'supported' || state === 'contradicted';
}

/** The two arms of the paper's claims, and the study that holds them. */
export interface PaperArms {
  readonly relu: Arm;
  readonly tanh: Arm;
  readonly study: Study;
  /** What the study's critical evaluation measured, by trial key; undefined where there is none. */
  readonly measures?: ReadonlyMap<string, NetworkMeasures>;
}

/** How a quantity is written: `level` for an arm's mean, `difference` with sign and unit, `plain` with its sign only. */
export interface Scale {
  level(value: number): string;
  difference(value: number): string;
  plain(value: number): string;
}

export const ACCURACY: Scale = {
  level: (value) => percent(value),
  difference: (value) => points(value),
  plain: (value) => signed(100 * value, 2),
};
export const LOSS: Scale = {
  level: (value) => fixed(value, 4),
  difference: (value) => signed(value, 4),
  plain: (value) => signed(value, 4),
};

/** '±0.1 points' */
export function ropeText({ rope }: Pick<Rules, 'rope'>): string {
  return `±${shortest(100 * rope)}\u00a0points`;
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * The rule by which ReLU minus Tanh decides, with or without a region of practical equivalence; `direction` is 1 where a larger
 * ReLU value supports the statement.
 */
export function intervalRule(study: Study, direction: 1 | -1, rope: boolean): string {
  const [supports, contradicts] = direction === 1 ? ['above', 'below'] : ['below', 'above'];
  const interval =
    study.split.kind === 'folds'
      ? 'The 95\u00a0% interval of the paired difference over folds, by the t-test that Nadeau and Bengio corrected for overlapping training sets'
      : study.stopping
        ? 'The always-valid 95\u00a0% interval of the paired difference over seeds (a mixture t confidence sequence), which allows stopping once the accuracies are decided'
        : 'The 95\u00a0% Student interval of the paired difference over seeds';
  return `${interval}, ReLU minus Tanh: ${supports} zero supports the statement, ${contradicts} zero contradicts it, anything else is undecided.${rope ? ` An interval within ${ropeText(study.rules)} counts as equivalent.` : ''}`;
}

export function intervalText({ spread }: PairedSummary, scale: Scale): string {
  if (spread === null) return 'no interval from one seed';
  return `95\u00a0% interval ${scale.plain(spread.low)} to ${scale.difference(spread.high)}`;
}

/**
 * How many seeds would settle an undecided comparison, in one sentence; empty where that cannot be said. With a region of
 * practical equivalence: to find a difference as large as its border; and, as without one, were the true difference the
 * one seen. Power .8, the level of the 95 % interval; a plan, not a result.
 */
export function needText(summary: PairedSummary, scale: Scale, study: Study, rope?: number): string {
  const { n, mean, spread } = summary;
  if (spread === null) {
    return `One ${pairUnit(study)} for each arm gives no measure of chance, so nothing can be decided from it.`;
  }
  if (study.split.kind === 'folds' || study.stopping || spread.sd === 0) return '';
  const { sd } = spread;
  if (rope !== undefined && rope > 0) {
    const needed = seedsForSuperiority({ difference: rope, sd });
    if (needed > n && Number.isFinite(needed)) {
      return `With this spread about ${grouped(needed)} seeds would be needed to find a difference of ${shortest(100 * rope)}\u00a0points with a chance of 80\u00a0%.`;
    }
  }
  const needed = seedsToSettle(mean, sd, rope);
  if (!(needed > n)) return '';
  return Number.isFinite(needed)
    ? `Were the true difference the one seen, ${scale.difference(mean)}, about ${grouped(needed)} seeds would settle it with a chance of 80\u00a0%.`
    : 'Were the true difference the one seen, not even a million seeds would be likely to settle it.';
}

/** Seeds after which the rule decides with a chance of 80 %, were the true difference `difference`. */
export function seedsToSettle(difference: number, sd: number, rope?: number): number {
  const sign = difference === 0 ? Infinity : seedsForSuperiority({ difference, sd });
  if (rope === undefined || Math.abs(difference) >= rope) return sign;
  return Math.min(sign, seedsForEquivalence(rope, { difference, sd, alpha: 0.025 }));
}

const OUTCOMES = {
  supported: 'which supports the statement',
  contradicted: 'which contradicts the statement',
  undecided: 'so the sign of the difference is not settled',
  equivalent: 'so any difference is too small to matter',
} as const;

/** The test of a summary, decisive for any state but an open one. */
export function testOf(id: string, { spread }: PairedSummary, decisive = true): ClaimTest[] {
  return spread === null ? [] : [{ id, p: spread.p, decisive }];
}

/** Compares one measure of every run, ReLU against Tanh. `direction` is 1 where a larger ReLU value supports the statement. */
export function judgeDifference(
  { relu, tanh, study }: PaperArms,
  {
    test,
    statement,
    quantity,
    measure,
    scale,
    rope,
    direction,
    of,
    numbers = [],
  }: {
    test: string;
    statement: string;
    quantity: string;
    measure: string;
    scale: Scale;
    rope?: number;
    direction: 1 | -1;
    of: (trial: StudyTrial) => number;
    numbers?: Verdict['numbers'];
  },
): Verdict {
  const differences = pairedDifferences(relu, tanh, of);
  const rule = intervalRule(study, direction, rope !== undefined);
  if (differences.length === 0) return unpaired({ statement, measure, rule });
  const sampling = samplingOf(study);
  const raw = summarise(
    differences.map(({ difference }) => difference),
    sampling,
  );
  const turned = summarise(
    differences.map(({ difference }) => direction * difference),
    sampling,
  );
  const state = decide(turned, rope);
  const reluLevel = meanOf(relu, of);
  const tanhLevel = meanOf(tanh, of);
  const sentences = [
    `Over ${countOf(raw.n, pairUnit(study))} ${quantity} is ${scale.level(reluLevel)} with ReLU and ${scale.level(tanhLevel)} with Tanh: a paired difference of ${scale.difference(raw.mean)} (${intervalText(raw, scale)}), ${OUTCOMES[state]}.`,
    state === 'undecided' ? needText(raw, scale, study, rope) : '',
  ];
  return {
    statement,
    state,
    measure,
    rule,
    numbers: [
      { label: 'ReLU', value: scale.level(reluLevel) },
      { label: 'Tanh', value: scale.level(tanhLevel) },
      { label: 'ReLU − Tanh', value: scale.difference(raw.mean) },
      ...numbers,
    ],
    sentence: sentences.filter((sentence) => sentence !== '').join(' '),
    tests: testOf(test, raw),
  };
}

/** Both arms exist, but no seed was finished in both. */
function unpaired(verdict: Pick<Verdict, 'statement' | 'measure' | 'rule'>): Verdict {
  return {
    ...verdict,
    state: 'undecided',
    numbers: [],
    sentence: 'No seed was finished with both activations, so there is nothing to pair.',
    tests: [],
  };
}

export function notMeasured(statement: string, measure: string, sentence: string): Verdict {
  return { statement, state: 'not measured', measure, rule: '', numbers: [], sentence, tests: [] };
}

export function tooFewEpochs(needed: number, epochs: number): string {
  return `Needs at least ${needed} epochs; these runs have ${epochs}.`;
}
