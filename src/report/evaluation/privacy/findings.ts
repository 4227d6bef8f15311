import type { ArmMembership, Membership } from '../../../analysis/privacy/membership.ts';
import type { ArmAudit, PrivacyAudit } from '../../../analysis/privacy/lossThreshold.ts';
import { mean } from '../../../stats/describe.ts';
import { clopperPearson } from '../../../stats/binomial.ts';
import { exceedanceP } from '../../../stats/exceedance.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { grouped, percent } from '../../../study/wording.ts';
import { type Ranged, rangedOf, sideOf } from './words.ts';

const LEVEL = 0.025;

/** An attack on the networks of an arm: what it reaches, and on how many images. */
export interface Attacked {
  readonly auc: Ranged;
  readonly rate: Ranged;
  /** True-positive rate of each network. */
  readonly rates: readonly number[];
  readonly members: number;
  readonly others: number;
  readonly falsePositives: number;
}

/** The loss threshold on an arm: over its networks, or of its only one over the images. */
export function auditOf(arm: ArmAudit, { runs, members, others, falsePositives }: PrivacyAudit): Attacked {
  const own = runs.filter((one) => one.arm === arm.arm);
  const [run] = own;
  const ranged =
    arm.auc.n === 1
      ? { auc: run.auc, rate: run.truePositive }
      : { auc: rangedOf(arm.auc), rate: rangedOf(arm.truePositive) };
  const rates = own.map(({ truePositive }) => truePositive.value);
  return { ...ranged, rates, members, others, falsePositives };
}

/**
 * The likelihood ratio on an arm. Of the images that a network saw, and of those that it did not, a few cannot be judged: those that all other
 * networks saw, or none. Their number is what random parts make it on average.
 */
export function ratioOf(arm: ArmMembership, { images, seen, falsePositives }: Membership): Attacked {
  const shadows = arm.networks - 1;
  const judged = images * (1 - seen ** shadows - (1 - seen) ** shadows);
  return {
    auc: rangedOf(arm.ratio.auc),
    rate: rangedOf(arm.ratio.truePositive),
    rates: arm.runs.map(({ ratioTruePositive }) => ratioTruePositive),
    members: Math.round(judged * seen),
    others: Math.round(judged * (1 - seen)),
    falsePositives,
  };
}

/** Non-members without which no such false-positive rate can be told. */
export function leastOthers(falsePositives: number): number {
  return Math.ceil(1 / falsePositives - 1e-9);
}

/** 'too few images for a rate of 0.1 %: …'. */
export function fewOthersText({
  others,
  falsePositives,
}: Pick<Attacked, 'others' | 'falsePositives'>): string {
  return `too few images for a rate of ${percent(falsePositives, 1)}: at least ${grouped(leastOthers(falsePositives))} that it was not trained on are needed, there are ${grouped(others)}`;
}

/**
 * Whether members are recognised for certain: 'few' where there are fewer than 1/rate non-members. 'shown' where the interval lies above the rate, and
 * the exceedance test has p ≤ .025: k of n non-members lie above the threshold, and of images drawn alike (k + 1)/(n + 1) do, more than k/n.
 * Networks of an arm share images, so over several p is twice its mean, which holds however they depend on each other (Rüschendorf 1982).
 */
export function surenessOf({
  rate,
  rates,
  members,
  others,
  falsePositives,
}: Attacked): 'few' | 'shown' | 'open' {
  if (others < leastOthers(falsePositives)) return 'few';
  if (sideOf(rate, falsePositives) !== 'above') return 'open';
  const allowed = allowedOf(others, falsePositives);
  const ps = rates.map((one) =>
    exceedanceP({ above: Math.round(one * members), first: members, second: others, allowed }),
  );
  const p = ps.length === 1 ? ps[0] : 2 * mean(ps);
  return p <= LEVEL ? 'shown' : 'open';
}

/**
 * Where the area lies for certain. Networks of an arm are asked about the same images: their mean has also to be further from ½ than the area of one
 * network strays where all images are drawn alike, √((m + n + 1)/12mn), as that of networks which all answer alike does.
 */
export function areaSide({ auc, rates, members, others }: Attacked): 'above' | 'below' | 'open' {
  const side = sideOf(auc, 0.5);
  if (rates.length === 1 || side === 'open') return side;
  const deviation = Math.sqrt((members + others + 1) / (12 * members * others));
  return Math.abs(auc.value - 0.5) > -normalQuantile(LEVEL) * deviation ? side : 'open';
}

/** Whether the area's interval over networks leaves out ½ where the images, which these share, do not. */
export function isOpenByImages(attacked: Attacked): boolean {
  return areaSide(attacked) === 'open' && sideOf(attacked.auc, 0.5) !== 'open';
}

/** The false-positive rate to be expected of that threshold, (k + 1)/(n + 1), and so the rate at which guessing recognises members. */
export function guessedAt({ others, falsePositives }: Attacked): number {
  return (allowedOf(others, falsePositives) + 1) / (others + 1);
}

/** How many times as large a share of the members is recognised as of the others is accused; both as they were counted. */
export function timesOf({ rate, others, falsePositives }: Attacked): number {
  return (rate.value * others) / allowedOf(others, falsePositives);
}

/** The share of accusations that are right at least, where every second image was trained on: by the rates' intervals, that of false ones Clopper–Pearson's. */
export function rightAtLeast({ rate, others, falsePositives }: Attacked): number {
  const low = Math.max(0, rate.low ?? 0);
  return low / (low + clopperPearson(allowedOf(others, falsePositives), others).high);
}

function allowedOf(others: number, falsePositives: number): number {
  return Math.floor(falsePositives * others + 1e-9);
}
