import { recallPerClass } from '../../analysis/confusion.ts';
import { mean } from '../../stats/describe.ts';
import type { Arm } from '../arm.ts';
import { meanConfusion, samplingOf, unitOf } from '../arm.ts';
import type { Study } from '../configuration.ts';
import type { State } from '../decision.ts';
import { decide, summarise } from '../decision.ts';
import type { PaperActivation } from '../paper.ts';
import { PAPER } from '../paper.ts';
import type { ClaimTest, PaperArms, Verdict } from '../verdict.ts';
import { ACCURACY, intervalText, ropeText, testOf } from '../verdict.ts';
import { countOf, fixed, grouped, listOf, percent } from '../wording.ts';

const COUNTS_NOTE =
  'Counts cannot rank digits: a digit with more test images has more hits, however well it is recognised.';

/** C9, by recall: share of a digit's images that are recognised. The claim is made for both arms, so both must agree. */
export function judgeDigits({ relu, tanh, study }: PaperArms): Verdict[] {
  const arms = [relu, tanh];
  const best = arms.map((arm) => compareClasses(arm, [1], 'best', study));
  const worst = arms.map((arm) => compareClasses(arm, [6, 8], 'worst', study));
  const rule = `For both activations: 95 % interval over ${unitOf(study)}s above zero, or within ${ropeText(study.rules)} (equivalent); contradicted if it is below zero for either.`;
  const sizes = relu.trials[0].confusionMatrix.map((row) => row.reduce((sum, count) => sum + count, 0));
  return [
    {
      statement: 'The digit 1 is recognised best',
      state: combine(best.map(({ state }) => state)),
      measure:
        'Recall of the digit 1 minus that of the other digit with the highest mean recall, in each run',
      rule,
      numbers: best.map(({ numbers }) => numbers),
      sentence: `${best.map(({ sentence }) => sentence).join(' ')} ${COUNTS_NOTE}`,
      tests: testsOf('C9 best', best),
    },
    {
      statement: 'The digits 8 and 6 are recognised worst',
      state: combine(worst.map(({ state }) => state)),
      measure:
        'Recall of the other digit with the lowest mean recall minus the larger of the recalls of 6 and 8, in each run',
      rule,
      numbers: worst.map(({ numbers }) => numbers),
      sentence: `${worst.map(({ sentence }) => sentence).join(' ')} The paper compared counts: with ${grouped(sizes[5])} images of the digit 5 in the test set, even a perfect recognition of it would give a lower count than the ${grouped(936)} it calls lowest.`,
      tests: testsOf('C9 worst', worst),
    },
  ];
}

interface ClassComparison {
  readonly state: ReturnType<typeof decide>;
  readonly numbers: { label: string; value: string };
  readonly sentence: string;
  readonly test: (id: string, decisive: boolean) => ClaimTest[];
}

function testsOf(id: string, arms: readonly ClassComparison[]): ClaimTest[] {
  const against = arms.some(({ state }) => state === 'contradicted');
  return arms.flatMap(({ test, state, numbers }) =>
    test(`${id} ${numbers.label}`, !against || state === 'contradicted'),
  );
}

/** Compares `named` digits with the strongest rival by mean recall: the best or the worst of the others. */
function compareClasses(
  arm: Arm,
  named: readonly number[],
  end: 'best' | 'worst',
  study: Study,
): ClassComparison {
  const recalls = arm.trials.map((trial) => recallPerClass(trial.confusionMatrix));
  const means = recalls[0].map((_, digit) => mean(recalls.map((recall) => recall[digit])));
  const sign = end === 'best' ? 1 : -1;
  const others = means.map((_, digit) => digit).filter((digit) => !named.includes(digit));
  const rival = others.reduce((top, digit) => (sign * means[digit] > sign * means[top] ? digit : top));
  const hardest = (recall: readonly number[]) => Math.min(...named.map((digit) => sign * recall[digit]));
  const summary = summarise(
    recalls.map((recall) => hardest(recall) - sign * recall[rival]),
    samplingOf(study),
  );
  const ranked = means.map((_, digit) => digit).sort((a, b) => sign * (means[b] - means[a]) || a - b);
  const top = ranked.slice(0, end === 'best' ? 1 : 2);
  const write = (digit: number) => `${digit} (${percent(means[digit])})`;
  const namedText =
    end === 'best'
      ? `the digit 1 has ${percent(means[1])}`
      : `6 has ${percent(means[6])} and 8 has ${percent(means[8])}`;
  return {
    state: decide(summary, study.rules.rope),
    numbers: { label: arm.label, value: top.map(write).join(', ') },
    sentence: `${arm.label}: ${end === 'best' ? 'the highest mean recall has' : 'the lowest mean recalls have'} ${listOf(top.map(write))}; ${namedText} (against ${rival}: ${ACCURACY.difference(summary.mean)}, ${intervalText(summary, ACCURACY)}).`,
    test: (id, decisive) => testOf(id, summary, decisive),
  };
}

function combine(states: readonly ReturnType<typeof decide>[]): State {
  if (states.includes('contradicted')) return 'contradicted';
  if (states.includes('undecided')) return 'undecided';
  return states.includes('supported') && !states.includes('equivalent') ? 'supported' : 'equivalent';
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

/** C10: are the pairs that the paper names among the most confused, run by run? Both directions count together. */
export function judgeConfusedPairs({ relu, tanh, study }: PaperArms): Verdict[] {
  return [judgePairs(relu, 'relu', study), judgePairs(tanh, 'tanh', study)];
}

function judgePairs(arm: Arm, activation: PaperActivation, study: Study): Verdict {
  const top = study.rules.confusedPairs;
  const name = arm.label;
  const pairs = PAPER.confusedPairs[activation];
  const runs = arm.trials.length;
  const rankings = arm.trials.map((trial) => rankPairs(trial.confusionMatrix).slice(0, top));
  const inTop = pairs.map(
    ([x, y]) =>
      rankings.filter((ranking) => ranking.some(({ a, b }) => a === Math.min(x, y) && b === Math.max(x, y)))
        .length,
  );
  const often = inTop.map((times) => 2 * times > runs);
  const state: State =
    runs < 2
      ? 'undecided'
      : often.every((is) => is)
        ? 'supported'
        : often.some((is) => is)
          ? 'undecided'
          : 'contradicted';
  const most = rankPairs(meanConfusion(arm)).slice(0, 3);
  const write = ({ a, b, aAsB, bAsA }: DigitPair) =>
    `${a} and ${b} (${a}→${b} ${fixed(aAsB, 1)}, ${b}→${a} ${fixed(bAsA, 1)})`;
  return {
    statement: `${name} confuses ${listOf(pairs.map(([x, y]) => `${x}/${y}`))} most`,
    state,
    measure: 'Confusion counts of each run, true → predicted, both directions of a pair together',
    rule: `Supported if each named pair is among the ${top} most confused in more than half of the runs, contradicted if none is; one run decides nothing.`,
    numbers: pairs.map(([x, y], i) => ({
      label: `${x}/${y} among the top ${top}`,
      value: `${inTop[i]} of ${runs}`,
    })),
    sentence: `On average over ${countOf(runs, unitOf(study))} ${name} confuses most often ${listOf(most.map(write))}. Of the paper's pairs ${listOf(pairs.map(([x, y], i) => `${x}/${y} is among the ${top} most confused in ${inTop[i]} of ${runs} runs`))}.`,
    tests: [],
  };
}
