import type { Arm } from './arm.ts';
import { meanOf, pairedDifferences } from './arm.ts';
import type { PairedSummary, State } from './decision.ts';
import { decide, ROPE, seedsNeeded, summarise } from './decision.ts';
import type { ComparisonConfiguration, TrialResult } from './results.ts';
import { activationName, countOf, fixed, grouped, percent, points, signed } from './wording.ts';

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
}

/** The two arms of the paper's claims. */
export interface PaperArms {
  readonly relu: Arm;
  readonly tanh: Arm;
  readonly configuration: ComparisonConfiguration;
}

/** How a quantity is written: `level` for an arm's mean, `difference` with sign and unit, `plain` with its sign only. */
export interface Scale {
  level(value: number): string;
  difference(value: number): string;
  plain(value: number): string;
  readonly rope?: number;
}

export const ACCURACY: Scale & { readonly rope: number } = {
  level: (value) => percent(value),
  difference: (value) => points(value),
  plain: (value) => signed(100 * value, 2),
  rope: ROPE,
};
export const LOSS: Scale = {
  level: (value) => fixed(value, 4),
  difference: (value) => signed(value, 4),
  plain: (value) => signed(value, 4),
};

/** The rule of `decide` for ReLU minus Tanh; `direction` is 1 where a larger ReLU value supports the statement. */
export function intervalRule(direction: 1 | -1, rope?: number): string {
  const [supports, contradicts] = direction === 1 ? ['above', 'below'] : ['below', 'above'];
  const rule = `The 95\u00a0% Student interval of the paired difference over seeds, ReLU minus Tanh: ${supports} zero supports the statement, ${contradicts} zero contradicts it, anything else is undecided.`;
  if (rope === undefined) return rule;
  return `${rule} An interval within ±${fixed(100 * rope, 1)}\u00a0points counts as equivalent.`;
}

export function intervalText({ spread }: PairedSummary, scale: Scale): string {
  if (spread === null) return 'no interval from one seed';
  return `95\u00a0% interval ${scale.plain(spread.low)} to ${scale.difference(spread.high)}`;
}

/** What an undecided comparison would take, in one sentence; empty where that cannot be said. */
export function needText({ n, spread }: PairedSummary, scale: Scale): string {
  if (spread === null) {
    return 'One seed for each activation gives no measure of chance, so nothing can be decided from it.';
  }
  if (scale.rope === undefined || spread.sd === 0) return '';
  const needed = seedsNeeded(spread.sd, scale.rope);
  return needed > n
    ? `With this spread about ${grouped(needed)} seeds would be needed to find a difference of ${fixed(100 * scale.rope, 1)}\u00a0points with a chance of 80\u00a0%.`
    : '';
}

const OUTCOMES = {
  supported: 'which supports the statement',
  contradicted: 'which contradicts the statement',
  undecided: 'so the sign of the difference is not settled',
  equivalent: 'so any difference is too small to matter',
} as const;

/** Compares one measure of every run, ReLU against Tanh. `direction` is 1 where a larger ReLU value supports the statement. */
export function judgeDifference(
  { relu, tanh }: PaperArms,
  {
    statement,
    quantity,
    measure,
    scale,
    direction,
    of,
    numbers = [],
  }: {
    statement: string;
    quantity: string;
    measure: string;
    scale: Scale;
    direction: 1 | -1;
    of: (trial: TrialResult) => number;
    numbers?: Verdict['numbers'];
  },
): Verdict {
  const differences = pairedDifferences(relu, tanh, of);
  const rule = intervalRule(direction, scale.rope);
  if (differences.length === 0) return unpaired({ statement, measure, rule });
  const raw = summarise(differences.map(({ difference }) => difference));
  const state = decide(summarise(differences.map(({ difference }) => direction * difference)), scale.rope);
  const reluLevel = meanOf(relu, of);
  const tanhLevel = meanOf(tanh, of);
  const sentences = [
    `Over ${countOf(raw.n, 'seed')} ${quantity} is ${scale.level(reluLevel)} with ReLU and ${scale.level(tanhLevel)} with Tanh: a paired difference of ${scale.difference(raw.mean)} (${intervalText(raw, scale)}), ${OUTCOMES[state]}.`,
    state === 'undecided' ? needText(raw, scale) : '',
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
  };
}

/** Both arms exist, but no seed was finished in both. */
function unpaired(verdict: Pick<Verdict, 'statement' | 'measure' | 'rule'>): Verdict {
  return {
    ...verdict,
    state: 'undecided',
    numbers: [],
    sentence: 'No seed was finished with both activations, so there is nothing to pair.',
  };
}

export function notMeasured(statement: string, measure: string, sentence: string): Verdict {
  return { statement, state: 'not measured', measure, rule: '', numbers: [], sentence };
}

export function armName({ activation }: Arm): string {
  return activationName(activation);
}
