import { recallPerClass } from '../../analysis/confusion.ts';
import { maxT, type SimultaneousComparison } from '../../stats/maxT.ts';
import { haveSpread } from '../../stats/moments.ts';
import { anytimeInterval } from '../../stats/sequential.ts';
import { mean } from '../../stats/describe.ts';
import type { Arm } from '../arm.ts';
import { meanConfusion, samplingOf, unitOf } from '../arm.ts';
import type { Sampling, State } from '../decision.ts';
import { LEVEL } from '../decision.ts';
import type { PaperActivation } from '../paper.ts';
import { PAPER } from '../paper.ts';
import type { PaperArms, Verdict } from '../verdict.ts';
import { ACCURACY, ropeText } from '../verdict.ts';
import { countOf, fixed, grouped, listOf, percent } from '../wording.ts';
import { judgeShare, shareRule } from './share.ts';

const COUNTS_NOTE =
  'Counts cannot rank digits: a digit with more test images has more hits, however well it is recognised.';
const LOWEST_NOTE = (fives: number) =>
  `The paper compared counts: with ${grouped(fives)} images of the digit 5 in the test set, even a perfect recognition of it would give a lower count than the ${grouped(936)} it calls lowest.`;

/** C9, by recall: share of a digit's images that are recognised. Each arm has the digits that the paper names for it. */
export function judgeDigits(arms: PaperArms): Verdict[] {
  const { relu, tanh } = arms;
  const fives = relu.trials[0].confusionMatrix[5].reduce((sum, count) => sum + count, 0);
  const worst = (arm: Arm, named: readonly number[]) =>
    judgeEnd(arm, { named, end: 'worst', note: LOWEST_NOTE(fives) }, arms);
  return [
    judgeEnd(relu, { named: [1], end: 'best', note: COUNTS_NOTE }, arms),
    judgeEnd(tanh, { named: [1], end: 'best', note: COUNTS_NOTE }, arms),
    worst(relu, PAPER.lowestDigits.relu),
    worst(tanh, PAPER.lowestDigits.tanh),
  ];
}

interface End {
  readonly named: readonly number[];
  readonly end: 'best' | 'worst';
  readonly note: string;
}

/** Each named digit against each other one, all at once. */
function judgeEnd(arm: Arm, { named, end, note }: End, { study, rules }: PaperArms): Verdict {
  const recalls = arm.trials.map((trial) => recallPerClass(trial.confusionMatrix));
  const means = recalls[0].map((_, digit) => mean(recalls.map((recall) => recall[digit])));
  const sign = end === 'best' ? 1 : -1;
  const pairs = named.flatMap((digit) =>
    means.flatMap((_, rival) => (named.includes(rival) ? [] : [{ digit, rival }])),
  );
  const differences = pairs.map(({ digit, rival }) =>
    recalls.map((recall) => sign * (recall[digit] - recall[rival])),
  );
  const found = simultaneous(differences, samplingOf(study));
  const { state, p } =
    found === null ? { state: 'undecided' as const, p: null } : decideAll(found, rules.rope);
  const ranked = means.map((_, digit) => digit).sort((a, b) => sign * (means[b] - means[a]) || a - b);
  const top = ranked.slice(0, named.length);
  const write = (digit: number) => `${digit} (${percent(means[digit])})`;
  const digits = listOf(named.map(String));
  return {
    test: `C9 ${end} ${arm.activation}`,
    statement: `${arm.label} recognises ${named.length === 1 ? 'the digit' : 'the digits'} ${digits} ${end}`,
    state,
    measure: `Recall of ${digits} minus that of each other digit, in each run`,
    rule: `${SIMULTANEOUS[study.stopping ? 'anytime' : 'maxT']} over ${unitOf(study)}s of all ${pairs.length} differences: supported if each named digit is ${end === 'best' ? 'above' : 'below'} each other one, contradicted if one is on the other side of one, equivalent if all lie within ${ropeText(rules)}, else undecided.`,
    numbers: [
      {
        label: end === 'best' ? 'highest mean recall' : 'lowest mean recall',
        value: top.map(write).join(', '),
      },
      { label: 'named', value: named.map(write).join(', ') },
    ],
    sentence: `${arm.label}: ${end === 'best' ? 'the highest' : 'the lowest'} mean ${top.length === 1 ? 'recall has' : 'recalls have'} ${listOf(top.map(write))}; ${listOf(named.map((digit) => `the digit ${digit} has ${percent(means[digit])}`))}${found === null ? '' : `. ${closest(pairs, found, sign)}`}. ${note}`,
    p,
  };
}

const SIMULTANEOUS = {
  maxT: 'Simultaneous 95 % intervals (max-t; of five runs they cover about 85 %)',
  anytime: 'Always-valid intervals, 95 % together by Bonferroni,',
} as const;

/** All means at once; null where one run gives no measure of chance. Nor do equal differences: their p is 1. */
function simultaneous(
  differences: readonly (readonly number[])[],
  sampling: Sampling,
): SimultaneousComparison[] | null {
  if (differences[0].length < 2) return null;
  return intervalsOf(differences, sampling).map((one, k) => {
    const [value] = differences[k];
    return haveSpread(differences[k]) ? one : { mean: value, low: value, high: value, p: 1 };
  });
}

function intervalsOf(
  differences: readonly (readonly number[])[],
  { overlap, sequential }: Sampling,
): SimultaneousComparison[] {
  if (!sequential) return maxT(differences, { confidence: 1 - LEVEL, overlap });
  const share = LEVEL / differences.length;
  return differences.map((values) => {
    const { mean, low, high, p } = anytimeInterval(values, { confidence: 1 - share });
    return { mean, low, high, p: Math.min(1, p * differences.length) };
  });
}

/** The differences are positive where they go the statement's way. */
function decideAll(
  found: readonly SimultaneousComparison[],
  rope: number,
): { readonly state: State; readonly p: number } {
  const forIt = Math.max(...found.map(({ mean, p }) => (mean > 0 ? p : 1)));
  const against = Math.min(...found.map(({ mean, p }) => (mean < 0 ? p : 1)));
  const p = Math.min(forIt, against);
  if (found.every(({ low, high }) => low < high && low >= -rope && high <= rope))
    return { state: 'equivalent', p };
  if (forIt < LEVEL) return { state: 'supported', p };
  return { state: against < LEVEL ? 'contradicted' : 'undecided', p };
}

/** The difference that speaks most against the statement. */
function closest(
  pairs: readonly { readonly digit: number; readonly rival: number }[],
  found: readonly SimultaneousComparison[],
  sign: 1 | -1,
): string {
  const least = found.reduce((best, { mean }, k) => (mean < found[best].mean ? k : best), 0);
  const { mean, low, high } = found[least];
  const ends = [sign * low, sign * high].sort((a, b) => a - b);
  const { digit, rival } = pairs[least];
  return `The recall of ${digit} minus that of ${rival} is ${ACCURACY.difference(sign * mean)} (${ACCURACY.plain(ends[0])} to ${ACCURACY.difference(ends[1])}, all differences at once)`;
}

export interface DigitPair {
  readonly a: number;
  readonly b: number;
  /** Mean count of a taken for b, and of b taken for a. */
  readonly aAsB: number;
  readonly bAsA: number;
}

/** All 45 unordered pairs, the most confused (both directions together) first; ties by the digits. */
export function rankPairs(matrix: readonly (readonly number[])[]): DigitPair[] {
  return matrix
    .flatMap((row, a) =>
      row.flatMap((count, b) => (b > a ? [{ a, b, aAsB: count, bAsA: matrix[b][a] }] : [])),
    )
    .sort((x, y) => y.aAsB + y.bAsA - (x.aAsB + x.bAsA) || x.a - y.a || x.b - y.b);
}

/** C10: is each pair that the paper names among the most confused, run by run? Both directions count together. */
export function judgeConfusedPairs(arms: PaperArms): Verdict[] {
  return [...judgePairs(arms.relu, 'relu', arms), ...judgePairs(arms.tanh, 'tanh', arms)];
}

function judgePairs(arm: Arm, activation: PaperActivation, { study, rules }: PaperArms): Verdict[] {
  const top = rules.confusedPairs;
  const runs = arm.trials.length;
  const rankings = arm.trials.map((trial) => rankPairs(trial.confusionMatrix).slice(0, top));
  const most = rankPairs(meanConfusion(arm)).slice(0, 3);
  const write = ({ a, b, aAsB, bAsA }: DigitPair) =>
    `${a} and ${b} (${a}→${b} ${fixed(aAsB, 1)}, ${b}→${a} ${fixed(bAsA, 1)})`;
  return PAPER.confusedPairs[activation].map(([x, y], i) => {
    const [low, high] = [Math.min(x, y), Math.max(x, y)];
    const times = rankings.filter((ranking) => ranking.some(({ a, b }) => a === low && b === high)).length;
    const { state, p, text } = judgeShare(times, runs, study);
    const overall = `On average over ${countOf(runs, unitOf(study))} ${arm.label} confuses most often ${listOf(most.map(write))}. `;
    return {
      test: `C10 ${activation} ${x}/${y}`,
      statement: `${arm.label} confuses ${x} and ${y} among its most`,
      state,
      measure: `Whether the pair is among the ${top} most confused of a run, both directions together`,
      rule: shareRule(`runs with the pair among their ${top} most confused`, study),
      numbers: [{ label: `${x}/${y} among the top ${top}`, value: `${times} of ${runs}` }],
      sentence: `${i === 0 ? overall : ''}${x}/${y} is among the ${top} most confused in ${times} of ${countOf(runs, 'run')} (${text}).`,
      p,
    };
  });
}
