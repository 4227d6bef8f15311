import { meanOf } from '../../study/arm.ts';
import type { Results } from '../../study/results.ts';
import { ACCURACY, needText } from '../../study/verdict.ts';
import { capitalised, countOf, fixed, grouped, listOf, percent } from '../../study/wording.ts';
import { QUICK_LABEL } from '../input.ts';
import type { Contrast, Facts } from './facts.ts';
import { contrast, differenceText, factsOf, leaderContrasts, nameOf } from './facts.ts';

export function reportTitle(results: Results): string {
  const { names } = factsOf(results);
  const compared =
    names.length === 2
      ? names.join(' against ')
      : names.length < 5
        ? listOf(names)
        : capitalised(countOf(names.length, 'activation'));
  return `${compared} on handwritten digits`;
}

/** The result in one or two sentences. */
export function answer(results: Results): string {
  const facts = factsOf(results);
  const text = facts.arms.length === 2 ? ofTwo(facts) : ofMany(facts);
  return results.configuration.quick ? `${QUICK_LABEL}. ${text}` : text;
}

function ofTwo({ arms: [first, second], seeds, testImages }: Facts): string {
  const one = contrast(first, second, (trial) => trial.testAccuracy, 1, ACCURACY.rope);
  const mean = (arm: typeof first) => percent(meanOf(arm, (trial) => trial.testAccuracy));
  const [a, b] = [nameOf(first), nameOf(second)];
  if (one === null) return `No seed was finished with both ${a} and ${b}, so they cannot be compared.`;
  if (seeds < 2) {
    const gap = Math.round(Math.abs(one.summary.mean) * testImages);
    return `One seed cannot tell ${a} from ${b}: ${mean(first)} against ${mean(second)} of the test images, a gap of ${grouped(gap)} of ${grouped(testImages)} images with no measure of chance.`;
  }
  const runs = `over ${countOf(one.summary.n, 'seed')}`;
  switch (one.outcome) {
    case 'first':
    case 'second': {
      const [winner, loser] = one.outcome === 'first' ? [first, second] : [second, first];
      return `${nameOf(winner)} classifies more test images correctly than ${nameOf(loser)}: ${mean(winner)} against ${mean(loser)} on average ${runs}, ${differenceOf(one, winner === first ? 1 : -1)}.`;
    }
    case 'equivalent':
      return `${a} and ${b} do equally well for all practical purposes: ${mean(first)} against ${mean(second)} of the test images on average ${runs}, ${differenceText(one, ACCURACY)}, within the ±0.1\u00a0points fixed as too small to matter.`;
    case 'undecided':
      return `These runs do not settle whether ${a} or ${b} is the more accurate: ${mean(first)} against ${mean(second)} of the test images on average ${runs}, ${differenceText(one, ACCURACY)}. ${needText(one.summary, ACCURACY)}`.trim();
  }
}

function differenceOf({ summary: { mean, spread } }: Contrast, sign: 1 | -1): string {
  const ends = spread === null ? [] : [sign * spread.low, sign * spread.high].sort((a, b) => a - b);
  return `a paired difference of ${fixed(100 * sign * mean, 2)}\u00a0points (95\u00a0% interval ${ends.map((end) => fixed(100 * end, 2)).join(' to ')})`;
}

function ofMany(facts: Facts): string {
  const { leader, contrasts } = leaderContrasts(facts);
  const name = nameOf(leader);
  const level = percent(meanOf(leader, (trial) => trial.testAccuracy));
  const start = `Of ${countOf(facts.arms.length, 'activation')} ${name} has the highest mean test accuracy, ${level} over ${countOf(facts.seeds, 'seed')}`;
  if (facts.seeds < 2) return `${start}; one seed gives no measure of chance, so the order decides nothing.`;
  const group = (outcome: Contrast['outcome']) =>
    contrasts.filter((one) => one.outcome === outcome).map(({ second }) => nameOf(second));
  const parts = [
    [group('first'), 'its lead is clear of zero over'],
    [group('undecided'), 'not settled against'],
    [group('equivalent'), 'within ±0.1\u00a0points of'],
  ] as const;
  const told = parts
    .filter(([names]) => names.length > 0)
    .map(([names, words]) => `${words} ${listOf(names)}`);
  return `${start}: ${told.join('; ')} (each by a 95\u00a0% interval of its own, without correction for the number of comparisons).`;
}
