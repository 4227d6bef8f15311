import type { Gap } from '../../../analysis/equity/gaps.ts';
import { LEVEL } from '../../../analysis/equity/gaps.ts';
import type { Equity } from '../../../analysis/equity/measure.ts';
import type { CrossedChange, RecipeEffect } from '../../../analysis/equity/mitigation.ts';
import { capitalised, countOf, fixed, listOf, percent, points, signed } from '../../../study/wording.ts';
import { heldOutText } from './worst.ts';
import { fewText, signOf } from '../estimate.ts';
import type { ShownArm, Sources } from './words.ts';
import { conditionsText, isWritten, pointRange, rateRange, slicePhrase, widenedText } from './words.ts';
import { type Worded, wordsIn } from '../../dataWords.ts';

/** From this error rate on nothing that is said of groups makes a model fair or unfair: it reads nobody well. */
const UNUSABLE = 0.5;

/** What follows from one arm's numbers. */
export function armSentences(equity: Equity & Worded, arm: ShownArm): string[] {
  const { original } = arm;
  const label = capitalised(arm.label);
  const error = original.all.rate ?? 0;
  return [
    ...(error >= UNUSABLE
      ? [
          `${label} misreads ${percent(error)} of all images, so it serves no group: the gaps below say which images it happens to get right, not whom a usable reader would treat worse.`,
        ]
      : []),
    ...populationSentences(equity, arm, label),
    ...groupSentences(equity, arm, label),
    worstSentence(arm, label, equity),
  ];
}

/** Students against employees, by original and corrected labels. */
function populationSentences(equity: Equity, { original, corrected }: ShownArm, label: string): string[] {
  const f = equity.families.findIndex(({ name }) => name === 'population');
  if (f < 0) {
    if (!isWritten(equity)) return [];
    return [`${label}: the writer populations of these images are not known, so nothing is said about them.`];
  }
  const [students, employees] = original.rates[f];
  const gap = original.gaps[f][0];
  if (students.rate === null || employees.rate === null || gap.differenceInterval === null) {
    return [
      `${label}: one of the writer populations has too few images or writers for an interval, so no gap is claimed.`,
    ];
  }
  const rates = `${percent(students.rate)} of the students' images are misread and ${percent(employees.rate)} of the employees' (difference ${points(gap.difference!)}, 95\u00a0% interval ${pointRange(gap.differenceInterval)})`;
  if (!holds(gap)) {
    return [`${label}: no difference between the two writer populations is shown: ${rates}.`];
  }
  const [worse, better] = gap.difference! > 0 ? ['students', 'employees'] : ['employees', 'students'];
  const ratio =
    gap.difference! > 0 ? gap.ratio : gap.ratio === null || gap.ratio === 0 ? null : 1 / gap.ratio;
  const times = ratio === null ? '' : `, ${fixed(ratio, 1)} times as often`;
  return [
    `${label} misreads images by ${worse} more often than those by ${better}${times}: ${rates}.`,
    ...(corrected === null ? [] : [correctedSentence(gap, corrected.gaps[f][0])]),
  ];
}

function correctedSentence(original: Gap, corrected: Gap): string {
  const now = points(corrected.difference ?? 0);
  if (!holds(corrected) || Math.sign(corrected.difference!) !== Math.sign(original.difference!)) {
    return `With the labels that raters corrected the difference is ${now} and no longer shown: wrong labels may be part of it.`;
  }
  return `With the labels that raters corrected it is ${now}: wrong labels do not explain it.`;
}

/** Digits and slices whose gap holds after the correction. */
function groupSentences(equity: Equity & Worded, { original }: ShownArm, label: string): string[] {
  const { one } = wordsIn(equity);
  const held = equity.families.flatMap(({ name }, f) =>
    name === 'population'
      ? []
      : original.gaps[f].flatMap((gap, s) =>
          holds(gap) ? [{ phrase: slicePhrase(name, s, equity), rate: original.rates[f][s].rate!, gap }] : [],
        ),
  );
  const part = (above: boolean) =>
    held
      .filter(({ gap }) => gap.difference! > 0 === above)
      .sort((a, b) => Math.abs(b.gap.difference!) - Math.abs(a.gap.difference!));
  const text = (list: typeof held) =>
    listOf(list.map(({ phrase, rate, gap }) => `${phrase} (${percent(rate)}, ${points(gap.difference!)})`));
  const [above, below] = [part(true), part(false)];
  const tests = original.gaps.flat().filter(({ p }) => p !== null).length;
  if (above.length === 0 && below.length === 0) {
    return [
      tests === 0
        ? `${label}: no ${one} and no slice has enough images for an interval, so no gap is claimed.`
        : `${label}: no ${one} and no measured slice is shown to be misread more or less often than the rest.`,
    ];
  }
  return [
    ...(above.length === 0
      ? [`${label}: no ${one} and no measured slice is shown to be misread more often than the rest.`]
      : [`${label} misreads more often than the rest: ${text(above)}.`]),
    ...(below.length === 0 ? [] : [`${label} misreads less often than the rest: ${text(below)}.`]),
  ];
}

function worstSentence({ worst }: ShownArm, label: string, worded: Worded): string {
  const real = worst.slices.filter((slice) => slice.real);
  if (worst.slices.length === 0) {
    return `${label}: the search for bad slices found none to check.`;
  }
  if (real.length === 0) {
    return `${label}: the search found ${countOf(worst.slices.length, 'bad slice')}, and none of them holds up on the half of the images that it had not seen.`;
  }
  return `${label}: the search found ${countOf(worst.slices.length, 'bad slice')}, and ${countOf(real.length, 'of them', 'of them')} ${real.length === 1 ? 'holds' : 'hold'} up on images that it had not seen: ${listOf(real.map((slice) => `${conditionsText(slice.conditions, worded)} (${heldOutText(slice)})`))}.`;
}

/** What a recipe does, in words that its intervals over seeds and writers allow. */
export function effectSentence(
  { arm, baseline, population, error, pairs }: RecipeEffect,
  arms: readonly ShownArm[],
  sources: Sources,
): string {
  const labelOf = (name: string) => arms.find((one) => one.arm === name)!.label;
  const name = `${capitalised(labelOf(arm))} instead of ${labelOf(baseline)}`;
  const estimate = ({ mean, differ, crossed }: CrossedChange) => ({
    n: pairs,
    differ,
    mean,
    low: crossed?.[0] ?? null,
    high: crossed?.[1] ?? null,
  });
  const side = (change: CrossedChange) => (change.crossed === null ? null : signOf(estimate(change)));
  const over = (change: CrossedChange) =>
    `${points(change.mean)}${change.crossed === null ? '' : `, ${pointRange(change.crossed)}`}${fewText(estimate(change))}`;
  const cost = side(error);
  const costText =
    cost === null
      ? `the error on all images changes by ${over(error)}, which over one pair proves nothing`
      : cost === 'open' || cost === 'few'
        ? `no change of the error on all images is shown (${over(error)})`
        : `the error on all images ${cost === 'above' ? 'rises' : 'falls'} (${over(error)}): it ${cost === 'above' ? 'costs' : 'gains'} accuracy`;
  const basis = `95\u00a0% intervals over ${countOf(pairs, 'seed')} and ${sources.writers === null ? `images, ${widenedText(sources)}` : countOf(sources.writers, 'writer')}`;
  const end = pairs === 1 ? '.' : ` (${basis}).`;
  if (population === null) return `${name}: ${costText}${end}`;
  const { students, employees, gap, gapBefore, gapAfter } = population;
  const change = side(gap);
  const span = `from ${points(gapBefore)} to ${points(gapAfter)}`;
  // A gap may change its sign, so what counts is its size.
  const smaller = Math.abs(gapAfter) < Math.abs(gapBefore);
  const [behind, ahead] = gapBefore > 0 ? [students, employees] : [employees, students];
  const [behindName, aheadName] = gapBefore > 0 ? ['students', 'employees'] : ['employees', 'students'];
  const levelledDown = smaller && side(behind) !== 'below' && side(ahead) === 'above';
  const how = levelledDown ? `, not by reading ${behindName} better but by reading ${aheadName} worse` : '';
  const gapText =
    change === null
      ? `the gap between the populations goes ${span} in one pair of networks, which proves nothing`
      : change === 'open' || change === 'few'
        ? `no change of the gap between the populations is shown (${span}; ${over(gap)})`
        : `the gap between the populations ${smaller ? 'narrows' : 'widens'} ${span} (${over(gap)})${how}`;
  return `${name}: ${gapText}${ratioText(population)}; ${costText}${end}`;
}

/** Fewer errors of both may narrow the difference and widen the ratio: then the one is no progress without the other. */
function ratioText({ gapBefore, gapAfter, ratio }: NonNullable<RecipeEffect['population']>): string {
  if (ratio === null) return '';
  const { before, after, crossed } = ratio;
  const range =
    crossed === null
      ? ''
      : ` (${signed(after - before, 2)}, ${signed(crossed[0], 2)} to ${signed(crossed[1], 2)})`;
  const apart =
    gapBefore > 0 && gapAfter > 0 && gapAfter < gapBefore && after > before
      ? ': a smaller difference, yet beside the employees the students are no better off'
      : '';
  return `; the ratio of their error rates, students over employees, goes from ${fixed(before, 2)} to ${fixed(after, 2)}${range}${apart}`;
}

export function holds({ holm }: Gap): boolean {
  return holm !== null && holm < LEVEL;
}

/** 'ReLU 4.20 % (3.45 % to 5.10 %)'. */
export function rateText({
  rate,
  interval,
}: {
  rate: number | null;
  interval: readonly [number, number] | null;
}): string {
  if (rate === null) return 'no images';
  return `${percent(rate)}${interval === null ? '' : ` (${rateRange(interval)})`}`;
}
