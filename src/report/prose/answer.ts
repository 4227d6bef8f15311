import { isMnist } from '../../data/identity.ts';
import { mean } from '../../stats/describe.ts';
import { type Arm, meanOf, pairedTrials } from '../../study/arm.ts';
import type { Judgement } from '../../study/judge.ts';
import { judgeClaims } from '../../study/judge.ts';
import type { Results } from '../../study/results.ts';
import { isOfTooFew, LEVEL } from '../../study/decision.ts';
import { ACCURACY, needText, openText, ropeText, tooFewText } from '../../study/verdict.ts';
import { capitalised, countOf, fixed, grouped, listOf, percent } from '../../study/wording.ts';
import { QUICK_LABEL } from '../input.ts';
import type { Contrast, Facts } from './facts.ts';
import { contrast, differenceText, factsOf, leaderContrasts, leadersOf } from './facts.ts';
import { type PairFamily, pairFamily } from '../statistics/pairFamily.ts';
import { noneLearnt, notLearntText } from './notLearnt.ts';

export function reportTitle(results: Results): string {
  const { names, noun } = factsOf(results);
  const compared =
    names.length === 2
      ? names.join(' against ')
      : names.length < 5
        ? listOf(names)
        : capitalised(countOf(names.length, noun));
  const { identity, name } = results.data;
  return `${compared} on ${isMnist(identity) ? 'handwritten digits' : name}`;
}

/** The result in few sentences, and which arms learnt nothing, first where none did; `judgements` are those of the whole report, by training alone where nothing is said. */
export function answer(results: Results, judgements: readonly Judgement[] = judgeClaims(results)): string {
  const facts = factsOf(results);
  const { length } = facts.arms;
  const result =
    length === 1 ? ofOne(facts) : length === 2 ? ofTwo(facts, judgements) : ofMany(facts, judgements);
  const warning = notLearntText(facts);
  const parts = noneLearnt(facts) ? [warning, result] : [result, warning];
  const text = parts.filter((part) => part !== '').join(' ');
  return results.study.quick ? `${QUICK_LABEL}. ${text}` : text;
}

function ofOne({ arms: [arm], seeds, unit, keptOut }: Facts): string {
  const accuracies = arm.trials.map((trial) => trial.testAccuracy);
  const level = percent(mean(accuracies));
  if (seeds < 2) return `${arm.label} classifies ${level} of the ${keptOut} correctly, in a single run.`;
  return `${arm.label} classifies ${level} of the ${keptOut} correctly on average over ${countOf(seeds, unit)}, from ${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))} by ${unit}.`;
}

function ofTwo(
  { arms: [first, second], results, pairs, keptOut, testImages }: Facts,
  judgements: readonly Judgement[],
): string {
  const { study } = results;
  const one = contrast(results, first, second, (trial) => trial.testAccuracy, 1, study.rules.rope);
  // Of a study that was stopped, runs without a partner have no part in the difference either.
  const paired = pairedTrials(first, second);
  const level = (arm: typeof first) =>
    percent(mean(paired.map((pair) => pair[arm === first ? 0 : 1].testAccuracy)));
  const [a, b] = [first.label, second.label];
  if (one === null) return `No ${pairs} was finished with both ${a} and ${b}, so they cannot be compared.`;
  if (one.summary.n < 2) {
    const gap = Math.round(Math.abs(one.summary.mean) * testImages);
    return `One ${pairs} cannot tell ${a} from ${b}: ${level(first)} against ${level(second)} of the ${keptOut}, a gap of ${grouped(gap)} of ${grouped(testImages)} images with no measure of chance.`;
  }
  const runs = `over ${countOf(one.summary.n, pairs)}`;
  if (one.summary.mean === 0 && one.summary.spread?.sd === 0) {
    return `${a} and ${b} tie: with every ${pairs} both classify the same share of the ${keptOut} correctly, ${level(first)} on average ${runs}. ${needText(one.summary, ACCURACY, study)}`;
  }
  switch (one.outcome) {
    case 'first':
    case 'second': {
      const [winner, loser] = one.outcome === 'first' ? [first, second] : [second, first];
      return `${winner.label} classifies more ${keptOut} correctly than ${loser.label}: ${level(winner)} against ${level(loser)} on average ${runs}, ${differenceOf(one, winner === first ? 1 : -1)}.${amongAll(judgements)}${amongBoth(one, pairFamily(results, judgements))}`;
    }
    case 'equivalent':
      return `${a} and ${b} do equally well for all practical purposes: ${level(first)} against ${level(second)} of the ${keptOut} on average ${runs}, ${differenceText(one, ACCURACY)}, within the ${ropeText(study.rules)} fixed as too small to matter.`;
    case 'undecided':
      return `${openText(one.summary, `These runs do not settle whether ${a} or ${b} is the more accurate`)}: ${level(first)} against ${level(second)} of the ${keptOut} on average ${runs}, ${differenceText(one, ACCURACY)}. ${needText(one.summary, ACCURACY, study, study.rules.rope)}`.trim();
  }
}

/** Of the paper's first claim, which is about the same difference: whether it holds in the family of all. */
function amongAll(judgements: readonly Judgement[]): string {
  const [first] = judgements.find(({ claim }) => claim.id === 'C1')?.verdicts ?? [];
  if (first === undefined || first.holm === null || first.alone === first.state) return '';
  return ` As one of all tests behind the paper's claims this does not hold (p by Holm ${fixed(first.holm, 3)}), so C1 counts as undecided.`;
}

/** Where no claim is tested: whether it holds beside the test of the loss. */
function amongBoth({ first, second }: Contrast, family: PairFamily | null): string {
  const p = family?.holmOf(first, second, 'testAccuracy') ?? 0;
  if (p < LEVEL) return '';
  return ` As one of two tests, of accuracy and of loss, this does not hold (p by Holm ${fixed(p, 3)}).`;
}

function differenceOf({ summary: { mean, spread } }: Contrast, sign: 1 | -1): string {
  const ends = spread === null ? [] : [sign * spread.low, sign * spread.high].sort((a, b) => a - b);
  return `a paired difference of ${fixed(100 * sign * mean, 2)}\u00a0points (95\u00a0% interval ${ends.map((end) => fixed(100 * end, 2)).join(' to ')})`;
}

function ofMany(facts: Facts, judgements: readonly Judgement[]): string {
  const { leader, contrasts } = leaderContrasts(facts);
  const { arms, unit, results } = facts;
  const leaders = leadersOf(arms);
  const start = leadText(leaders, facts);
  if (facts.seeds < 2) {
    return `${start}; one ${unit} gives no measure of chance, so ${leaders.length > 1 ? 'this' : 'the order'} decides nothing.`;
  }
  if (leaders.length === arms.length) {
    return `${start}, so these runs tell none of them from the others by accuracy.`;
  }
  const others = contrasts.filter(({ second }) => !leaders.includes(second));
  const group = (outcome: Contrast['outcome'], reason = '') =>
    others
      .filter((one) => one.outcome === outcome && reasonOf(one) === reason)
      .map(({ second }) => second.label);
  const reasons = [...new Set(others.map(reasonOf))].filter((reason) => reason !== '');
  const lead = leaders.length > 1 ? `the lead of ${leader.label}` : 'its lead';
  const parts = [
    [group('first'), `${lead} is clear of zero over`],
    [group('undecided'), 'not settled against'],
    ...reasons.map((reason) => [group('undecided', reason), `${reason}, against`] as const),
    [group('equivalent'), `within ${ropeText(results.study.rules)} of`],
  ] as const;
  const told = parts
    .filter(([names]) => names.length > 0)
    .map(([names, words]) => `${words} ${listOf(names)}`);
  const family = pairFamily(results, judgements);
  const corrected = family === null ? ', without correction for the number of comparisons' : '';
  return `${start}: ${told.join('; ')} (each by a 95\u00a0% interval of its own${corrected}).${amongPairs(leader, group('first'), facts, family)}`;
}

/** Over which arms the lead is left after Holm, where no claim is tested. */
function amongPairs(
  leader: Arm,
  behind: readonly string[],
  { arms }: Facts,
  family: PairFamily | null,
): string {
  if (family === null || behind.length === 0) return '';
  const open = arms.filter(
    (arm) => behind.includes(arm.label) && (family.holmOf(leader, arm, 'testAccuracy') ?? 1) >= LEVEL,
  );
  const what = `with Holm's correction for all ${family.tests} tests of accuracy and loss between the arms`;
  return open.length === 0
    ? ` The lead holds ${what}.`
    : ` The lead over ${listOf(open.map(({ label }) => label))} does not hold ${what}.`;
}

/** Who has the highest mean accuracy, or that several or all tie at it; the sentence goes on. */
function leadText(leaders: readonly Arm[], { arms, noun, keptOut, seeds, unit }: Facts): string {
  const measure = keptOut === 'test images' ? 'mean test accuracy' : 'mean accuracy';
  const level = `${percent(meanOf(leaders[0], (trial) => trial.testAccuracy))} over ${countOf(seeds, unit)}`;
  const names = listOf(leaders.map(({ label }) => label));
  if (leaders.length === arms.length) {
    return `All ${countOf(arms.length, noun)} tie: ${names} have the same ${measure}, ${level}`;
  }
  const verb = leaders.length > 1 ? 'tie at' : 'has';
  return `Of ${countOf(arms.length, noun)} ${names} ${verb} the highest ${measure}, ${level}`;
}

/** Why a sign that the interval has is not decided; else nothing. */
function reasonOf({ outcome, summary }: Contrast): string {
  return outcome === 'undecided' && isOfTooFew(summary) ? tooFewText(summary) : '';
}
