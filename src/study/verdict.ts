import { sdInterval } from '../stats/chiSquare.ts';
import { seedsForEquivalence, seedsForSuperiority } from '../stats/power.ts';
import type { Arm } from './arm.ts';
import { meanOf, samplingOf, pairedDifferences, pairUnit } from './arm.ts';
import type { Rules, Study } from './configuration.ts';
import type { PairedSummary, State } from './decision.ts';
import type { NetworkMeasures } from './evaluation/networkMeasures.ts';
import { decide, FEWEST_SEEDS, isOfTooFew, summarise } from './decision.ts';
import type { StudyTrial } from './results.ts';
import { countOf, fixed, grouped, percent, points, signed } from './wording.ts';

/** What these runs say of one statement by its own rule. */
export interface Verdict {
  /** Of what is tested. Statements with one `test` are one test, said twice; it counts once. */
  readonly test: string;
  readonly statement: string;
  readonly state: State;
  /** What was computed of each run. */
  readonly measure: string;
  /** How the state follows from it. */
  readonly rule: string;
  readonly numbers: readonly { readonly label: string; readonly value: string }[];
  readonly sentence: string;
  /** Two-sided, for the direction that the data take; below .05 wherever the rule says supported or contradicted. Null where there is no test. */
  readonly p: number | null;
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
  /** Where it lies, as a command names it; where it is by default if nothing is said. */
  readonly folder?: string;
  readonly rules: Rules;
  /** What the study's critical evaluation measured, by trial key; undefined where there is none. */
  readonly measures?: ReadonlyMap<string, NetworkMeasures>;
  /** ReLU's accuracy minus Tanh's on the test images, crossed over seeds and writers; undefined where the writers are not known. */
  readonly overWriters?: CrossedDifference;
}

/** A difference whose interval speaks of other writers too. */
export interface CrossedDifference {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/** How a quantity is written: `level` for an arm's mean, `difference` with sign and unit, `plain` with its sign only, `margin` for what is too small to matter. */
export interface Scale {
  level(value: number): string;
  difference(value: number): string;
  plain(value: number): string;
  /** None where no margin is fixed for it. */
  readonly margin?: (value: number) => string;
}

export const ACCURACY = {
  level: (value: number) => percent(value),
  difference: (value: number) => points(value),
  plain: (value: number) => signed(100 * value, 2),
  margin: (value: number) => `${shortest(100 * value)}\u00a0points`,
} satisfies Scale;
export const LOSS = {
  level: (value: number) => fixed(value, 4),
  difference: (value: number) => signed(value, 4),
  plain: (value: number) => signed(value, 4),
  margin: (value: number) => `${shortest(value)}\u00a0nats`,
} satisfies Scale;

/** '±0.1 points' */
export function ropeText({ rope }: Pick<Rules, 'rope'>): string {
  return marginText(ACCURACY, rope);
}

/** '±0.004 nats' */
export function marginText(scale: Scale, margin: number): string {
  return `±${scale.margin?.(margin) ?? shortest(margin)}`;
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * The rule by which ReLU minus Tanh decides, with or without a margin of practical equivalence in words; `direction` is 1 where a larger
 * ReLU value supports the statement.
 */
export function intervalRule(study: Study, direction: 1 | -1, margin?: string): string {
  const [supports, contradicts] = direction === 1 ? ['above', 'below'] : ['below', 'above'];
  const interval =
    study.split.kind === 'folds'
      ? 'The 95\u00a0% interval of the paired difference over folds, by the t-test that Nadeau and Bengio corrected for overlapping training sets'
      : study.stopping
        ? 'The always-valid 95\u00a0% interval of the paired difference over seeds (a mixture t confidence sequence), which allows stopping once the accuracies are decided'
        : 'The 95\u00a0% Student interval of the paired difference over seeds';
  return `${interval}, ReLU minus Tanh: ${supports} zero supports the statement, ${contradicts} zero contradicts it, from six ${pairUnit(study)}s on in which they differ; anything else is undecided.${margin === undefined ? '' : ` An interval within ${margin} counts as equivalent.`}`;
}

export function intervalText({ spread }: PairedSummary, scale: Scale): string {
  if (spread === null) return 'no interval from one seed';
  if (spread.low === spread.high) return 'no interval: the same each time';
  return `95\u00a0% interval ${scale.plain(spread.low)} to ${scale.difference(spread.high)}`;
}

/** How many values there are, and how many of them are not zero; all where it is not said. */
export interface Counted {
  readonly n: number;
  readonly differ?: number | undefined;
}

/** Why a sign that the interval has is not decided. */
export function fewReason({ n, differ = n }: Counted): string {
  const few = 'fewer than six decide no sign';
  return n < FEWEST_SEEDS ? few : `only ${differ} of ${n} differ from zero, and ${few}`;
}

/** Of an interval with a sign that is not decided. */
export function tooFewText(counted: Counted): string {
  return `clear of zero, but ${fewReason(counted)}`;
}

/** Words of what is undecided, with the reason where the interval would have decided it. */
export function openText(summary: Counted & Parameters<typeof isOfTooFew>[0], words: string): string {
  return isOfTooFew(summary) ? `${words}, for ${fewReason(summary)}` : words;
}

/**
 * How many seeds find a difference as large as the margin fixed beforehand, in one or two sentences; empty where no margin is fixed or where that
 * cannot be said. Power .8, the level of the 95 % interval; a plan, not a result, and never made from the difference seen.
 */
export function needText(summary: PairedSummary, scale: Scale, study: Study, margin?: number): string {
  const { n, spread } = summary;
  if (spread === null) {
    return `One ${pairUnit(study)} for each arm gives no measure of chance, so nothing can be decided from it.`;
  }
  if (spread.sd === 0) {
    return `Every ${pairUnit(study)} gives the same, so there is no measure of chance, and nothing can be decided from it.`;
  }
  if (!margin || scale.margin === undefined) return '';
  if (study.split.kind === 'folds' || study.stopping) return '';
  // The spread of six and more is not what keeps such a sign open.
  if (n >= FEWEST_SEEDS && isOfTooFew(summary)) return '';
  return neededText(seedsForMargin(margin, spread.sd, n), n, scale.margin(margin));
}

/** `size` is the margin in words, `n` the seeds there were. */
export function neededText(
  { find, findLow, findHigh, exclude }: SeedsNeeded,
  n: number,
  size: string,
): string {
  if (find > n) {
    return `With this spread about ${seedsText(find)}\u00a0seeds (${seedsText(findLow)} to ${seedsText(findHigh)} by the 95\u00a0% interval of the spread itself) would find a difference of ${size}, the margin fixed beforehand, with a chance of 80\u00a0%.`;
  }
  const none =
    exclude > n
      ? `; were there none, about ${seedsText(exclude)}\u00a0seeds would show with that chance that it lies within the margin`
      : '';
  return `With this spread ${countOf(n, 'seed')} find a difference of ${size}, the margin fixed beforehand, with a chance of 80\u00a0% or more${none}.`;
}

/** Seeds that find a difference of the size of the margin with a chance of 80 %, and the same at both ends of the 95 % interval of the spread. */
export interface SeedsNeeded {
  readonly find: number;
  readonly findLow: number;
  readonly findHigh: number;
  /** To show that there is none that large, were there none. */
  readonly exclude: number;
}

/** `sd` is that of the paired differences of `n` seeds, above 0. */
export function seedsForMargin(margin: number, sd: number, n: number): SeedsNeeded {
  const find = (spread: number) =>
    Math.max(FEWEST_SEEDS, seedsForSuperiority({ difference: margin, sd: spread }));
  const { low, high } = sdInterval(sd, n);
  return {
    find: find(sd),
    findLow: find(low),
    findHigh: find(high),
    exclude: seedsForEquivalence(margin, { difference: 0, sd, alpha: 0.025 }),
  };
}

/** '1,200'; 'a million and more' where that many do not. */
function seedsText(seeds: number): string {
  return Number.isFinite(seeds) ? grouped(seeds) : 'a million and more';
}

/** What an interval within the margin says: of which sign the difference is, where that is clear. `turned` is positive where it goes the statement's way. */
function equivalentText(summary: PairedSummary, size: string): string {
  const { spread } = summary;
  const below = `below the margin of ${size} and too small to matter`;
  const signed = spread !== null && !isOfTooFew(summary);
  if (signed && spread.high < 0) return `so it is of the opposite sign, ${below}`;
  if (signed && spread.low > 0) return `so it is of the sign stated, but ${below}`;
  return `so any difference is ${below}`;
}

/** Of the interval alone: whether the statement counts as supported is for Holm's correction to say. */
const OUTCOMES = {
  supported: 'clear of zero on the side of the statement',
  contradicted: 'clear of zero on the other side than the statement says',
  undecided: 'so the sign of the difference is not settled',
} as const;

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
  const rule = intervalRule(study, direction, rope === undefined ? undefined : marginText(scale, rope));
  if (differences.length === 0) return unpaired({ test, statement, measure, rule });
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
  const outcome =
    isOfTooFew(turned) && state === 'undecided'
      ? tooFewText(turned)
      : state === 'equivalent'
        ? equivalentText(turned, scale.margin!(rope!))
        : OUTCOMES[state];
  const sentences = [
    `Over ${countOf(raw.n, pairUnit(study))} ${quantity} is ${scale.level(reluLevel)} with ReLU and ${scale.level(tanhLevel)} with Tanh: a paired difference of ${scale.difference(raw.mean)} (${intervalText(raw, scale)}), ${outcome}.`,
    state === 'undecided' ? needText(raw, scale, study, rope) : '',
  ];
  return {
    test,
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
    p: raw.spread?.p ?? null,
  };
}

/** Both arms exist, but no seed was finished in both. */
function unpaired(verdict: Pick<Verdict, 'test' | 'statement' | 'measure' | 'rule'>): Verdict {
  return {
    ...verdict,
    state: 'undecided',
    numbers: [],
    sentence: 'No seed was finished with both activations, so there is nothing to pair.',
    p: null,
  };
}

export function notMeasured(
  { test, statement, measure }: Pick<Verdict, 'test' | 'statement' | 'measure'>,
  sentence: string,
): Verdict {
  return { test, statement, state: 'not measured', measure, rule: '', numbers: [], sentence, p: null };
}

export function tooFewEpochs(needed: number, epochs: number): string {
  return `Needs at least ${needed} epochs; these runs have ${epochs}.`;
}
