import type { Adversarial } from '../../../analysis/adversarial/measure.ts';
import type { Sanity } from '../../../analysis/adversarial/sanity.ts';
import { tooFewText } from '../../../study/verdict.ts';
import { countOf, grouped, listOf, percent } from '../../../study/wording.ts';
import { changeText, shareText, signOf } from '../estimate.ts';
import { paperPair } from './arms.ts';
import { checksOf, failedChecks } from './checks.ts';
import { armShare, type AttackedArm } from './shares.ts';

/** Below this share of right answers to unchanged images, ten classes are as good as guessed. */
const GUESSING = 0.2;
const ALMOST_NONE = 0.01;
/** Between the single step and the best attack: from here on worth a sentence. */
const GAP = 0.05;

export type Standing = 'guessing' | 'blind' | 'fragile' | 'partly' | 'sturdy';

/** What an arm's answers are worth under attack at the reference size. */
export function standingOf(arm: AttackedArm, result: Adversarial): Standing {
  const { reference } = result.settings;
  const clean = armShare(arm, 'linf', 0, 'best', result).mean;
  if (isBlind(checksFor(arm, result))) return 'blind';
  if (clean < GUESSING) return 'guessing';
  const kept = armShare(arm, 'linf', reference, 'best', result).mean / clean;
  return kept < 0.6 ? 'fragile' : kept < 0.9 ? 'partly' : 'sturdy';
}

/** One answer whatever the image: no pixel matters anywhere, and no change turns it. */
function isBlind(sanity: Sanity | undefined): boolean {
  return sanity !== undefined && sanity.zeroGradients === sanity.images && fooledAtMost(sanity) === 0;
}

function fooledAtMost({ rungs, randomSearch, transfer }: Sanity): number {
  const { search } = rungs.linf[rungs.linf.length - 1];
  return Math.max(search, randomSearch.fooled, transfer?.fooled ?? 0);
}

export function checksFor({ arm }: AttackedArm, { sanity }: Adversarial): Sanity | undefined {
  return sanity.find((one) => one.arm === arm);
}

/** What follows for one arm. */
export function armFollows(arm: AttackedArm, result: Adversarial): string[] {
  const { label } = arm;
  const { reference, ladders } = result.settings;
  const clean = armShare(arm, 'linf', 0, 'best', result);
  const best = armShare(arm, 'linf', reference, 'best', result);
  const size = percent(reference, 0);
  const standing = standingOf(arm, result);
  if (standing === 'blind') {
    return [
      `${label} answers ${percent(clean.mean, 1)} of the unchanged images rightly, and no attack turns one of them: its answer does not depend on the image at all. That is not robustness.`,
    ];
  }
  if (standing === 'guessing') {
    return [
      `${label} answers only ${percent(clean.mean, 1)} of the unchanged images rightly, about what guessing gives; the ${percent(best.mean, 1)} left under attack at ${size} say nothing of robustness.`,
    ];
  }
  const meaning = {
    fragile:
      'Somebody who knows the network turns many of its right answers with changes that a person hardly sees.',
    partly:
      'Somebody who knows the network turns part of its right answers with changes that a person hardly sees.',
    sturdy: 'Changes of this size seldom turn a right answer.',
  }[standing];
  const none = ladders.linf.find(
    (epsilon) => armShare(arm, 'linf', epsilon, 'best', result).mean < ALMOST_NONE,
  );
  const end =
    none === undefined
      ? `At the largest size tried, ${percent(ladders.linf[ladders.linf.length - 1], 0)}, ${percent(armShare(arm, 'linf', ladders.linf[ladders.linf.length - 1], 'best', result).mean, 1)} are left.`
      : `From changes of ${percent(none, 0)} on, fewer than ${percent(ALMOST_NONE, 0)} of the images are answered rightly.`;
  const fast = armShare(arm, 'linf', reference, 'fast', result).mean;
  return [
    `${label}: of ${shareText(clean)} right answers to ${grouped(result.images)} images, ${shareText(best)} are left when each pixel may change by ${size} of the way from paper to ink (ε = ${reference}). ${meaning} ${end}`,
    ...(fast - best.mean < GAP
      ? []
      : [
          `A single step along the gradient would have left ${label} ${percent(fast, 1)} at that size, ${percent(fast - best.mean, 1)} of the images more than the search over many steps: the simple test makes it look sturdier than it is.`,
        ]),
  ];
}

/** ReLU against Tanh, with what the paper says. */
export function comparisonFollows(arms: readonly AttackedArm[], result: Adversarial): string[] {
  const pair = paperPair(arms);
  if (pair === null || [pair.relu, pair.tanh].some((arm) => isUseless(arm, result))) return [];
  if (result.pair === null) return [];
  const { reference } = result.settings;
  const { best, fast } = result.pair;
  const start = `The paper calls Tanh the more sensitive and measures nothing. At ${percent(reference, 0)}, ReLU minus Tanh is ${changeText(best)} of accuracy under attack`;
  if (best.n === 1) {
    return [
      `${start}: this is about these two networks; other seeds may turn it round, so it says nothing of the activations.`,
    ];
  }
  const over = `over ${countOf(best.n, 'seed')} and ${grouped(result.images)} images`;
  const verdict = {
    above: `${over}: in this measure the claim is borne out.`,
    below: `${over}: in this measure it is the other way round, Tanh is the sturdier.`,
    few: `${over}: ${tooFewText(best)}.`,
    open: `${over}: too close to zero to tell.`,
  }[signOf(best)];
  const sides = new Set([signOf(best), signOf(fast)]);
  const turned = sides.has('above') && sides.has('below');
  return [
    `${start}, ${verdict}`,
    ...(turned
      ? [
          `The single step would have said the opposite, ${changeText(fast)}: it misjudges one of the activations, so only the strongest attack counts.`,
        ]
      : []),
  ];
}

export function isUseless(arm: AttackedArm, result: Adversarial): boolean {
  return ['guessing', 'blind'].includes(standingOf(arm, result));
}

/** Whether the numbers can be trusted. */
export function checksFollow(arms: readonly AttackedArm[], result: Adversarial): string[] {
  const judged = arms.flatMap((arm) => {
    const sanity = checksFor(arm, result);
    return sanity === undefined || isBlind(sanity) ? [] : [{ arm, sanity }];
  });
  const failing = judged.filter(({ sanity }) => failedChecks(sanity).length > 0);
  const unjudged = judged.filter(({ sanity }) => checksOf(sanity).every(({ passed }) => passed !== true));
  const passed = judged.filter((one) => !failing.includes(one) && !unjudged.includes(one));
  const names = (list: typeof judged): string => listOf(list.map(({ arm }) => arm.label));
  const more = judged.filter(({ sanity }) => sanity.harder.more > 0);
  return [
    ...(more.length === 0
      ? []
      : [
          `An attack of far more effort turns ${listOf(more.map(({ arm, sanity: { harder, images } }) => `${harder.more} more of ${countOf(images, 'image')} for ${arm.label}`))}: by about that share the accuracies under attack are still too high.`,
        ]),
    ...failing.map(
      ({ arm, sanity }) =>
        `The attacks on ${arm.label} do not pass all checks (${listOf(failedChecks(sanity).map(({ title }) => `“${title}”`))}): its true accuracy under attack may be lower than the numbers here.`,
    ),
    ...(passed.length === 0
      ? []
      : [
          `The attacks on ${names(passed)} pass every check that could be made: nothing suggests that a number is high because an attack failed. A stronger attack may still find more, never less.`,
        ]),
    ...(unjudged.length === 0
      ? []
      : [`Too few right answers of ${names(unjudged)} were there to check the attacks.`]),
  ];
}
