import { pairArms, type RobustnessPair } from '../../../analysis/robustness/pairs.ts';
import type { Estimate, Robustness } from '../../../analysis/robustness/result.ts';
import type { TTest } from '../../../stats/tTest.ts';
import { LEVEL } from '../../../study/decision.ts';
import { openText, tooFewText } from '../../../study/verdict.ts';
import { countOf, fixed, listOf, NO_BREAK_SPACE, percent, points, signed } from '../../../study/wording.ts';
import { signOf } from '../estimate.ts';
import { guessText, inSentence, isGuessing, shownArms, toldText, type ShownArm } from './words.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

/** Sentences on what the numbers say. */
export function followsOf(robustness: Robustness & Worded): string[] {
  const arms = shownArms(robustness);
  return [...arms.flatMap((arm) => armSentences(arm, robustness)), ...claimSentences(robustness, arms)];
}

/** Corruptions of an arm, hardest first. */
export function hardest(
  { accuracy }: ShownArm,
  { corruptions }: Robustness,
): { label: string; meaning: string; estimate: Estimate }[] {
  return corruptions
    .map(({ label, meaning, published }, c) => ({ label, meaning, estimate: accuracy[c][published] }))
    .sort((a, b) => a.estimate.mean - b.estimate.mean);
}

function armSentences(arm: ShownArm, robustness: Robustness & Worded): string[] {
  const { label, clean, suite } = arm;
  if (isGuessing(arm, robustness)) {
    return [
      `${label} reads only ${toldText(clean)} of the clean images, little or no more than the ${guessText(robustness)} of blind guessing; what corruptions change about that says nothing on robustness.`,
    ];
  }
  const all = hardest(arm, robustness);
  const named = (some: typeof all) =>
    listOf(some.map(({ label: name, estimate }) => `${inSentence(name)} (${percent(estimate.mean, 1)})`));
  return [
    `${label} reads ${toldText(clean)} of the clean images and ${toldText(suite)} of the corrupted ones, on average over the ${all.length} corruptions at the levels of MNIST-C: ${lossText(clean.mean, suite.mean, wordsIn(robustness).things)}`,
    `Hardest for ${label} are ${named(all.slice(0, 3))}; it copes best with ${named(all.slice(-2).reverse())}.`,
    errorsSentence(arm, robustness),
    sweepsSentence(arm, robustness),
  ].filter((sentence) => sentence !== null);
}

/** Losses below this share of what is read when clean are called small. */
const SMALL_LOSS = 0.01;

const FRACTIONS = ['', '', '', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function lossText(clean: number, suite: number, things: string): string {
  const lost = (clean - suite) / clean;
  if (lost < SMALL_LOSS) return 'on average corruption costs it next to nothing.';
  if (lost >= 0.5) return 'more than half of what it reads when clean is lost.';
  const one = Math.round(1 / lost);
  const part = one === 2 ? 'nearly half' : `about one in ${one < FRACTIONS.length ? FRACTIONS[one] : one}`;
  return `${part} of the ${things} it reads when clean is lost.`;
}

function errorsSentence(arm: ShownArm, { reference }: Robustness): string | null {
  const { label, meanCorruptionError, relativeMeanCorruptionError } = arm;
  if (meanCorruptionError === null || reference === null) return null;
  if (
    reference.source === 'arm' &&
    arm.activation === 'relu' &&
    Math.abs(meanCorruptionError.mean - 1) < 1e-9
  )
    return null;
  const than =
    reference.source === 'arm'
      ? 'the ReLU arm of this study'
      : `the paper’s ReLU network as we replicated it with ${countOf(reference.seeds, 'seed')}`;
  const relative =
    relativeMeanCorruptionError === null
      ? ''
      : ` Counting only the errors that corruption adds to the clean ones, the ratio is ${ratioText(relativeMeanCorruptionError)}.`;
  return `Under corruption ${label} errs on average ${ratioText(meanCorruptionError)} times as often as ${than} (mean corruption error; 1 is equal, less is better).${relative}`;
}

function ratioText({ mean, low, high }: Estimate): string {
  return low === null || high === null
    ? fixed(mean, 2)
    : `${fixed(mean, 2)} (${fixed(low, 2)} to ${fixed(high, 2)})`;
}

/** Read by so many or more: nine in ten. */
const MOST = 0.9;

function sweepsSentence({ label, clean, swept }: ShownArm, { sweeps }: Robustness): string | null {
  if (clean.mean < MOST) return null;
  const parts = sweeps.map(({ label: name, settings }, w) => {
    const below = swept[w].findIndex(({ mean }) => mean < MOST);
    return below < 0
      ? `under ${inSentence(name)} it stays above that up to the strongest level tried (${settings[settings.length - 1]})`
      : `under ${inSentence(name)} it falls below at ${settings[below].replaceAll(' ', NO_BREAK_SPACE)}`;
  });
  return `${label} reads at least nine in ten clean images; ${listOf(parts)}.`;
}

/** The first arms of ReLU and of Tanh, and their comparison; null unless both are there. */
export function claimPair(
  robustness: Robustness,
): { relu: ShownArm; tanh: ShownArm; pair: RobustnessPair | null } | null {
  const arms = shownArms(robustness);
  const of = (activation: string) =>
    arms.find(({ arm }) => arm === activation) ?? arms.find((arm) => arm.activation === activation);
  const [relu, tanh] = [of('relu'), of('tanh')];
  if (relu === undefined || tanh === undefined) return null;
  return { relu, tanh, pair: pairArms(robustness, relu.arm, tanh.arm) };
}

function claimSentences(robustness: Robustness, arms: readonly ShownArm[]): string[] {
  const found = claimPair(robustness);
  if (found === null) return [];
  const { relu, tanh, pair } = found;
  const claim =
    'The paper claims, without having measured it, that ReLU resists noise much better than Tanh.';
  if (isGuessing(relu) || isGuessing(tanh))
    return [`${claim} Networks that hardly read clean images cannot show whether it is true.`];
  const difference = `${relu.label} minus ${tanh.label}`;
  if (pair === null) {
    return [
      `${claim} Here ${difference} is ${points(relu.suite.mean - tanh.suite.mean)} over the corruptions; with fewer than two common seeds that is no evidence either way, as another seed may turn it round.`,
    ];
  }
  const { suite, noise, seeds } = pair;
  return [
    `${claim} Over ${countOf(seeds, 'pair')} of networks with the same seed, ${difference} is ${differenceText(suite)} over the corruptions and ${differenceText(noise)} over noise from none to much. ${conclusion(pair, relu.label, tanh.label)}`,
    singleSentence(pair, robustness, arms),
  ];
}

function differenceText({ difference, low, high }: TTest): string {
  return `${points(difference)} (95${NO_BREAK_SPACE}% interval ${signed(100 * low, 2)} to ${signed(100 * high, 2)})`;
}

const SIDES = { above: 1, below: -1, few: 0, open: 0 } as const;

/** Differences smaller than this nobody would call much. */
const MUCH = 0.01;

function conclusion({ suite, noise, seeds: n }: RobustnessPair, relu: string, tanh: string): string {
  const both = [suite, noise].map((test) => ({ ...test, n, mean: test.difference }));
  const [bySuite, byNoise] = both.map((one) => SIDES[signOf(one)]);
  if (bySuite === 0 && byNoise === 0) {
    return `${openReason(both)}: neither is shown to be the more robust.`;
  }
  if (bySuite !== 0 && bySuite === -byNoise) {
    const [first, second] = bySuite > 0 ? [relu, tanh] : [tanh, relu];
    return `They point in opposite directions: ${first} is ahead over the corruptions, ${second} under noise.`;
  }
  if (bySuite + byNoise < 0) {
    return `That speaks against the claim: ${tanh} is ahead ${whereText(bySuite, byNoise)}.`;
  }
  const small = Math.max(suite.high, noise.high) < MUCH;
  return `That agrees with the direction of the claim: ${relu} is ahead ${whereText(bySuite, byNoise)}.${small ? ' By less than one point, though, which is not “much better”.' : ''}`;
}

function openReason(both: readonly Parameters<typeof signOf>[0][]): string {
  const reasons = both.filter((one) => signOf(one) === 'few').map(tooFewText);
  if (reasons.length === 2) {
    return reasons[0] === reasons[1]
      ? `Both are ${reasons[0]}`
      : `The first is ${reasons[0]}; the second is ${reasons[1]}`;
  }
  if (reasons.length === 1) return `One of the two is ${reasons[0]}`;
  return both.every(({ low, high }) => low !== high)
    ? 'Both intervals include zero'
    : 'Differences that are the same with every seed give no measure of chance';
}

function whereText(bySuite: number, byNoise: number): string {
  if (bySuite !== 0 && byNoise !== 0) return 'in both';
  return bySuite !== 0
    ? 'over the corruptions, while under noise nothing is shown'
    : 'under noise, while over the corruptions nothing is shown';
}

function singleSentence(
  { corruptions: tests, first, second, seeds: n }: RobustnessPair,
  { corruptions }: Robustness,
  arms: readonly ShownArm[],
): string {
  const held = tests.find(({ holm }) => holm < LEVEL) ?? null;
  const ahead = (sign: 1 | -1, arm: string) => {
    const names = tests.flatMap((test, c) =>
      test.holm < LEVEL && SIDES[signOf({ n, mean: test.difference, ...test })] === sign
        ? [inSentence(corruptions[c].label)]
        : [],
    );
    const label = arms.find((one) => one.arm === arm)?.label ?? arm;
    return names.length === 0 ? [] : [`${label} is ahead under ${listOf(names)}`];
  };
  const parts = [...ahead(1, first), ...ahead(-1, second)];
  const corrected = `corrected for the ${tests.length} tests (Holm)`;
  return parts.length === 0
    ? `${openText({ n, differ: held?.differ ?? n, spread: held }, `Under no single corruption is a difference shown, ${corrected}`)}.`
    : `Corruption by corruption, ${corrected}: ${parts.join('; ')}.`;
}
